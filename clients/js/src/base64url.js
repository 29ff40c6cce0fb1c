/** base64url without padding, in its one canonical form. */

const ALPHABET =
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const CODES = new Uint8Array(128).fill(255);
for (let i = 0; i < ALPHABET.length; i++) {
  CODES[ALPHABET.charCodeAt(i)] = i;
}

/** @param {Uint8Array} data */
export function encode(data) {
  let text = '';
  for (let i = 0; i < data.length; i += 3) {
    const group = (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
    text += ALPHABET[group >> 18] + ALPHABET[(group >> 12) & 63];
    text += i + 1 < data.length ? ALPHABET[(group >> 6) & 63] : '';
    text += i + 2 < data.length ? ALPHABET[group & 63] : '';
  }
  return text;
}

/** @returns {Uint8Array | undefined} Undefined if it is not canonical base64url. */
export function decode(text) {
  const left = text.length % 4;
  if (left === 1) {
    return undefined;
  }
  const data = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let count = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const code = CODES[text.charCodeAt(i)] ?? 255;
    if (code === 255) {
      return undefined;
    }
    bits = ((bits << 6) | code) & 0xffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      data[at++] = (bits >> count) & 255;
    }
  }
  // The unused bits of the last character.
  return (bits & ((1 << count) - 1)) === 0 ? data : undefined;
}
