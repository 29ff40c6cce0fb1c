/** Vault files for tests: a second, plain writer of spec/vault.md that can break each rule by itself. */
import type { Argon2 } from '../crypto/argon2';
import { concat, u64, utf8Encode } from '../crypto/bytes';
import { decodeBase64url, encodeBase64url } from '../crypto/encoding';
import { hkdfSha256, hmacSha256, sha256 } from '../crypto/hash';
import { pad } from '../crypto/padding';
import { suite as cipher } from '../crypto/suites';
import { parseFile, Vault, VaultError, type IDraft } from '../vault';
import { encodeRecoveryCode } from '../vault/recovery-code';

export const NOW = Date.UTC(2026, 0, 1);
export const PASSPHRASE = 'correct horse';
export const NEXT = 'another passphrase';
export const CODE = Uint8Array.from({ length: 16 }, (_, i) => i * 11);
export const RECOVERY_CODE = encodeRecoveryCode(CODE);
export const KEY = Uint8Array.from({ length: 32 }, (_, i) => 200 - i);

/** An id made of one byte. */
export const idOf = (n: number) => encodeBase64url(new Uint8Array(16).fill(n));
export const VAULT_ID = idOf(0xaa);
export const [ENTRY_1, ENTRY_2] = [idOf(1), idOf(2)];

/** Costs nothing, and still depends on everything that it is given. */
const quickKey = (password: Uint8Array, salt: Uint8Array, cost: string) =>
  sha256(concat(sha256(password), salt, utf8Encode(cost)));

export const fakeArgon2: Argon2 = async (password, salt, options) =>
  quickKey(password, salt, JSON.stringify(options));

export const failingArgon2: Argon2 = async () => {
  throw new Error('derived');
};

type Json = Record<string, any>;
type Change<T> = (value: T) => T | Json;

/** Each member changes one thing on its way into the file. */
export interface IPlan {
  readonly suite?: 'nacl' | 'aes';
  readonly record?: Change<Json>;
  readonly recordText?: Change<string>;
  readonly paddedRecord?: (padded: Uint8Array) => Uint8Array;
  readonly sealedRecord?: (sealed: string) => string;
  readonly row?: Change<Json>;
  readonly index?: Change<Json>;
  readonly indexText?: (text: string) => string;
  readonly paddedIndex?: (padded: Uint8Array) => Uint8Array;
  readonly sealedIndex?: (sealed: string) => string;
  /** The slots: passphrase, recovery. */
  readonly slots?: (slots: Json[]) => unknown;
  readonly header?: Change<Json>;
  readonly headerText?: (text: string) => string;
  readonly file?: Change<Json>;
  readonly text?: (text: string) => string;
}

const same = <T>(value: T): any => value;

/** A file with two entries; what applies to an entry applies to the first. */
export function forge(plan: IPlan = {}): Uint8Array {
  return utf8Encode(forgeText(plan));
}

export function forgeText(plan: IPlan = {}): string {
  const suite = plan.suite ?? 'nacl';
  const subkey = (ikm: Uint8Array, ...label: Uint8Array[]) =>
    hkdfSha256(
      ikm,
      decodeBase64url(VAULT_ID),
      concat(utf8Encode(`credentialstore/1 ${suite} `), ...label),
      32
    );
  const seal = (key: Uint8Array, text: Uint8Array) =>
    encodeBase64url(cipher(suite).seal(key, text));
  const digest = (text: string) => encodeBase64url(sha256(utf8Encode(text)));

  const entries: Record<string, string> = {};
  const rows = [ENTRY_1, ENTRY_2].map((id, i) => {
    const change = i === 0 ? plan : {};
    const json = (change.record ?? same)(recordOf(id, `entry ${i + 1}`));
    const text = (change.recordText ?? same)(JSON.stringify(json));
    const padded = pad(utf8Encode(text), padTo(utf8Encode(text).length));
    const label = concat(utf8Encode('entry '), decodeBase64url(id), u64(1));
    entries[id] = (change.sealedRecord ?? same)(
      seal(subkey(KEY, label), (change.paddedRecord ?? same)(padded))
    );
    const { notes: _notes, fields, ...row } = recordOf(id, `entry ${i + 1}`);
    return (change.row ?? same)({
      id,
      rev: 1,
      digest: digest(entries[id]),
      ...row,
      fields: fields.map(({ name, type }: Json) => ({ name, type }))
    });
  });

  const indexText = (plan.indexText ?? same)(
    JSON.stringify(
      (plan.index ?? same)({
        entries: rows,
        deleted: [],
        grants: [],
        revoked: []
      })
    )
  );
  const length = utf8Encode(indexText).length;
  const paddedIndex = pad(
    utf8Encode(indexText),
    Math.ceil((length + 1) / 1024) * 1024
  );
  const index = (plan.sealedIndex ?? same)(
    seal(
      subkey(KEY, utf8Encode('index')),
      (plan.paddedIndex ?? same)(paddedIndex)
    )
  );

  const [salt1, salt2] = [new Uint8Array(16).fill(3), new Uint8Array(16)];
  const wrap = (ikm: Uint8Array, slot: string) =>
    seal(subkey(ikm, utf8Encode('wrap '), decodeBase64url(slot)), KEY);
  const cost = { memory: 65536, passes: 3, lanes: 1 };
  const fromPassphrase = quickKey(
    utf8Encode(PASSPHRASE),
    salt1,
    JSON.stringify(cost)
  );
  const fromCode = hkdfSha256(
    CODE,
    salt2,
    utf8Encode('credentialstore/1 recovery'),
    32
  );
  const slots = (plan.slots ?? same)([
    {
      type: 'passphrase',
      id: idOf(8),
      kdf: 'argon2id',
      salt: encodeBase64url(salt1),
      ...cost,
      wrap: wrap(fromPassphrase, idOf(8))
    },
    {
      type: 'recovery',
      id: idOf(9),
      salt: encodeBase64url(salt2),
      wrap: wrap(fromCode, idOf(9))
    }
  ]);
  const header = (plan.headerText ?? same)(
    JSON.stringify(
      (plan.header ?? same)({
        version: 1,
        vault: VAULT_ID,
        epoch: 5,
        generation: 1,
        suite,
        slots,
        count: rows.length,
        digest: digest(index),
        critical: []
      })
    )
  );
  const mac = encodeBase64url(
    hmacSha256(subkey(KEY, utf8Encode('header')), utf8Encode(header))
  );
  const file = { credentialstore: 1, header, mac, index, entries };
  return (plan.text ?? same)(`${JSON.stringify((plan.file ?? same)(file))}\n`);
}

