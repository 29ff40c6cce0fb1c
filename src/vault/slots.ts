/** Key slots: each holds the vault key, wrapped for one secret; spec/vault.md §2 and §4. */
import type { Argon2 } from '../crypto/argon2';
import { wipe } from '../crypto/bytes';
import { decodeBase64url, encodeBase64url } from '../crypto/encoding';
import { randomBytes } from '../crypto/random';
import { suite as cipher } from '../crypto/suites';
import { VaultError } from './errors';
import type {
  IHeader,
  IPassphraseSlot,
  IRecoverySlot,
  Slot,
  SuiteName
} from './header';
import {
  ikmOfCode,
  ikmOfPassphrase,
  KEY_BYTES,
  newId,
  passphraseBytes,
  wrappingKey
} from './keys';
import {
  CODE_BYTES,
  decodeRecoveryCode,
  encodeRecoveryCode
} from './recovery-code';

/** What a new passphrase slot costs. */
export const KDF = { memory: 65_536, passes: 3, lanes: 1 } as const;
const SALT_BYTES = 16;

/** What opens a slot, before anything is derived. */
export type SlotSecret =
  { readonly passphrase: string } | { readonly recoveryCode: string };

export interface INewKey {
  readonly key: Uint8Array;
  readonly slots: readonly Slot[];
  readonly recoveryCode: string;
}

/**
 * A vault key, random, with a slot for the passphrase and one for a new recovery code.
 *
 * @throws VaultError `passphrase-length`; and what `argon2` throws.
 */
export async function newVaultKey(
  vault: string,
  suite: SuiteName,
  passphrase: string,
  argon2: Argon2
): Promise<INewKey> {
  const key = randomBytes(KEY_BYTES);
  const code = randomBytes(CODE_BYTES);
  const slots = [
    await passphraseSlot(key, vault, suite, passphrase, argon2),
    recoverySlot(key, vault, suite, code)
  ];
  const recoveryCode = encodeRecoveryCode(code);
  wipe(code);
  return { key, slots, recoveryCode };
}

async function passphraseSlot(
  vaultKey: Uint8Array,
  vault: string,
  suite: SuiteName,
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
    wrap: wrap(vaultKey, ikm, vault, suite, id),
    unknown: {}
  };
}

function recoverySlot(
  vaultKey: Uint8Array,
  vault: string,
  suite: SuiteName,
  code: Uint8Array
): IRecoverySlot {
  const id = newId();
  const salt = encodeBase64url(randomBytes(SALT_BYTES));
  const ikm = ikmOfCode(code, salt);
  return {
    type: 'recovery',
    id,
    salt,
    wrap: wrap(vaultKey, ikm, vault, suite, id),
    unknown: {}
  };
}

function wrap(
  vaultKey: Uint8Array,
  ikm: Uint8Array,
  vault: string,
  suite: SuiteName,
  slot: string
): string {
  const key = wrappingKey(ikm, vault, suite, slot);
  const sealed = cipher(suite).seal(key, vaultKey);
  wipe(key, ikm);
  return encodeBase64url(sealed);
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
  const key =
    'passphrase' in secret
      ? await unwrapByPassphrase(header, secret.passphrase, argon2)
      : unwrapByCode(header, secret.recoveryCode);
  if (!key) {
    throw new VaultError('wrong-secret');
  }
  return key;
}

async function unwrapByPassphrase(
  header: IHeader,
  passphrase: string,
  argon2: Argon2
): Promise<Uint8Array | null> {
  try {
    wipe(passphraseBytes(passphrase));
  } catch {
    // No store has such a passphrase, so it is a wrong one.
    return null;
  }
  for (const slot of header.slots) {
    if (slot.type === 'passphrase') {
      const ikm = await ikmOfPassphrase(passphrase, slot, argon2);
      const key = openSlot(header, slot, ikm);
      if (key) {
        return key;
      }
    }
  }
  return null;
}

function unwrapByCode(header: IHeader, text: string): Uint8Array | null {
  const code = decodeRecoveryCode(text);
  try {
    for (const slot of header.slots) {
      if (slot.type === 'recovery') {
        const key = openSlot(header, slot, ikmOfCode(code, slot.salt));
        if (key) {
          return key;
        }
      }
    }
    return null;
  } finally {
    wipe(code);
  }
}

function openSlot(
  header: IHeader,
  slot: IPassphraseSlot | IRecoverySlot,
  ikm: Uint8Array
): Uint8Array | null {
  const key = wrappingKey(ikm, header.vault, header.suite, slot.id);
  const opened = cipher(header.suite).open(key, decodeBase64url(slot.wrap));
  wipe(key, ikm);
  return opened;
}
