// Receipts (C2SP tlog-proof): the entry's own bytes, its place, the hashes up to the checkpoint that follows.
import { fromBase64 } from "./bytes.js";

export function readReceipt(text) {
  const end = text.indexOf("\n\n");
  const [version, extra, index, ...hashes] = text.slice(0, end).split("\n");
  if (end < 0 || version !== "c2sp.org/tlog-proof@v1") throw new TypeError("no receipt");
  const [, encoded] = /^extra (\S+)$/.exec(extra) ?? [];
  const [, number] = /^index ([0-9]{1,15})$/.exec(index) ?? [];
  if (!encoded || !number) throw new TypeError("no receipt");
  return {
    entry: fromBase64(encoded),
    index: Number(number),
    hashes: hashes.map(fromBase64),
    checkpoint: text.slice(end + 2),
  };
}
