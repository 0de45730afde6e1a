// Bytes: base64, texts, SHA-256, comparing.

export const textOf = (bytes) => new TextDecoder("utf-8", { fatal: true }).decode(bytes);
export const bytesOf = (text) => new TextEncoder().encode(text);

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

export async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
}

export const same = (one, other) => one.length === other.length && one.every((byte, place) => byte === other[place]);
