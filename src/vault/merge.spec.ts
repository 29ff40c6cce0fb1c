import { idOf, NOW } from '../testing/vault';
import type { IGrant, IGrantTable, IRevocation } from './grants';
import { grantKey } from './grants';
import {
  decide,
  isUnchanged,
  joinDeleted,
  joinGrants,
  type IVersion
} from './merge';

const DAY = 24 * 3600 * 1000;
const E = idOf(1);
const KEPT = new Set([E]);
const version = (rev: number, digest: string, more = {}): IVersion => ({
  rev,
  digest,
  key: 'k',
  ...more
});
const base = version(3, 'base');
const mine = version(4, 'mine');
const theirs = version(4, 'theirs');

describe('decide', () => {
  it.each([
    ['unchanged, unchanged', base, base, base, 'theirs'],
    ['unchanged, edited', base, base, theirs, 'theirs'],
    ['unchanged, deleted', base, base, undefined, 'gone'],
    ['absent, added', undefined, undefined, theirs, 'theirs'],
    ['edited, unchanged', base, mine, base, 'mine'],
    ['deleted, unchanged', base, undefined, base, 'gone'],
    ['added, absent', undefined, mine, undefined, 'mine'],
    ['edited to the same', base, mine, mine, 'theirs'],
    ['added the same', undefined, mine, mine, 'theirs'],
    ['edited, deleted', base, mine, undefined, 'mine-revived'],
    ['deleted, edited', base, undefined, theirs, 'theirs'],
    ['deleted, deleted', base, undefined, undefined, 'gone'],
    ['edited, edited', base, mine, theirs, 'both'],
    ['added differently', undefined, mine, theirs, 'both'],
    ['nowhere', undefined, undefined, undefined, 'gone']
  ])('%s', (_, one, two, three, decision) => {
    expect(decide(one, two, three, isUnchanged)).toBe(decision);
  });

  it('asks whether two edits are the same only if there are two', () => {
    const isSame = jest.fn().mockReturnValueOnce(true).mockReturnValue(false);
    expect(decide(base, mine, theirs, isSame)).toBe('theirs');
    expect(decide(base, mine, theirs, isSame)).toBe('both');
    expect(isSame).toHaveBeenCalledTimes(2);
    decide(base, mine, base, isSame);
    decide(base, mine, undefined, isSame);
    decide(undefined, undefined, theirs, isSame);
    expect(isSame).toHaveBeenCalledTimes(2);
  });

  it('tells edits of the same revision apart by their digest', () => {
    const again = version(3, 'again');
    expect(decide(base, again, theirs, isUnchanged)).toBe('both');
    expect(decide(base, mine, again, isUnchanged)).toBe('both');
  });

  it('tells revisions of the same digest apart', () => {
    expect(decide(base, version(4, 'base'), theirs, isUnchanged)).toBe('both');
  });
});

describe('isUnchanged', () => {
  it('looks at revision and digest under one key', () => {
    expect(isUnchanged(base, version(3, 'base'))).toBe(true);
    expect(isUnchanged(base, version(3, 'other'))).toBe(false);
    expect(isUnchanged(base, version(4, 'base'))).toBe(false);
  });

  it('looks at the revision alone under another: a new key is no edit', () => {
    const rekeyed = version(3, 'rekeyed', { key: 'l' });
    expect(isUnchanged(base, rekeyed)).toBe(true);
    expect(isUnchanged(base, { ...rekeyed, rev: 4 })).toBe(false);
  });

  it('takes what is absent for the same as what is absent', () => {
    expect(isUnchanged(undefined, undefined)).toBe(true);
    expect(isUnchanged(base, undefined)).toBe(false);
    expect(isUnchanged(undefined, base)).toBe(false);
  });
});