function padTo(length: number): number {
  return length < 65536
    ? Math.max(256, 2 ** Math.ceil(Math.log2(length + 1)))
    : Math.ceil((length + 1) / 65536) * 65536;
}

/** An entry's members as §6 lists them. */
export function recordOf(id: string, name: string): Json {
  return {
    id,
    rev: 1,
    kind: 'login',
    name,
    user: 'me',
    url: '',
    notes: 'a note',
    tags: ['one'],
    fields: [{ name: 'value', type: 'hidden', value: `secret of ${name}` }],
    created: NOW - 2000,
    changed: NOW - 1000
  };
}

/** A change that puts members behind. */
export const withMembers =
  (members: Json): Change<Json> =>
  value => ({ ...value, ...members });

export const draftOf = (
  name: string,
  value = 'a secret',
  more: Partial<IDraft> & { id?: string; rev?: number } = {}
) => ({
  name,
  user: '',
  url: '',
  notes: '',
  tags: [],
  fields: [{ name: 'value', type: 'hidden' as const, value }],
  ...more
});

export async function createVault(
  suite: 'nacl' | 'aes' = 'nacl'
): Promise<Vault> {
  const options = { passphrase: PASSPHRASE, suite, argon2: fakeArgon2 };
  return (await Vault.create(options)).vault;
}

/** The bytes that are stored now. */
export function stored(vault: Vault, now = NOW): Uint8Array {
  const bytes = utf8Encode(vault.serialise(now).parts.join(''));
  vault.markSaved();
  return bytes;
}

export const unlock = (
  bytes: Uint8Array,
  passphrase = PASSPHRASE
): Promise<Vault> => Vault.unlock(parseFile(bytes), { passphrase }, fakeArgon2);

/** Two sides, unlocked from the same file with the entries a, b, c and d. */
export async function sides(): Promise<{
  base: Uint8Array;
  mine: Vault;
  theirs: Vault;
}> {
  const vault = await createVault();
  for (const name of ['a', 'b', 'c', 'd']) {
    vault.put(draftOf(name, `${name} of base`), NOW);
  }
  const base = stored(vault);
  return { base, mine: await unlock(base), theirs: await unlock(base) };
}

/** The values of all entries, by name. */
export const contents = (vault: Vault) =>
  Object.fromEntries(
    [...vault.rows].map(({ id, name }) => [
      name,
      vault.read(id).fields.map(({ value }) => value)
    ])
  );

/** The code of the VaultError that something throws; any other error is thrown on. */
export function codeOf(action: () => unknown): string | null {
  try {
    action();
    return null;
  } catch (error) {
    return codeIn(error);
  }
}

export async function codeOfAsync(
  action: () => Promise<unknown>
): Promise<string | null> {
  try {
    await action();
    return null;
  } catch (error) {
    return codeIn(error);
  }
}

/** The same, with the rule that is broken: what people are shown of a damaged file. */
export function faultOf(action: () => unknown): string | null {
  try {
    action();
    return null;
  } catch (error) {
    codeIn(error);
    return (error as VaultError).message;
  }
}

function codeIn(error: unknown): string {
  if (error instanceof VaultError) {
    return error.code;
  }
  throw error;
}

/** What reading everything in a file comes to, all the way to the last entry. */
export const outcome = (bytes: Uint8Array, passphrase = PASSPHRASE) =>
  codeOfAsync(async () => {
    const vault = await unlock(bytes, passphrase);
    for (const { id } of vault.rows) {
      vault.read(id);
    }
  });
