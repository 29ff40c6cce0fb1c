import {
  codeOf,
  contents,
  createVault,
  draftOf,
  fakeArgon2,
  forge,
  idOf,
  KEY,
  NEXT,
  NOW,
  PASSPHRASE,
  sides,
  stored,
  unlock,
  VAULT_ID,
  withMembers
} from '../testing/vault';
import { parseFile } from './format';
import { Sealing } from './sealing';
import type { Vault } from './vault';

const idNamed = (vault: Vault, name: string) => vault.lookup(name)!.id;
const edit = (vault: Vault, name: string, value: string, now = NOW) =>
  vault.put({ ...draftOf(name, value), id: idNamed(vault, name) }, now);
const merge = (mine: Vault, theirs: Vault, now = NOW) =>
  mine.merge(mine.openOther(parseFile(stored(theirs, now))), now);

describe('each row of the table', () => {
  let mine: Vault;
  let theirs: Vault;
  beforeEach(async () => {
    ({ mine, theirs } = await sides());
  });
  const merged = () => {
    const { vault, report } = merge(mine, theirs);
    return { vault, report, values: contents(vault) };
  };

  it('takes what they have edited, deleted and added', () => {
    edit(theirs, 'a', 'theirs');
    theirs.remove(idNamed(theirs, 'b'), NOW);
    theirs.put(draftOf('e', 'new'), NOW);
    const { vault, report, values } = merged();
    expect(values).toEqual({
      a: ['theirs'],
      c: ['c of base'],
      d: ['d of base'],
      e: ['new']
    });
    expect(report).toEqual({ incoming: 3, copies: [] });
    expect(vault.dirty).toBe(false);
  });

  it('keeps what I have edited, deleted and added', () => {
    const row = edit(mine, 'a', 'mine');
    mine.remove(idNamed(mine, 'b'), NOW);
    mine.put(draftOf('e', 'new'), NOW);
    const { vault, report, values } = merged();
    expect(vault).toBe(mine);
    expect(vault.row(row.id)).toEqual(row);
    expect(values).toEqual({
      a: ['mine'],
      c: ['c of base'],
      d: ['d of base'],
      e: ['new']
    });
    expect(report).toEqual({ incoming: 0, copies: [] });
    expect(vault.dirty).toBe(true);
  });

  it('lets my edit beat their deletion, above both revisions', () => {
    const id = idNamed(mine, 'a');
    edit(mine, 'a', 'mine');
    theirs.remove(id, NOW);
    const { vault, values } = merged();
    expect(values.a).toEqual(['mine']);
    expect(vault.row(id)!.rev).toBe(3);
  });

  it('goes above their tombstone if that is later', () => {
    const id = idNamed(mine, 'a');
    edit(mine, 'a', 'mine');
    edit(theirs, 'a', 'x');
    edit(theirs, 'a', 'y');
    theirs.remove(id, NOW);
    expect(merged().vault.row(id)!.rev).toBe(5);
  });

  it('goes above mine if their tombstone is no longer kept', () => {
    const id = idNamed(mine, 'a');
    edit(mine, 'a', 'mine');
    theirs.remove(id, 1);
    expect(merged().vault.row(id)!.rev).toBe(3);
  });

  it('lets their edit beat my deletion, as it is', () => {
    const id = idNamed(mine, 'a');
    const row = edit(theirs, 'a', 'theirs');
    mine.remove(id, NOW);
    const { vault, values } = merged();
    expect(values.a).toEqual(['theirs']);
    expect(vault.row(id)).toEqual(row);
    expect(codeOf(() => vault.restore(id))).toBe('no-entry');
  });

  it('keeps both edits: theirs has the id, mine is a copy', () => {
    const id = idNamed(mine, 'a');
    const before = mine.row(id)!;
    edit(mine, 'a', 'mine', NOW + 1);
    const row = edit(theirs, 'a', 'theirs', NOW + 2);
    const { vault, report, values } = merged();
    expect(values).toMatchObject({ a: ['theirs'], 'a (2)': ['mine'] });
    expect(vault.row(id)).toEqual(row);
    const copy = vault.lookup('a (2)')!;
    expect(copy).toMatchObject({
      rev: 1,
      created: before.created,
      changed: NOW + 1
    });
    expect([...vault.rows].at(-1)).toBe(copy);
    expect(report).toEqual({ incoming: 1, copies: ['a (2)'] });
  });

  it('takes the same edit of both for one', async () => {
    const both = await sides();
    edit(both.theirs, 'a', 'same');
    const bytes = stored(both.theirs);
    const one = await unlock(bytes);
    one.base = both.mine.base;
    const { report } = one.merge(one.openOther(parseFile(bytes)), NOW);
    expect(report).toEqual({ incoming: 0, copies: [] });
  });
});

