/** The recovery code: 16 random bytes with a checksum, as a person types them; spec/vault.md §4. */
import { concat, equal } from '../crypto/bytes';
import {
  decodeBase32Crockford,
  encodeBase32Crockford
} from '../crypto/encoding';
import { sha256 } from '../crypto/hash';
import { VaultError } from './errors';

export const CODE_BYTES = 16;
const CHECK_BYTES = 4;
/** Letters of ASCII, digits, and what is ignored between them: no other white space. */
const READABLE = /^[0-9A-Za-z \u00a0\t\n\r-]*$/;

/** @param code - 16 bytes. */
export function encodeRecoveryCode(code: Uint8Array): string {
  const check = sha256(code).subarray(0, CHECK_BYTES);
  const text = encodeBase32Crockford(concat(code, check));
  return text.match(/.{4}/g)!.join('-');
}

/** @throws VaultError `mistyped-code` */
export function decodeRecoveryCode(text: string): Uint8Array {
  if (!READABLE.test(text)) {
    throw new VaultError('mistyped-code');
  }
  let bytes: Uint8Array;
  try {
    bytes = decodeBase32Crockford(text);
  } catch {
    throw new VaultError('mistyped-code');
  }
  const code = bytes.slice(0, CODE_BYTES);
  const check = sha256(code).subarray(0, CHECK_BYTES);
  // Unequal for any other length, too.
  if (!equal(bytes.subarray(CODE_BYTES), check)) {
    throw new VaultError('mistyped-code');
  }
  return code;
}
