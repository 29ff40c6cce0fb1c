/** Merges come out as spec/vectors/vault.json says. */
import type { Argon2 } from '../crypto/argon2';
import { utf8Decode, utf8Encode } from '../crypto/bytes';
import { pad, unpad } from '../crypto/padding';
import { trueArgon2 } from '../testing/argon2';
import { codeOf } from '../testing/vault';
import {
  fileBytes,
  named,
  secretOf,
  textOf,
  unlockVector,
  VECTORS
} from '../testing/vault-vectors';
import { EntryTexts } from './entry-texts';
import type { IRecord } from './entry';
import { parseFile } from './format';
import type { IHeader } from './header';
import { decodeIndex, encodeIndex } from './index-table';
import { mergeVaults } from './merge-vaults';
import { versions, type IOpened } from './opened';
import type { Sealing } from './sealing';
import { Vault } from './vault';

type Json = Record<string, any>;

const DEFAULTS: Json = VECTORS.mergeDefaults;

let argon2: Argon2;
beforeAll(async () => {
  argon2 = await trueArgon2();
});

/** A side of `merge`: rows, and texts that only say whose they are. */
function sideOf(side: Json, name: string): IOpened {
  const { epoch, generation, vault, ...json } = { ...DEFAULTS.side, ...side };
  const entries = json.entries.map((row: Json) => ({
    ...DEFAULTS.row,
    ...row
  }));
  const bytes = utf8Encode(JSON.stringify({ ...json, entries }));
  const index = decodeIndex(pad(bytes, bytes.length + 1));
  const sealing = {
    tag: 'the key',
    openEntry: ({ fields, ...row }: Json, sealed: string) => ({
      ...row,
      notes: sealed,
      fields: fields.map((field: Json) => ({ ...field, value: '' }))
    }),
    sealEntry: (record: IRecord) => `sealed ${record.notes}`
  };
  return {
    sealing: sealing as any as Sealing,
    header: { vault, generation, epoch } as any as IHeader,
    index,
    sealed: new Map([...index.rows.keys()].map(id => [id, `${name} ${id}`])),
    texts: new EntryTexts()
  };
}

/** As sets, of objects whose members are in any order. */
const unordered = (list: Json[] = []) =>
  list
    .map(one =>
      JSON.stringify(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
    )
    .sort();

const all = named(VECTORS.merge);

test.each(all.filter(([, { error }]) => !error))('merge: %s', (_, vector) => {
  const base = versions(sideOf(vector.base, 'base'));
  const mine = sideOf(vector.mine, 'mine');
  const theirs = sideOf(vector.theirs, 'theirs');
  const { opened } = mergeVaults(mine, theirs, base, DEFAULTS.now);
  const rows = [...opened.index.rows.values()];
  const copies = rows.filter(
    ({ id }) => !mine.index.rows.has(id) && !theirs.index.rows.has(id)
  );
  const newIds = new Map(
    copies.map(({ id }, i) => [id, DEFAULTS.newIds[i] as string])
  );
  const entries = rows.map(({ id, rev, name }) => {
    const text = opened.sealed.get(id)!;
    const [of, from] = text.split(' ').reverse();
    const sealed = text.startsWith('sealed ');
    return { from, of, id: newIds.get(id) ?? id, rev, name, sealed };
  });
  const { result } = vector;
  expect(unordered(entries)).toEqual(unordered(result.entries));
  const padded = encodeIndex(opened.index, DEFAULTS.now);
  const written = JSON.parse(utf8Decode(unpad(padded)));
  for (const name of ['deleted', 'grants', 'revoked']) {
    expect(unordered(written[name])).toEqual(unordered(result[name]));
  }
  expect(opened.header.epoch + 1).toBe(result.epoch);
});

test.each(all.filter(([, { error }]) => error))(
  'no merge: %s',
  async (_, vector) => {
    const vault = await unlockVector(argon2, { of: 'nacl' });
    const file = parseFile(fileBytes({ of: 'nacl' }));
    const [mine, theirs] = [vector.mine, vector.theirs].map(side => ({
      ...DEFAULTS.side,
      ...side
    }));
    const header = {
      ...file.header,
      ...(theirs.vault !== mine.vault && { vault: theirs.vault }),
      generation: file.header.generation + theirs.generation - mine.generation
    };
    expect(codeOf(() => vault.openOther({ ...file, header }))).toBe(
      vector.error
    );
  }
);

test.each(named(VECTORS.mergeFiles))(
  'merge of files: %s',
  async (_, vector) => {
    const { now, newIds, result } = vector;
    const base = await unlockVector(argon2, vector.base);
    const mine = await unlockVector(argon2, vector.mine);
    mine.base = base.base;
    const file = parseFile(fileBytes(vector.theirs));
    const secret = secretOf(vector.secret, vector.theirs);
    let theirs: Vault | undefined;
    const reopened = codeOf(() => {
      theirs = mine.openOther(file);
    });
    expect(reopened).toBe(vector.reopen ?? null);
    theirs ??= await Vault.unlock(file, secret, argon2);
    const known = new Set([...mine.rows, ...theirs.rows].map(({ id }) => id));

    const { vault } = mine.merge(theirs, now);
    const merged = parseFile(utf8Encode(vault.serialise(now).parts.join('')));
    const again = await Vault.unlock(merged, secret, argon2);
    let copies = 0;
    const texts = [...again.rows].map(({ id }) => {
      const record = again.read(id);
      return textOf(
        known.has(id) ? record : { ...record, id: newIds[copies++] }
      );
    });
    expect(texts.sort()).toEqual([...result.entries].sort());
    expect(unordered(again.grants)).toEqual(unordered(result.grants));
    const { epoch, generation } = merged.header;
    expect([epoch, generation]).toEqual([result.epoch, result.generation]);
  }
);