it('takes two edits made alike under one key for two: each was sealed by itself', async () => {
  const { mine, theirs } = await sides();
  edit(mine, 'a', 'same');
  edit(theirs, 'a', 'same');
  expect(merge(mine, theirs).report.copies).toEqual(['a (2)']);
});

describe('the names of copies', () => {
  it('are free in the result, and in the order of my index', async () => {
    const { mine, theirs } = await sides();
    // Their index has the four in another order.
    for (const name of ['a', 'b']) {
      const id = idNamed(theirs, name);
      theirs.remove(id, NOW);
      theirs.restore(id);
    }
    for (const name of ['b', 'a', 'c']) {
      edit(theirs, name, 'theirs');
      edit(mine, name, 'mine');
    }
    theirs.put(draftOf('b (2)'), NOW);
    mine.put(draftOf('c (2)'), NOW);
    const { report } = merge(mine, theirs);
    expect(report.copies).toEqual(['a (2)', 'b (3)', 'c (3)']);
  });

  it('may be one that the result no longer has', async () => {
    const { mine } = await sides();
    const id = mine.put(draftOf('a (2)'), NOW).id;
    const again = await unlock(stored(mine));
    mine.remove(id, NOW);
    edit(mine, 'a', 'mine');
    edit(again, 'a', 'theirs');
    expect(merge(mine, again).report.copies).toEqual(['a (2)']);
  });
});

it('gives two copies two names, also when both are cut', async () => {
  const { mine, theirs } = await sides();
  for (const [name, last] of ['ax', 'by']) {
    const draft = {
      ...draftOf('n'.repeat(255) + last),
      id: idNamed(mine, name)
    };
    mine.put(draft, NOW);
    edit(theirs, name, 'theirs');
  }
  const names = [2, 3].map(n => `${'n'.repeat(252)} (${n})`);
  expect(merge(mine, theirs).report.copies).toEqual(names);
});

describe('what is unknown', () => {
  it('is kept of header, slots, index, rows and entries', async () => {
    const later = withMembers({ later: { a: 1 } });
    const bytes = forge({
      header: later,
      slots: slots => [...slots.map(later), { type: 'passkey', x: 1 }],
      index: later,
      row: later,
      record: later
    });
    const [mine, theirs] = [await unlock(bytes), await unlock(bytes)];
    edit(mine, 'entry 1', 'mine');
    edit(theirs, 'entry 1', 'theirs');
    const { vault } = merge(mine, theirs);
    const file = parseFile(stored(vault));
    const header = JSON.parse(file.headerText);
    expect(header.later).toEqual({ a: 1 });
    expect(header.slots[0].later).toEqual({ a: 1 });
    expect(header.slots[2]).toEqual({ type: 'passkey', x: 1 });
    const again = await unlock(stored(vault));
    for (const name of ['entry 1', 'entry 1 (2)']) {
      const { id, unknown } = again.lookup(name)!;
      expect(unknown).toEqual({ later: { a: 1 } });
      expect(again.read(id).unknown).toEqual({ later: { a: 1 } });
    }
  });

  it('is theirs where they have changed it', async () => {
    const mine = await unlock(forge({ header: withMembers({ later: 1 }) }));
    const theirs = forge({
      header: withMembers({ later: 2, epoch: 9 }),
      slots: slots => [...slots, { type: 'passkey' }],
      index: withMembers({ other: 3 })
    });
    const { vault } = mine.merge(mine.openOther(parseFile(theirs)), NOW);
    const file = parseFile(stored(vault));
    const header = JSON.parse(file.headerText);
    expect(header).toMatchObject({ later: 2, epoch: 10 });
    const sealing = new Sealing(KEY.slice(), VAULT_ID, 'nacl');
    expect(sealing.openIndex(file).unknown).toEqual({ other: 3 });
    expect(header.slots).toHaveLength(3);
  });
});

