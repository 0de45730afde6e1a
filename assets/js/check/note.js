// Signed checkpoints (C2SP signed-note, tlog-checkpoint) and the keys that sign them, by Ed25519.
import { bytesOf, fromBase64, same, sha256 } from "./bytes.js";

const ED25519 = 1;
const SIZE = /^(0|[1-9][0-9]{0,15})$/;

// Whether this browser can check the signatures at all.
export async function canVerify() {
  try {
    const anyKey = fromBase64("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
    await crypto.subtle.importKey("raw", anyKey, "Ed25519", false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}

// The keys of lines `NAME+ID+BASE64`; a line whose ID is not its own is left out.
export async function readKeys(text) {
  const keys = await Promise.all(text.trim().split("\n").map(readKey));
  return keys.filter(Boolean);
}

async function readKey(line) {
  const [, name, id, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(line) ?? [];
  if (!name) return null;
  const material = fromBase64(encoded);
  const hash = await sha256(bytesOf(`${name}\n`), material);
  const keyId = hash.slice(0, 4);
  const hex = [...keyId].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (material[0] !== ED25519 || material.length !== 33 || hex !== id) return null;
  const key = await crypto.subtle.importKey("raw", material.slice(1), "Ed25519", false, ["verify"]);
  return { name, id, keyId, key };
}

// What a checkpoint says, and by which key; null unless one of the keys has signed it.
export async function openCheckpoint(note, keys) {
  const end = note.lastIndexOf("\n\n");
  const text = note.slice(0, end + 1);
  const [origin, size, root] = text.split("\n");
  if (end < 0 || !SIZE.test(size ?? "")) return null;
  for (const line of note.slice(end + 2).split("\n")) {
    const [, name, encoded] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? [];
    if (!name || name !== origin) continue;
    const signature = fromBase64(encoded);
    const signer = keys.find((key) => key.name === name && same(key.keyId, signature.slice(0, 4)));
    if (signer && (await crypto.subtle.verify("Ed25519", signer.key, signature.slice(4), bytesOf(text)))) {
      return { size: Number(size), root: fromBase64(root), key: `${signer.name}+${signer.id}` };
    }
  }
  return null;
}
