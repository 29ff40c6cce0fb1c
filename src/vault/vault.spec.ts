import fc from 'fast-check';
import { utf8Decode, utf8Encode } from '../crypto/bytes';
import {
  codeOf,
  codeOfAsync,
  contents,
  createVault,
  draftOf,
  ENTRY_1,
  ENTRY_2,
  failingArgon2,
  fakeArgon2,
  forge,
  idOf,
  NEXT,
  NOW,
  PASSPHRASE,
  RECOVERY_CODE,
  stored,
  unlock,
  withMembers
} from '../testing/vault';
import { digestOf, parseFile } from './format';
import * as table from './index-table';
import * as opened from './opened';
import { pinOf } from './pin';
import { Sealing } from './sealing';
import { Vault } from './vault';

// As functions that a test can replace.
jest.mock('./opened', () => ({
  __esModule: true,
  ...jest.requireActual('./opened')
}));
jest.mock('./index-table', () => ({
  __esModule: true,
  ...jest.requireActual('./index-table')
}));

let vault: Vault;
beforeEach(async () => {
  vault = await createVault();
});
const unlockNext = (changed: Vault) => unlock(stored(changed), NEXT);
const put = (name: string, value?: string, now = NOW) =>
  vault.put(draftOf(name, value), now);

describe('create', () => {
  it.each(['nacl', 'aes'] as const)(
    'makes a store that both secrets open, %s',
    async suite => {
      const options = { passphrase: PASSPHRASE, suite, argon2: fakeArgon2 };
      const { vault: made, recoveryCode } = await Vault.create(options);
      expect(made.dirty).toBe(true);
      made.put(draftOf('a', 'x'), NOW);
      const bytes = stored(made);
      expect(contents(await unlock(bytes))).toEqual({ a: ['x'] });
      const file = parseFile(bytes);
      const byCode = await Vault.unlock(file, { recoveryCode }, failingArgon2);
      expect(contents(byCode)).toEqual({ a: ['x'] });
      expect([byCode.suite, byCode.hasRecovery]).toEqual([suite, true]);
      expect(byCode.dirty).toBe(false);
    }
  );

  it('knows of a store that no recovery code opens', async () => {
    const opened = await unlock(forge({ slots: ([first]) => [first] }));
    expect(opened.hasRecovery).toBe(false);
  });

  it('begins at epoch and generation 1', () => {
    const { header } = parseFile(stored(vault));
    expect([header.epoch, header.generation]).toEqual([1, 1]);
  });

  it('refuses a passphrase of the wrong length', async () => {
    const made = codeOfAsync(() =>
      Vault.create({ passphrase: 'short', suite: 'nacl', argon2: fakeArgon2 })
    );
    expect(await made).toBe('passphrase-length');
  });
});

it('wipes the key of a file that does not open', async () => {
  const wipe = jest.spyOn(Sealing.prototype, 'wipe');
  const file = parseFile(forge({ header: withMembers({ count: 3 }) }));
  const opening = codeOfAsync(() =>
    Vault.unlock(file, { recoveryCode: RECOVERY_CODE }, fakeArgon2)
  );
  expect(await opening).toBe('damaged');
  expect(wipe).toHaveBeenCalledTimes(1);
  wipe.mockRestore();
});