it('makes the epoch larger than both', async () => {
  const { mine, theirs } = await sides();
  for (let i = 0; i < 5; i++) {
    stored(theirs);
  }
  const { vault } = merge(mine, theirs);
  expect(vault.serialise(NOW).pin.epoch).toBe(8);
  const other = await sides();
  for (let i = 0; i < 5; i++) {
    other.mine.serialise(NOW);
  }
  expect(merge(other.mine, other.theirs).vault.serialise(NOW).pin.epoch).toBe(
    7
  );
});

describe('grants', () => {
  it('of both sides stay, unless revoked since or without an entry', async () => {
    const { mine, theirs } = await sides();
    const [a, b] = [idNamed(mine, 'a'), idNamed(mine, 'b')];
    mine.allowAlways('mine', a, NOW);
    theirs.allowAlways('theirs', a, NOW);
    theirs.allowAlways('theirs', b, NOW);
    mine.remove(b, NOW);
    const { vault } = merge(mine, theirs);
    expect(vault.grants.map(({ path }) => path)).toEqual(['theirs', 'mine']);
    expect(vault.dirty).toBe(true);
    const again = await unlock(stored(vault));
    again.revoke('mine', a, NOW + 5);
    expect(merge(vault, again, NOW + 9).vault.hasGrant('mine', a)).toBe(false);
  });

  it.each([
    ['a grant', (v: Vault, id: string) => v.allowAlways('n', id, NOW)],
    [
      'a revocation',
      (v: Vault, id: string) => {
        v.allowAlways('n', id, NOW);
        v.revoke('n', id, NOW);
      }
    ],
    ['an edit', (v: Vault) => void edit(v, 'a', 'x')],
    ['a deletion', (v: Vault, id: string) => void v.remove(id, NOW)],
    ['a deletion of long ago', (v: Vault, id: string) => void v.remove(id, 1)],
    ['a new entry', (v: Vault) => void v.put(draftOf('e'), NOW)],
    [
      'a deletion of what they never had',
      (v: Vault) => void v.remove(v.put(draftOf('e'), NOW).id, NOW)
    ]
  ])(
    '%s that was serialised, but not stored, is not forgotten',
    async (_, change) => {
      const { mine, theirs } = await sides();
      change(mine, idNamed(mine, 'a'));
      mine.serialise(NOW);
      expect(mine.dirty).toBe(false);
      expect(merge(mine, theirs).vault.dirty).toBe(true);
    }
  );
});

it('need not store what is all theirs: a grant, a revocation, a deletion', async () => {
  const { mine, theirs } = await sides();
  const id = idNamed(mine, 'a');
  theirs.allowAlways('n', id, NOW);
  theirs.allowAlways('m', id, NOW);
  theirs.revoke('m', id, NOW);
  theirs.remove(idNamed(mine, 'b'), NOW);
  expect(merge(mine, theirs).vault.dirty).toBe(false);
});

it('undoes a removal of which a merge has dropped the tombstone', async () => {
  const { mine, theirs } = await sides();
  const id = idNamed(mine, 'a');
  mine.remove(id, 1);
  const { vault } = merge(mine, theirs);
  expect(vault.restore(id).rev).toBe(2);
});

it('does not forget what was not serialised, though the file need not change for it', async () => {
  const { mine, theirs } = await sides();
  const id = idNamed(mine, 'a');
  theirs.allowAlways('n', id, NOW);
  const { vault } = merge(mine, theirs);
  expect(vault.dirty).toBe(false);
  vault.markUsed('n', id, NOW * 2);
  expect(merge(vault, theirs).vault.dirty).toBe(true);
});

