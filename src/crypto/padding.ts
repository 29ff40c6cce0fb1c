/** ISO/IEC 7816-4 padding: one byte 0x80, then zeros. Hides lengths. */
import { FormatError } from './errors';

const MARK = 0x80;

/**
 * @param size - Length of the result in bytes, more than the input's.
 * @throws RangeError if it does not fit.
 */
export function pad(bytes: Uint8Array, size: number): Uint8Array {
  if (size <= bytes.length) {
    throw new RangeError('no room for the padding');
  }
  const result = new Uint8Array(size);
  result.set(bytes);
  result[bytes.length] = MARK;
  return result;
}

/** @throws FormatError if there is no mark behind the zeros. */
export function unpad(bytes: Uint8Array): Uint8Array {
  let end = bytes.length - 1;
  while (bytes[end] === 0) {
    end--;
  }
  if (bytes[end] !== MARK) {
    throw new FormatError('malformed padding');
  }
  return bytes.subarray(0, end);
}
