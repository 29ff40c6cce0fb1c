/** Keys for one use, derived from the vault key, a passphrase or a recovery code; spec/vault.md §4. */
import type { Argon2 } from '../crypto/argon2';
import { concat, utf8Encode, wipe } from '../crypto/bytes';
import { decodeBase64url, encodeBase64url } from '../crypto/encoding';
import { hkdfSha256 } from '../crypto/hash';
import { randomBytes } from '../crypto/random';
import { VaultError } from './errors';
import type { SuiteName } from './header';
import { isWellFormed } from './schema';

export const PASSPHRASE_BYTES = { least: 8, most: 1024 };
export const KEY_BYTES = 32;
const ID_BYTES = 16;
const RECOVERY_INFO = utf8Encode('credentialstore/1 recovery');

export function newId(): string {
  return encodeBase64url(randomBytes(ID_BYTES));
}

/** A key for one use under the vault key. */
export function subkey(
  vaultKey: Uint8Array,
  vault: string,
  suite: SuiteName,
  label: Uint8Array
): Uint8Array {
  return hkdfSha256(
    vaultKey,
    decodeBase64url(vault),
    concat(utf8Encode(`credentialstore/1 ${suite} `), label),
    KEY_BYTES
  );
}

/** The key that wraps the vault key in a slot. */
export function wrappingKey(
  ikm: Uint8Array,
  vault: string,
  suite: SuiteName,
  slot: string
): Uint8Array {
  const label = concat(utf8Encode('wrap '), decodeBase64url(slot));
  return subkey(ikm, vault, suite, label);
}

/**
 * @returns UTF-8 of the passphrase in Unicode NFC.
 * @throws VaultError `passphrase-length`
 */
export function passphraseBytes(passphrase: string): Uint8Array {
  const bytes = utf8Encode(passphrase.normalize('NFC'));
  if (
    bytes.length < PASSPHRASE_BYTES.least ||
    bytes.length > PASSPHRASE_BYTES.most ||
    !isWellFormed(passphrase)
  ) {
    wipe(bytes);
    throw new VaultError('passphrase-length');
  }
  return bytes;
}

/** @throws VaultError `passphrase-length`; and what `argon2` throws. */
export async function ikmOfPassphrase(
  passphrase: string,
  slot: { salt: string; memory: number; passes: number },
  argon2: Argon2
): Promise<Uint8Array> {
  const password = passphraseBytes(passphrase);
  try {
    return await argon2(password, decodeBase64url(slot.salt), {
      memory: slot.memory,
      passes: slot.passes,
      lanes: 1
    });
  } finally {
    wipe(password);
  }
}

/** @param code - 16 bytes. */
export function ikmOfCode(code: Uint8Array, salt: string): Uint8Array {
  return hkdfSha256(code, decodeBase64url(salt), RECOVERY_INFO, KEY_BYTES);
}
