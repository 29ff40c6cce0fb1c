/** Byte strings: join, compare, wipe, and to and from text and integers. */
import { FormatError } from './errors';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 of a string. Unpaired surrogates become U+FFFD; check before. */
export function utf8Encode(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** @throws FormatError if the bytes are not UTF-8. */
export function utf8Decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new FormatError('not UTF-8');
  }
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return join(parts);
}

/** The same for thousands of parts, which a call does not take. */
export function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}

/** Whether two byte strings are equal, in a time that depends on the length alone. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) {
    return false;
  }
  let difference = 0;
  for (let i = 0; i < a.length; i++) {
    difference |= a[i] ^ b[i];
  }
  return difference === 0;
}

/** Overwrite with zeros. The engine may hold copies; this is what a page can do. */
export function wipe(...arrays: readonly Uint8Array[]): void {
  for (const array of arrays) {
    array.fill(0);
  }
}

/** Eight bytes, big endian, of an integer from 0 to 2^53 - 1. */
export function u64(n: number): Uint8Array {
  const result = new Uint8Array(8);
  const view = new DataView(result.buffer);
  view.setUint32(0, Math.floor(n / 2 ** 32));
  view.setUint32(4, n >>> 0);
  return result;
}
