/** Random bytes from the browser's generator, which plain http has too. */

const { crypto } = globalThis;
const getRandomValues = crypto.getRandomValues.bind(crypto);

/** @param n - Number of bytes, at most 65536. */
export function randomBytes(n: number): Uint8Array {
  return getRandomValues(new Uint8Array(n));
}
