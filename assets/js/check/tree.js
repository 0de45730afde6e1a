// The public tree, read from its tiles (C2SP tlog-tiles) as far as one proof needs them.
import { inclusionRanges, nodeHash, split } from "./merkle.js";

const WIDTH = 256;
const HASH = 32;

export class PublicTree {
  // address: of the tiles, with a slash at its end. size: of the public checkpoint. get: fetches bytes.
  constructor(address, size, get) {
    Object.assign(this, { address, size, get, tiles: new Map() });
  }

  // The hash of a leaf as the tiles have it.
  async leaf(index) {
    return this.hash(0, index);
  }

  // The hashes that prove a leaf, computed from the tiles alone.
  async path(index) {
    const hashes = [];
    for (const [low, high] of inclusionRanges(index, this.size)) hashes.push(await this.rootOf(low, high));
    return hashes;
  }

  async rootOf(low, high) {
    const count = high - low;
    if (count === 1) return this.leaf(low);
    const level = this.levelOf(low, count);
    if (level !== null) return this.hash(level, low / WIDTH ** level);
    const middle = low + split(count);
    return nodeHash(await this.rootOf(low, middle), await this.rootOf(middle, high));
  }

  // The level of tiles that has the root of `count` leaves from `low` ready, null when none has.
  levelOf(low, count) {
    const level = Math.round(Math.log2(count) / 8);
    return level > 0 && count === WIDTH ** level && low % count === 0 ? level : null;
  }

  async hash(level, place) {
    const n = Math.floor(place / WIDTH);
    const tile = await this.tile(level, n);
    const start = (place % WIDTH) * HASH;
    return tile.slice(start, start + HASH);
  }

  async tile(level, n) {
    const width = Math.min(WIDTH, Math.floor(this.size / WIDTH ** level) - n * WIDTH);
    const address = `${this.address}${level}/${numbered(n)}${width < WIDTH ? `.p/${width}` : ""}`;
    if (!this.tiles.has(address)) this.tiles.set(address, this.get(address));
    const tile = await this.tiles.get(address);
    if (tile.length !== width * HASH) throw new TypeError("a tile of another size");
    return tile;
  }
}

// 1234067 is written x001/x234/067.
function numbered(n) {
  const groups = [];
  for (let rest = n; groups.length === 0 || rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`${groups.length ? "x" : ""}${String(rest % 1000).padStart(3, "0")}`);
  }
  return groups.join("/");
}
