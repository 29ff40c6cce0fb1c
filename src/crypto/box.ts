/**
 * NaCl's crypto_box with an ephemeral key pair of ours.
 *
 * The X25519 step uses WebCrypto where the browser has it (a tenth of the time),
 * tweetnacl elsewhere; the bytes are the same.
 */
import nacl from 'tweetnacl';
import { concat, equal, wipe } from './bytes';
import { FormatError } from './errors';
import { randomBytes } from './random';

export const PUBLIC_KEY_BYTES = 32;
export const NONCE_BYTES = 24;

/** tweetnacl's typings leave out its documented low-level part. */
const { crypto_core_hsalsa20, crypto_scalarmult } = (
  nacl as unknown as {
    lowlevel: {
      crypto_core_hsalsa20(
        out: Uint8Array,
        input: Uint8Array,
        key: Uint8Array,
        constant: Uint8Array
      ): void;
      crypto_scalarmult(q: Uint8Array, n: Uint8Array, p: Uint8Array): void;
    };
  }
).lowlevel;

const SIGMA = new Uint8Array([...'expand 32-byte k'].map(c => c.charCodeAt(0)));
const HSALSA_INPUT = new Uint8Array(16);
const ALL_ZERO = new Uint8Array(32);

/** A key pair for one reply. `agree` may be called once. */
export interface IEphemeralKey {
  readonly publicKey: Uint8Array;
  /**
   * The key that seals to `peer`; 32 bytes.
   *
   * @throws FormatError if `peer` is not 32 bytes, has its top bit set, or is of low order.
   */
  agree(peer: Uint8Array): Promise<Uint8Array>;
}

/**
 * @throws FormatError if the bytes cannot be a public key (spec/exchange.md §1). A point of low
 * order is found later, by `agree`.
 */
export function checkPublicKey(key: Uint8Array): void {
  if (key.length !== PUBLIC_KEY_BYTES || key[31] & 0x80) {
    throw new FormatError('not a public key');
  }
}

function beforenm(secret: Uint8Array): Uint8Array {
  // Everybody can compute the key that follows from an all-zero secret.
  if (equal(secret, ALL_ZERO)) {
    throw new FormatError('public key of low order');
  }
  const key = new Uint8Array(32);
  crypto_core_hsalsa20(key, HSALSA_INPUT, secret, SIGMA);
  wipe(secret);
  return key;
}

/** A pair with a given secret key: known-answer tests, and browsers without WebCrypto's X25519. */
export function keyFromSecret(secretKey: Uint8Array): IEphemeralKey {
  return {
    publicKey: nacl.scalarMult.base(secretKey),
    agree: async peer => {
      checkPublicKey(peer);
      const secret = new Uint8Array(32);
      crypto_scalarmult(secret, secretKey, peer);
      return beforenm(secret);
    }
  };
}

const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;
/** Until it turns out that it is not there. */
let native = true;

async function nativeKey(): Promise<IEphemeralKey> {
  const pair = (await subtle!.generateKey({ name: 'X25519' }, false, [
    'deriveBits'
  ])) as CryptoKeyPair;
  const publicKey = new Uint8Array(
    await subtle!.exportKey('raw', pair.publicKey)
  );
  return {
    publicKey,
    agree: async peer => {
      checkPublicKey(peer);
      try {
        const theirs = await subtle!.importKey(
          'raw',
          peer as Uint8Array<ArrayBuffer>,
          { name: 'X25519' },
          false,
          []
        );
        const bits = await subtle!.deriveBits(
          { name: 'X25519', public: theirs },
          pair.privateKey,
          256
        );
        return beforenm(new Uint8Array(bits));
      } catch {
        // Browsers reject points of low order themselves, each with its own error.
        throw new FormatError('public key of low order');
      }
    }
  };
}

/** A fresh pair. */
export async function generateKey(): Promise<IEphemeralKey> {
  if (native) {
    try {
      return await nativeKey();
    } catch {
      native = false;
    }
  }
  return keyFromSecret(randomBytes(32));
}

/** `nonce ‖ crypto_box`, with a key from `agree`. */
export function sealBox(
  key: Uint8Array,
  text: Uint8Array,
  nonce: Uint8Array = randomBytes(NONCE_BYTES)
): Uint8Array {
  return concat(nonce, nacl.box.after(text, nonce, key));
}

/** Null if it was not sealed with this key, or was altered. */
export function openBox(
  key: Uint8Array,
  sealed: Uint8Array
): Uint8Array | null {
  if (sealed.length < NONCE_BYTES + nacl.box.overheadLength) {
    return null;
  }
  return nacl.box.open.after(
    sealed.subarray(NONCE_BYTES),
    sealed.subarray(0, NONCE_BYTES),
    key
  );
}
