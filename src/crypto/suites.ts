/** The two authenticated ciphers of spec/vault.md §3, behind one interface. */
import { gcm } from '@noble/ciphers/aes.js';
import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js';
import { concat } from './bytes';
import { randomBytes } from './random';

export interface ISuite {
  readonly name: 'nacl' | 'aes';
  /** Bytes of a key. */
  readonly keyBytes: 32;
  /** Bytes by which the sealed text is longer than the text. */
  readonly overhead: number;
  /** @param nonce - For known-answer tests only; random otherwise. */
  seal(key: Uint8Array, text: Uint8Array, nonce?: Uint8Array): Uint8Array;
  /** Null if the text was not sealed with this key, or was altered. */
  open(key: Uint8Array, sealed: Uint8Array): Uint8Array | null;
}

const KEY = 32;
const TAG = 16;

/** The nonce goes before the box. The library's ciphers take keys and nonces of other lengths too. */
function suiteOf(
  name: ISuite['name'],
  cipher: typeof gcm | typeof xsalsa20poly1305,
  nonceLength: number
): ISuite {
  const overhead = nonceLength + TAG;
  const start = (key: Uint8Array, nonce: Uint8Array) => {
    if (key.length !== KEY || nonce.length !== nonceLength) {
      throw new RangeError('wrong length of key or nonce');
    }
    return cipher(key, nonce);
  };
  return {
    name,
    keyBytes: KEY,
    overhead,
    seal: (key, text, nonce = randomBytes(nonceLength)) =>
      concat(nonce, start(key, nonce).encrypt(text)),
    open: (key, sealed) => {
      if (sealed.length < overhead) {
        return null;
      }
      const opener = start(key, sealed.subarray(0, nonceLength));
      try {
        return opener.decrypt(sealed.subarray(nonceLength));
      } catch {
        return null;
      }
    }
  };
}

/** Not by tweetnacl, which takes half as long again. */
const naclSuite = suiteOf('nacl', xsalsa20poly1305, 24);
const aesSuite = suiteOf('aes', gcm, 12);

export function suite(name: 'nacl' | 'aes'): ISuite {
  return name === 'nacl' ? naclSuite : aesSuite;
}
