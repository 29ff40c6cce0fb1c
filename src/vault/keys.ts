/** Subkeys and key slots; spec/vault.md §4. */
import type { Argon2 } from '../crypto/argon2';
import { concat, utf8Encode, wipe } from '../crypto/bytes';
import { decodeBase64url, encodeBase64url } from '../crypto/encoding';
import { hkdfSha256 } from '../crypto/hash';
import { randomBytes } from '../crypto/random';
import { suite } from '../crypto/suites';
import { VaultError } from './errors';
import type { IHeader, IPassphraseSlot, IRecoverySlot } from './format';
import { decodeRecoveryCode } from './recovery-code';
import { isWellFormed } from './schema';

export type SuiteName = 'nacl' | 'aes';

/** What a new passphrase slot costs; `BOUNDS` says what is accepted. */
export const KDF = { memory: 65_536, passes: 3, lanes: 1 } as const;
export const PASSPHRASE_BYTES = { least: 8, most: 1024 };

const ID_BYTES = 16;
const SALT_BYTES = 16;
export const KEY_BYTES = 32;
const RECOVERY_INFO = utf8Encode('credentialstore/1 recovery');

/** What opens a slot, before anything is derived. */
export type SlotSecret =
  { readonly passphrase: string } | { readonly recoveryCode: string };

export function newId(): string {
  return encodeBase64url(randomBytes(ID_BYTES));
}

/** A key for one use under the vault key. */
export function subkey(
  vaultKey: Uint8Array,
  vault: string,
  suiteName: SuiteName,
  label: Uint8Array
): Uint8Array {
  return hkdfSha256(
    vaultKey,
    decodeBase64url(vault),
    concat(utf8Encode(`credentialstore/1 ${suiteName} `), label),
    KEY_BYTES
  );
}

function wrappingKey(
  ikm: Uint8Array,
  vault: string,
  suiteName: SuiteName,
  slot: string
): Uint8Array {
  const label = concat(utf8Encode('wrap '), decodeBase64url(slot));
  return subkey(ikm, vault, suiteName, label);
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
    throw new VaultError('passphrase-length');
  }
  return bytes;
}

async function ikmOfPassphrase(
  passphrase: string,
  slot: Pick<IPassphraseSlot, 'salt' | 'memory' | 'passes' | 'lanes'>,
  argon2: Argon2
): Promise<Uint8Array> {
  const password = passphraseBytes(passphrase);
  try {
    return await argon2(password, decodeBase64url(slot.salt), {
      memory: slot.memory,
      passes: slot.passes,
      lanes: slot.lanes
    });
  } finally {
    wipe(password);
  }
}

function ikmOfCode(code: Uint8Array, salt: string): Uint8Array {
  return hkdfSha256(code, decodeBase64url(salt), RECOVERY_INFO, KEY_BYTES);
}

function wrap(
  vaultKey: Uint8Array,
  ikm: Uint8Array,
  vault: string,
  suiteName: SuiteName,
  slot: string
): string {
  const key = wrappingKey(ikm, vault, suiteName, slot);
  const sealed = suite(suiteName).seal(key, vaultKey);
  wipe(key, ikm);
  return encodeBase64url(sealed);
}

/** @throws VaultError `passphrase-length` */
export async function passphraseSlot(
  vaultKey: Uint8Array,
  vault: string,
  suiteName: SuiteName,
  passphrase: string,
  argon2: Argon2
): Promise<IPassphraseSlot> {
  const id = newId();
  const salt = encodeBase64url(randomBytes(SALT_BYTES));
  const ikm = await ikmOfPassphrase(passphrase, { salt, ...KDF }, argon2);
  return {
    type: 'passphrase',
    id,
    kdf: 'argon2id',
    salt,
    ...KDF,
    wrap: wrap(vaultKey, ikm, vault, suiteName, id)
  };
}

/** @param code - 16 bytes. */
export function recoverySlot(
  vaultKey: Uint8Array,
  vault: string,
  suiteName: SuiteName,
  code: Uint8Array
): IRecoverySlot {
  const id = newId();
  const salt = encodeBase64url(randomBytes(SALT_BYTES));
  const ikm = ikmOfCode(code, salt);
  return {
    type: 'recovery',
    id,
    salt,
    wrap: wrap(vaultKey, ikm, vault, suiteName, id)
  };
}

/**
 * @returns The vault key.
 * @throws VaultError `wrong-secret`, `mistyped-code`; and what `argon2` throws.
 */
export async function unwrap(
  header: IHeader,
  secret: SlotSecret,
  argon2: Argon2
): Promise<Uint8Array> {
  for (const slot of header.slots) {
    let ikm: Uint8Array;
    if ('passphrase' in secret && slot.type === 'passphrase') {
      try {
        ikm = await ikmOfPassphrase(secret.passphrase, slot, argon2);
      } catch (error) {
        // No store has such a passphrase, so it is a wrong one.
        throw error instanceof VaultError
          ? new VaultError('wrong-secret')
          : error;
      }
    } else if ('recoveryCode' in secret && slot.type === 'recovery') {
      const code = decodeRecoveryCode(secret.recoveryCode);
      ikm = ikmOfCode(code, slot.salt);
      wipe(code);
    } else {
      continue;
    }
    const key = wrappingKey(ikm, header.vault, header.suite, slot.id);
    const opened = suite(header.suite).open(key, decodeBase64url(slot.wrap));
    wipe(key, ikm);
    if (opened?.length === KEY_BYTES) {
      return opened;
    }
  }
  throw new VaultError('wrong-secret');
}
