/** The two authenticated ciphers of spec/vault.md §3, behind one interface. */
import { gcm } from '@noble/ciphers/aes.js';
import nacl from 'tweetnacl';
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

const NACL_NONCE = nacl.secretbox.nonceLength;
const GCM_NONCE = 12;
const GCM_TAG = 16;

/** The library would take AES-128 keys and nonces of any length. */
function aes256gcm(key: Uint8Array, nonce: Uint8Array): ReturnType<typeof gcm> {
  if (key.length !== aesSuite.keyBytes || nonce.length !== GCM_NONCE) {
    throw new RangeError('wrong length of key or nonce');
  }
  return gcm(key, nonce);
}

const naclSuite: ISuite = {
  name: 'nacl',
  keyBytes: 32,
  overhead: NACL_NONCE + nacl.secretbox.overheadLength,
  seal: (key, text, nonce = randomBytes(NACL_NONCE)) =>
    concat(nonce, nacl.secretbox(text, nonce, key)),
  open: (key, sealed) =>
    sealed.length < naclSuite.overhead
      ? null
      : nacl.secretbox.open(
          sealed.subarray(NACL_NONCE),
          sealed.subarray(0, NACL_NONCE),
          key
        )
};

const aesSuite: ISuite = {
  name: 'aes',
  keyBytes: 32,
  overhead: GCM_NONCE + GCM_TAG,
  seal: (key, text, nonce = randomBytes(GCM_NONCE)) =>
    concat(nonce, aes256gcm(key, nonce).encrypt(text)),
  open: (key, sealed) => {
    if (sealed.length < aesSuite.overhead) {
      return null;
    }
    const cipher = aes256gcm(key, sealed.subarray(0, GCM_NONCE));
    try {
      return cipher.decrypt(sealed.subarray(GCM_NONCE));
    } catch {
      return null;
    }
  }
};

export function suite(name: 'nacl' | 'aes'): ISuite {
  return name === 'nacl' ? naclSuite : aesSuite;
}