describe('put', () => {
  it('adds, then raises the revision of what it changes', () => {
    const { id } = put('a', 'one');
    expect(vault.row(id)!.rev).toBe(1);
    vault.put({ ...draftOf('b', 'two'), id, rev: 1 }, NOW + 1);
    expect(vault.row(id)).toMatchObject({ rev: 2, name: 'b', created: NOW });
    expect(contents(vault)).toEqual({ b: ['two'] });
    expect(vault.dirty).toBe(true);
  });

  it('refuses a name that is taken, also in another form', () => {
    put('é');
    const { id } = put('b');
    expect(codeOf(() => put('e\u0301'))).toBe('name-taken');
    expect(codeOf(() => vault.put({ ...draftOf('é'), id }, NOW))).toBe(
      'name-taken'
    );
    expect(codeOf(() => vault.put({ ...draftOf('b'), id }, NOW))).toBeNull();
  });

  it('lets an entry compose its own name', async () => {
    const name = withMembers({ name: 'e\u0301' });
    vault = await unlock(forge({ record: name, row: name }));
    const draft = { ...draftOf('é'), id: ENTRY_1 };
    expect(vault.put(draft, NOW).name).toBe('é');
  });

  it('lets one of two with the same name keep it', async () => {
    vault = await unlock(
      forge({
        record: withMembers({ name: 'entry 2' }),
        row: withMembers({ name: 'entry 2' })
      })
    );
    for (const id of [ENTRY_1, ENTRY_2, ENTRY_1]) {
      const draft = { ...draftOf('entry 2', 'new'), id };
      expect(
        codeOf(() => vault.put(draft, NOW + vault.row(id)!.rev))
      ).toBeNull();
    }
    expect(vault.lookup('entry 2')!.id).toBe(ENTRY_1);
  });

  it('refuses an edit of another revision, and of what is gone', () => {
    const { id } = put('a');
    const edit = (rev: number) =>
      codeOf(() => vault.put({ ...draftOf('a'), id, rev }, NOW));
    expect(edit(2)).toBe('stale');
    expect(edit(1)).toBeNull();
    expect(edit(1)).toBe('stale');
    vault.remove(id, NOW);
    expect(edit(2)).toBe('stale');
  });

  it('refuses what is too large, and stays as it was', () => {
    const { id } = put('a', 'x');
    const large = 'x'.repeat(1024 * 1024);
    const draft = { ...draftOf('a', large), id };
    expect(codeOf(() => vault.put(draft, NOW))).toBe('too-large');
    expect(codeOf(() => put('b', large))).toBe('too-large');
    expect(contents(vault)).toEqual({ a: ['x'] });
    expect(vault.row(id)!.rev).toBe(1);
  });

  it('asks whether there is room before it changes anything', () => {
    const { id } = put('a', 'x');
    const room = jest.spyOn(opened, 'hasRoom').mockReturnValue(false);
    expect(codeOf(() => put('b'))).toBe('too-large');
    expect(codeOf(() => vault.put({ ...draftOf('c'), id }, NOW))).toBe(
      'too-large'
    );
    expect(codeOf(() => vault.duplicate(id, NOW))).toBe('too-large');
    room.mockRestore();
    expect(contents(vault)).toEqual({ a: ['x'] });
  });
});

describe('lookup', () => {
  it('compares composed names, exactly', () => {
    const { id } = put('Ä b');
    expect(vault.lookup('A\u0308 b')!.id).toBe(id);
    expect(vault.lookup('ä b')).toBeUndefined();
    expect(vault.lookup('Ä b ')).toBeUndefined();
    expect(vault.lookup('__proto__')).toBeUndefined();
  });

  it('finds what a foreign writer did not compose', async () => {
    const name = withMembers({ name: 'e\u0301' });
    vault = await unlock(forge({ record: name, row: name }));
    expect(vault.lookup('é')!.id).toBe(ENTRY_1);
  });

  it('follows a rename, a removal and its undoing', () => {
    const { id } = put('a');
    expect(vault.lookup('a')).toBeDefined();
    vault.put({ ...draftOf('b'), id }, NOW);
    expect(vault.lookup('a')).toBeUndefined();
    vault.remove(id, NOW);
    expect(vault.lookup('b')).toBeUndefined();
    vault.restore(id);
    expect(vault.lookup('b')!.id).toBe(id);
  });

  it('means the one changed last when an undone removal makes two', () => {
    const old = put('a', 'old', NOW);
    vault.remove(old.id, NOW);
    const young = put('a', 'young', NOW + 1);
    expect(vault.lookup('a')).toBe(young);
    vault.restore(old.id);
    expect(vault.lookup('a')).toBe(young);
  });

  it('looks through all rows once, however many are added, edited and renamed', () => {
    const look = jest.spyOn(table, 'rowsByName');
    const { id } = put('a');
    put('b');
    vault.put({ ...draftOf('a', 'new'), id }, NOW);
    vault.put({ ...draftOf('c'), id }, NOW);
    expect([vault.lookup('a'), vault.lookup('c')?.id]).toEqual([undefined, id]);
    expect(look).toHaveBeenCalledTimes(1);
    look.mockRestore();
  });

  it('finds what a look through all rows finds, after any edits', async () => {
    const name = fc.constantFrom('a', 'b', 'c', 'e\u0301', 'é');
    const edit = fc.record({ at: fc.nat(4), name, remove: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { maxLength: 12 }), async edits => {
        const edited = await createVault();
        edits.forEach((one, now) => {
          const id = [...edited.rows][one.at]?.id;
          if (one.remove && id) {
            edited.remove(id, now);
          } else if (!edited.lookup(one.name)) {
            edited.put(
              {
                ...draftOf(one.name),
                ...(id && { id, rev: edited.row(id)!.rev })
              },
              now
            );
          }
          const all = table.rowsByName(edited.rows);
          for (const each of ['a', 'b', 'c', 'é']) {
            expect(edited.lookup(each)).toBe(all.get(each));
          }
        });
      }),
      { numRuns: 50 }
    );
  });
});

