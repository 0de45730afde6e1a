// What a relay's answer is made of: messages, each with its kind, the number of the view in the page's list, and a payload.
export const BEAT = 1;
export const INIT = 2;
export const FRAME = 3;
export const WAIT = 4;
export const REFUSED = 5;
export const AWAY = 6;

const HEADER_BYTES = 6;
const MOST_BYTES = 2 * 1024 * 1024;
const FRAME_BYTES = 9;
const text = new TextDecoder();

export class Messages {
  held = new Uint8Array(0);

  // Return what is whole by now. Throws RangeError for one that is too long: this is no relay's answer.
  read(part) {
    const bytes = this.held.length ? joined([this.held, part]) : part;
    const view = viewOf(bytes);
    const found = [];
    let at = 0;
    while (bytes.length - at >= HEADER_BYTES) {
      const length = view.getUint32(at + 2);
      if (length > MOST_BYTES) throw new RangeError("a message is too long");
      const end = at + HEADER_BYTES + length;
      if (bytes.length < end) break;
      found.push({ kind: bytes[at], number: bytes[at + 1], payload: bytes.subarray(at + HEADER_BYTES, end) });
      at = end;
    }
    this.held = bytes.slice(at);
    return found;
  }
}

export const said = (payload) => JSON.parse(text.decode(payload));

// Return the codec of what comes, and what a decoder must know before the first frame.
export function initOf(payload) {
  const end = payload.indexOf(10);
  return { ...said(payload.subarray(0, end)), box: payload.slice(end + 1) };
}

// arrival: when the relay had it, in milliseconds of Unix.
export function frameOf(payload) {
  const arrival = viewOf(payload).getFloat64(0);
  return { arrival, isKey: (payload[8] & 1) === 1, box: payload.slice(FRAME_BYTES) };
}

export function joined(parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const viewOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