describe('a vault key that was replaced', () => {
  it('here, with nothing in the vault, is to be stored', async () => {
    const bytes = stored(await createVault());
    const mine = await unlock(bytes);
    await mine.changePassphrase({ passphrase: PASSPHRASE }, NEXT, fakeArgon2);
    mine.serialise(NOW);
    expect(mine.merge(await unlock(bytes), NOW).vault.dirty).toBe(true);
  });

  it('there: my edits are sealed under theirs, and nothing is copied', async () => {
    const { mine, theirs } = await sides();
    await theirs.changePassphrase({ passphrase: PASSPHRASE }, NEXT, fakeArgon2);
    edit(theirs, 'a', 'theirs');
    edit(mine, 'b', 'mine');
    mine.remove(idNamed(mine, 'c'), NOW);
    const bytes = stored(theirs);
    expect(codeOf(() => mine.openOther(parseFile(bytes)))).toBe(
      'passphrase-changed'
    );
    const opened = await unlock(bytes, NEXT);
    const { vault, report } = mine.merge(opened, NOW);
    expect(vault).toBe(opened);
    expect(report).toEqual({ incoming: 1, copies: [] });
    const again = await unlock(stored(vault), NEXT);
    expect(contents(again)).toEqual({
      a: ['theirs'],
      b: ['mine'],
      d: ['d of base']
    });
    expect(() => mine.serialise(NOW)).toThrow('wiped');
  });

  it('there: an edit that both made alike stays one', async () => {
    const { mine, theirs } = await sides();
    await theirs.changePassphrase({ passphrase: PASSPHRASE }, NEXT, fakeArgon2);
    for (const vault of [mine, theirs]) {
      edit(vault, 'a', 'same');
      edit(vault, 'b', 'same', NOW + (vault === mine ? 1 : 2));
    }
    const opened = await unlock(stored(theirs), NEXT);
    expect(mine.merge(opened, NOW).report.copies).toEqual(['b (2)']);
  });

  it('here, and theirs is older: their edits are sealed under mine', async () => {
    const { mine, theirs } = await sides();
    await mine.changePassphrase({ passphrase: PASSPHRASE }, NEXT, fakeArgon2);
    edit(mine, 'a', 'mine');
    edit(theirs, 'b', 'theirs');
    const bytes = stored(theirs);
    expect(codeOf(() => mine.openOther(parseFile(bytes)))).toBe(
      'passphrase-changed'
    );
    const { vault, report } = mine.merge(await unlock(bytes), NOW);
    expect(vault).toBe(mine);
    expect(vault.dirty).toBe(true);
    expect(report).toEqual({ incoming: 1, copies: [] });
    const again = await unlock(stored(vault), NEXT);
    expect(contents(again)).toMatchObject({ a: ['mine'], b: ['theirs'] });
  });

  it('here, in a copy, while the original went on: the copy counts', async () => {
    const { mine } = await sides();
    const file = parseFile(stored(mine));
    const copy = mine.openOther(file);
    const { base } = copy;
    await copy.changePassphrase({ passphrase: PASSPHRASE }, NEXT, fakeArgon2);
    const bytes = stored(copy);
    edit(mine, 'a', 'mine');
    mine.base = base;
    const { vault, report } = mine.merge(await unlock(bytes, NEXT), NOW);
    expect(report).toEqual({ incoming: 0, copies: [] });
    expect(contents(await unlock(stored(vault), NEXT))).toMatchObject({
      a: ['mine'],
      b: ['b of base']
    });
  });

  it('on both sides: theirs counts, for it is stored', async () => {
    const { mine, theirs } = await sides();
    const old = { passphrase: PASSPHRASE };
    await mine.changePassphrase(old, 'my new passphrase', fakeArgon2);
    await theirs.changePassphrase(old, NEXT, fakeArgon2);
    edit(mine, 'a', 'mine');
    edit(theirs, 'a', 'theirs');
    const bytes = stored(theirs);
    // The generation is the same, the key is not.
    const { vault } = mine.merge(await unlock(bytes, NEXT), NOW);
    expect(contents(await unlock(stored(vault), NEXT))).toEqual({
      a: ['theirs'],
      'a (2)': ['mine'],
      b: ['b of base'],
      c: ['c of base'],
      d: ['d of base']
    });
  });
});

it('refuses another vault before another generation', async () => {
  const mine = await unlock(forge());
  const file = parseFile(forge());
  const other = (members: object) =>
    codeOf(() =>
      mine.openOther({ ...file, header: { ...file.header, ...members } })
    );
  expect(other({})).toBeNull();
  expect(other({ vault: idOf(3), generation: 2 })).toBe('other-vault');
  expect(other({ generation: 2 })).toBe('passphrase-changed');
  expect(other({ epoch: 6 })).toBeNull();
  const { mac: _mac, ...rest } = file;
  expect(codeOf(() => mine.openOther({ ...rest, mac: 'A'.repeat(43) }))).toBe(
    'altered'
  );
});