describe('duplicate', () => {
  it('copies everything under a name and an id of its own', () => {
    const { id } = put('a', 'x');
    const copy = vault.duplicate(id, NOW + 5);
    expect(copy).toMatchObject({ name: 'a (2)', rev: 1, created: NOW + 5 });
    expect(vault.duplicate(id, NOW).name).toBe('a (3)');
    expect(contents(vault)).toEqual({
      a: ['x'],
      'a (2)': ['x'],
      'a (3)': ['x']
    });
    expect(codeOf(() => vault.duplicate(idOf(9), NOW))).toBe('no-entry');
  });

  it('keeps what is unknown', async () => {
    const later = withMembers({ later: 1 });
    vault = await unlock(forge({ record: later, row: later }));
    const { id, unknown } = vault.duplicate(ENTRY_1, NOW);
    expect([unknown, vault.read(id).unknown]).toEqual([
      { later: 1 },
      { later: 1 }
    ]);
  });
});

describe('remove and restore', () => {
  it('leave a tombstone one above, and an entry above that', async () => {
    const { id } = put('a', 'x');
    stored(vault);
    vault.remove(id, NOW);
    expect(vault.dirty).toBe(true);
    expect(vault.row(id)).toBeUndefined();
    expect(codeOf(() => vault.read(id))).toBe('no-entry');
    expect(codeOf(() => vault.remove(id, NOW))).toBe('no-entry');
    vault.restore(id);
    expect(vault.row(id)!.rev).toBe(3);
    expect(contents(await unlock(stored(vault)))).toEqual({ a: ['x'] });
    expect(codeOf(() => vault.restore(id))).toBe('no-entry');
  });

  it('keep what is unknown', async () => {
    const later = withMembers({ later: 1 });
    vault = await unlock(forge({ record: later, row: later }));
    vault.remove(ENTRY_1, NOW);
    expect(vault.restore(ENTRY_1).unknown).toEqual({ later: 1 });
    expect(vault.read(ENTRY_1).unknown).toEqual({ later: 1 });
  });

  it('work for an entry that cannot be read, which comes not back', async () => {
    vault = await unlock(
      forge({ row: withMembers({ digest: 'A'.repeat(43) }) })
    );
    vault.remove(ENTRY_1, NOW);
    expect(codeOf(() => vault.restore(ENTRY_1))).toBe('altered');
    expect(Object.keys(contents(await unlock(stored(vault))))).toEqual([
      'entry 2'
    ]);
  });
});

