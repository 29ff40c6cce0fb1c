/** SHA-256 (FIPS 180-4), HMAC (RFC 2104) and HKDF (RFC 5869) over it. */
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';

/** Bytes. WebCrypto takes longer than JavaScript for fewer: it works on another thread. */
const FEW = 64 * 1024;

/** @returns 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes);
}

/**
 * The same by WebCrypto, where it is: a tenth of the time for megabytes.
 *
 * @returns 32 bytes.
 */
export async function sha256Async(bytes: Uint8Array): Promise<Uint8Array> {
  const { subtle } = globalThis.crypto as { subtle?: SubtleCrypto };
  return subtle && bytes.length >= FEW
    ? new Uint8Array(
        await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)
      )
    : sha256(bytes);
}

/** @returns 32 bytes. */
export function hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return hmac(nobleSha256, key, bytes);
}

/** @param length - Bytes wanted, at most 8160. */
export function hkdfSha256(
  ikm: Uint8Array,
  salt: Uint8Array,
  info: Uint8Array,
  length: number
): Uint8Array {
  return hkdf(nobleSha256, ikm, salt, info, length);
}
