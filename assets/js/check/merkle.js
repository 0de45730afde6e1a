// Hashes of a Merkle tree and inclusion proofs (RFC 9162, section 2.1). Sizes stay below 2 ** 53: no bit operations.
import { sha256 } from "./bytes.js";

export const leafHash = (entry) => sha256(Uint8Array.of(0), entry);
export const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);

// The largest power of two below a size: where a tree parts.
export function split(size) {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

// The leaves [low, high) whose hashes prove a leaf, from the leaf up.
export function inclusionRanges(index, size) {
  const ranges = [];
  let [low, high] = [0, size];
  while (high - low > 1) {
    const middle = low + split(high - low);
    if (index < middle) {
      ranges.push([middle, high]);
      high = middle;
    } else {
      ranges.push([low, middle]);
      low = middle;
    }
  }
  return ranges.reverse();
}

// The root that a leaf and the hashes of its proof lead to; null when there are too many or too few of them.
export async function rootFrom(leaf, index, size, hashes) {
  const ranges = inclusionRanges(index, size);
  if (index >= size || ranges.length !== hashes.length) return null;
  let found = leaf;
  for (const [step, [low]] of ranges.entries()) {
    found = low > index ? await nodeHash(found, hashes[step]) : await nodeHash(hashes[step], found);
  }
  return found;
}