describe('grants', () => {
  it('are given, used, moved, revoked, and stored', async () => {
    const { id } = put('a');
    vault.allowAlways('n.ipynb', id, NOW);
    vault.markUsed('n.ipynb', id, NOW + 5);
    expect(vault.movePath('n.ipynb', 'm.ipynb', NOW + 6)).toBe(true);
    vault = await unlock(stored(vault));
    expect(vault.grants).toEqual([
      { path: 'm.ipynb', entry: id, since: NOW, used: NOW + 5 }
    ]);
    expect(vault.hasGrant('m.ipynb', id)).toBe(true);
    expect(vault.hasGrant('n.ipynb', id)).toBe(false);
    vault.revoke('m.ipynb', id, NOW + 7);
    expect((await unlock(stored(vault))).grants).toEqual([]);
  });

  it.each<[string, boolean, (v: Vault, id: string) => unknown]>([
    ['given', true, (v, id) => v.allowAlways('b', id, NOW)],
    ['revoked', true, (v, id) => v.revoke('a', id, NOW)],
    ['revoked where there is none', false, (v, id) => v.revoke('b', id, NOW)],
    ['used again soon', false, (v, id) => v.markUsed('a', id, NOW + 1)],
    ['used days later', true, (v, id) => v.markUsed('a', id, NOW * 2)],
    ['moved', true, v => v.movePath('a', 'b', NOW)],
    ['moved where there is none', false, v => v.movePath('b', 'c', NOW)]
  ])('are worth a save when %s: %s', (_, dirty, action) => {
    const { id } = put('a');
    vault.allowAlways('a', id, NOW);
    stored(vault);
    action(vault, id);
    expect(vault.dirty).toBe(dirty);
  });

  it('come back with an entry, and go with it when it is stored', async () => {
    const { id } = put('a');
    vault.allowAlways('n', id, NOW);
    vault.remove(id, NOW);
    expect((await unlock(stored(vault))).grants).toEqual([]);
    vault.restore(id);
    expect((await unlock(stored(vault))).grants).toHaveLength(1);
  });
});

it('writes rows in the order that they are put into', async () => {
  ['b', 'c', 'a'].forEach(name => put(name));
  vault.arrange((one, other) => (one.name < other.name ? -1 : 1));
  const names = (one: Vault) => [...one.rows].map(({ name }) => name);
  expect(names(vault)).toEqual(['a', 'b', 'c']);
  expect(names(await unlock(stored(vault)))).toEqual(['a', 'b', 'c']);
});