describe('joinDeleted', () => {
  const table = (...list: { id: string; rev: number; at: number }[]) =>
    new Map(list.map(one => [one.id, { ...one, unknown: {} }]));
  const join = (
    a: ReturnType<typeof table>,
    b: ReturnType<typeof table>,
    kept = new Set<string>()
  ) =>
    [...joinDeleted(a, b, kept, NOW).values()].map(({ id, rev, at }) => ({
      id,
      rev,
      at
    }));

  it('keeps both sides, and of one id the larger revision and the later time', () => {
    const [a, b] = [idOf(1), idOf(2)];
    expect(
      join(
        table({ id: a, rev: 5, at: NOW - 2 }, { id: b, rev: 1, at: NOW }),
        table({ id: a, rev: 4, at: NOW - 1 })
      )
    ).toEqual([
      { id: a, rev: 5, at: NOW - 1 },
      { id: b, rev: 1, at: NOW }
    ]);
  });

  it('drops those of entries that are there', () => {
    expect(join(table({ id: E, rev: 1, at: NOW }), table(), KEPT)).toEqual([]);
  });

  it('drops those of more than 90 days ago', () => {
    const at = NOW - 90 * DAY;
    expect(join(table({ id: E, rev: 1, at }), table())).toHaveLength(1);
    expect(join(table(), table({ id: E, rev: 1, at: at - 1 }))).toEqual([]);
  });
});

describe('joinGrants', () => {
  const side = (
    grant?: Partial<IGrant> | null,
    revocation?: Partial<IRevocation>
  ): IGrantTable => {
    const table: IGrantTable = { grants: new Map(), revoked: new Map() };
    const common = { path: 'a', entry: E, unknown: {} };
    if (grant) {
      const one = { ...common, since: 100, used: 100, ...grant };
      table.grants.set(grantKey(one.path, one.entry), one);
    }
    if (revocation) {
      const one = { ...common, at: NOW, ...revocation };
      table.revoked.set(grantKey(one.path, one.entry), one);
    }
    return table;
  };
  const join = (a: IGrantTable, b: IGrantTable, kept = KEPT) => {
    const { grants, revoked } = joinGrants(a, b, kept, NOW);
    return {
      grants: [...grants.values()].map(({ path, since, used }) => [
        path,
        since,
        used
      ]),
      revoked: [...revoked.values()].map(({ path, at }) => [path, at])
    };
  };

  it('keeps both sides, and of one grant the later times', () => {
    const result = join(
      side({ since: 9, used: 1 }),
      side({ since: 8, used: 2 })
    );
    expect(result.grants).toEqual([['a', 9, 2]]);
    expect(join(side({ path: 'b' }), side({})).grants).toHaveLength(2);
  });

  it.each([
    [99, true],
    [100, true],
    [101, false]
  ])('since 100, revoked at %d: kept is %s', (at, kept) => {
    const revoked = side(null, { at });
    const count = kept ? 1 : 0;
    expect(join(side({}), revoked).grants).toHaveLength(count);
    expect(join(revoked, side({})).grants).toHaveLength(count);
    expect(join(side({}, { at }), side()).grants).toHaveLength(count);
  });

  it('lets a later grant of either side stand against a revocation', () => {
    expect(
      join(side({ since: 50 }, { at: 60 }), side({ since: 70 })).grants
    ).toEqual([['a', 70, 100]]);
  });

  it('counts the later of two revocations', () => {
    const result = join(
      side({ since: 75 }, { at: 70 }),
      side(null, { at: 80 })
    );
    expect(result.grants).toEqual([]);
  });

  it('drops grants to entries that are not there, not their revocations', () => {
    const result = join(side({}, { path: 'b' }), side(), new Set());
    expect(result).toEqual({ grants: [], revoked: [['b', NOW]] });
  });

  it('counts an old revocation once more, then drops it', () => {
    const at = NOW - 90 * DAY;
    expect(join(side({}), side(null, { at }))).toEqual({
      grants: [],
      revoked: [['a', at]]
    });
    expect(join(side({}), side(null, { at: at - 1 }))).toEqual({
      grants: [],
      revoked: []
    });
  });
});
