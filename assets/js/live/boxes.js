// The few numbers of MP4 that the player needs (ISO/IEC 14496-12), as the relay writes its boxes.
import { viewOf } from "./messages.js";

const HEADER_BYTES = 8;

// Ticks of a second, from the init segment.
export function timescaleOf(init) {
  const times = inside(init, "moov", "trak", "mdia", "mdhd");
  return times.getUint32(times.getUint8(0) === 1 ? 20 : 12);
}

// When a frame is shown and how long it lasts, in ticks. A fragment holds one frame, and its run tells all of it.
export function timesOf(fragment) {
  const decoded = Number(inside(fragment, "moof", "traf", "tfdt").getBigUint64(4));
  const run = inside(fragment, "moof", "traf", "trun");
  return { shown: decoded + run.getInt32(24), lasts: run.getUint32(12) };
}

// Return the content of the first box at a path. Throws RangeError where there is none.
function inside(bytes, ...path) {
  let view = viewOf(bytes);
  for (const kind of path) view = child(view, kind);
  return view;
}

function child(view, kind) {
  let at = 0;
  for (;;) {
    const size = view.getUint32(at);
    const name = String.fromCharCode(...[4, 5, 6, 7].map((place) => view.getUint8(at + place)));
    if (size < HEADER_BYTES) throw new RangeError("no such box");
    if (name === kind) return new DataView(view.buffer, view.byteOffset + at + HEADER_BYTES, size - HEADER_BYTES);
    at += size;
  }
}