describe('serialise', () => {
  it('raises the epoch each time, and pins the header', () => {
    const pins = [1, 2, 3].map(() => vault.serialise(NOW).pin);
    expect(pins.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    const { parts, pin } = vault.serialise(NOW);
    const file = parseFile(utf8Encode(parts.join('')));
    expect(pin).toEqual(pinOf(file));
    expect(pin.digest).toBe(digestOf(file.headerText));
    expect(pin).toMatchObject({ vault: file.header.vault, epoch: 4 });
  });

  it('leaves entries that were not changed as they are', async () => {
    put('a');
    put('b');
    const before = parseFile(stored(vault)).entries;
    vault = await unlock(stored(vault));
    const { id } = vault.put(
      { ...draftOf('a', 'new'), id: vault.lookup('a')!.id },
      NOW
    );
    for (const [one, sealed] of parseFile(stored(vault)).entries) {
      expect(sealed === before.get(one)).toBe(one !== id);
    }
  });

  it('shows no name, user, tag or value', () => {
    vault.put(
      draftOf('hushname', 'hushvalue', {
        user: 'hushuser',
        tags: ['hushtag'],
        url: 'hushurl'
      }),
      NOW
    );
    vault.allowAlways('hushpath', vault.lookup('hushname')!.id, NOW);
    const bytes = stored(vault);
    expect(utf8Decode(bytes)).not.toMatch(/hush/);
    const flat = Buffer.from(
      parseFile(bytes).index.replace(/-/g, '+').replace(/_/g, '/'),
      'base64'
    );
    expect(flat.includes('hush')).toBe(false);
  });

  it('shows neither passphrase nor recovery code: the header is that of the specification', async () => {
    const options = {
      passphrase: PASSPHRASE,
      suite: 'nacl' as const,
      argon2: fakeArgon2
    };
    const { vault: made, recoveryCode } = await Vault.create(options);
    const code = await made.changePassphrase(
      { recoveryCode },
      NEXT,
      fakeArgon2
    );
    for (const written of [stored(made), stored(await unlockNext(made))]) {
      const header = JSON.parse(parseFile(written).headerText);
      const { slots, ...rest } = header;
      expect(Object.keys(rest).join()).toBe(
        'version,vault,epoch,generation,suite,count,digest,critical'
      );
      expect(slots.map((slot: object) => Object.keys(slot).join())).toEqual([
        'type,id,kdf,salt,memory,passes,lanes,wrap',
        'type,id,salt,wrap'
      ]);
      const text = utf8Decode(written);
      for (const secret of [PASSPHRASE, NEXT, recoveryCode, code]) {
        expect(text).not.toContain(secret);
      }
    }
  });

  it('gives files of one size for entries of about one size', () => {
    const sizes = ['a', 'a longer value', 'x'.repeat(30)].map(value => {
      const { id } = vault.lookup('n') ?? put('n');
      vault.put({ ...draftOf('n', value), id }, NOW);
      return parseFile(stored(vault)).entries.get(id)!.length;
    });
    expect(new Set(sizes).size).toBe(1);
  });

  it('makes it clean, until it is said not to be stored', () => {
    put('a');
    vault.serialise(NOW);
    expect(vault.dirty).toBe(false);
    vault.markUnsaved();
    expect(vault.dirty).toBe(true);
  });

  it('takes its time with the state of the moment', async () => {
    put('a');
    const { id } = put('b');
    const serialising = vault.serialiseAsync(NOW);
    vault.remove(id, NOW);
    put('c');
    const { parts, pin } = await serialising;
    expect(vault.dirty).toBe(true);
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    expect(pin).toEqual(pinOf(parseFile(bytes)));
    const then = contents(await unlock(bytes));
    expect(Object.keys(then)).toEqual(['a', 'b']);
    expect(vault.serialise(NOW).pin.epoch).toBe(pin.epoch + 1);
  });

  it('keeps everything unknown', async () => {
    const later = withMembers({ later: { deep: [1, null, 'x'] } });
    const bytes = forge({
      header: later,
      slots: slots => [{ type: 'passkey', x: [] }, ...slots.map(later)],
      index: later,
      row: later,
      record: later
    });
    vault = await unlock(bytes);
    vault.allowAlways('n', ENTRY_2, NOW);
    const [before, after] = [bytes, stored(vault)].map(parseFile);
    const strip = (text: string) => {
      const { epoch: _epoch, digest: _digest, ...rest } = JSON.parse(text);
      return rest;
    };
    expect(strip(after.headerText)).toEqual(strip(before.headerText));
    vault.put({ ...draftOf('entry 1'), id: ENTRY_1 }, NOW);
    const again = await unlock(stored(vault));
    expect(again.row(ENTRY_1)!.unknown).toEqual({
      later: { deep: [1, null, 'x'] }
    });
    expect(again.read(ENTRY_1).unknown).toEqual({
      later: { deep: [1, null, 'x'] }
    });
  });
});

describe('markSaved', () => {
  it('makes the serialised versions the base, not later ones', () => {
    const { id } = put('a');
    expect(vault.base.size).toBe(0);
    vault.serialise(NOW);
    vault.put({ ...draftOf('a'), id }, NOW);
    vault.markSaved();
    expect(vault.base.get(id)!.rev).toBe(1);
    expect(vault.dirty).toBe(true);
  });

  it('is wanted once another base is set', async () => {
    vault = await unlock(stored(vault));
    vault.base = new Map();
    expect(vault.dirty).toBe(true);
  });

  it('changes nothing if nothing was serialised', async () => {
    put('a');
    vault = await unlock(stored(vault));
    const { base } = vault;
    put('b');
    vault.markSaved();
    expect(vault.base).toBe(base);
  });
});

describe('wipe', () => {
  it('leaves nothing to read and nothing to write', () => {
    const { id } = put('a');
    const draft = vault.sealPrivate('a draft');
    expect(utf8Decode(vault.openPrivate(draft))).toBe('a draft');
    vault.wipe();
    expect([...vault.rows]).toEqual([]);
    expect(vault.lookup('a')).toBeUndefined();
    expect(codeOf(() => vault.read(id))).toBe('no-entry');
    expect(codeOf(() => vault.restore(id))).toBe('no-entry');
    expect(() => vault.serialise(NOW)).toThrow('wiped');
    expect(() => put('b')).toThrow('wiped');
  });

  it('keeps what is being serialised from being sealed with zeros', async () => {
    put('a');
    const serialising = vault.serialiseAsync(NOW);
    vault.wipe();
    await expect(serialising).rejects.toThrow('wiped');
  });
});
