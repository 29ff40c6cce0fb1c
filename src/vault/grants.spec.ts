import { idOf, NOW } from '../testing/vault';
import {
  allow,
  grantKey,
  isRecent,
  joinGrant,
  joinRevocation,
  markUsed,
  movePath,
  revoke,
  type IGrantTable
} from './grants';

const E = idOf(1);
const HOUR = 3_600_000;
let table: IGrantTable;
beforeEach(() => {
  table = { grants: new Map(), revoked: new Map() };
});
const grant = (path: string) => table.grants.get(grantKey(path, E));
const revocation = (path: string) => table.revoked.get(grantKey(path, E));

it('tells a path with a line feed from another pair', () => {
  expect(grantKey(`a\n${E}`, E)).not.toBe(grantKey('a', E));
});

it('allows, and notes when', () => {
  allow(table, 'a', E, NOW);
  expect(grant('a')).toMatchObject({
    path: 'a',
    entry: E,
    since: NOW,
    used: NOW
  });
});

it('keeps what it does not know of a grant given again', () => {
  const unknown = { later: 1 };
  const old = { path: 'a', entry: E, since: 1, used: 1, unknown };
  table.grants.set(grantKey('a', E), old);
  allow(table, 'a', E, NOW);
  expect(grant('a')).toEqual({ ...old, since: NOW, used: NOW });
});

it('revokes, and leaves a mark for the other side', () => {
  allow(table, 'a', E, NOW);
  expect(revoke(table, 'a', E, NOW + 5)).toBe(true);
  expect(grant('a')).toBeUndefined();
  expect(revocation('a')!.at).toBe(NOW + 5);
  expect(revoke(table, 'a', E, NOW + 9)).toBe(false);
  expect(revocation('a')!.at).toBe(NOW + 5);
});

it('revokes for good within one millisecond, and if a clock was ahead', () => {
  for (const ahead of [0, HOUR]) {
    allow(table, 'a', E, NOW + ahead);
    revoke(table, 'a', E, NOW);
    expect(revocation('a')!.at).toBeGreaterThan(NOW + ahead);
  }
});

it('allows for good after a revocation by a clock that was ahead', () => {
  allow(table, 'a', E, NOW + HOUR);
  revoke(table, 'a', E, NOW + HOUR);
  allow(table, 'a', E, NOW);
  expect(grant('a')!.since).toBeGreaterThan(NOW + HOUR);
  expect(revocation('a')).toBeUndefined();
});

it('notes a use, and wants a save for it once in an hour', () => {
  allow(table, 'a', E, NOW);
  expect(markUsed(table, 'a', E, NOW + 1)).toBe(false);
  expect(grant('a')!.used).toBe(NOW + 1);
  const saves = Array.from({ length: 24 }, (_, i) =>
    markUsed(table, 'a', E, NOW + (i * HOUR) / 6)
  ).filter(Boolean);
  expect(saves).toHaveLength(3);
});

it('lets no use go back in time, and none make a grant', () => {
  allow(table, 'a', E, NOW);
  expect(markUsed(table, 'a', E, NOW - 9 * HOUR)).toBe(false);
  expect(grant('a')!.used).toBe(NOW);
  expect(markUsed(table, 'b', E, NOW)).toBe(false);
  expect(table.grants.size).toBe(1);
});

describe('movePath', () => {
  it('takes the grants of a notebook along, and those of no other', () => {
    allow(table, 'a', E, NOW);
    allow(table, 'other', E, NOW);
    expect(movePath(table, 'a', 'b', NOW + 5)).toBe(true);
    expect(grant('a')).toBeUndefined();
    expect(grant('b')).toMatchObject({ path: 'b', since: NOW });
    expect(grant('other')).toBeDefined();
    expect(revocation('a')!.at).toBe(NOW + 5);
    expect(movePath(table, 'a', 'b', NOW)).toBe(false);
  });

  it('joins with a grant that is there', () => {
    allow(table, 'a', E, NOW);
    allow(table, 'b', E, NOW + 7);
    movePath(table, 'a', 'b', NOW + 9);
    expect(grant('b')).toMatchObject({ since: NOW + 7, used: NOW + 7 });
  });

  it('outlives an earlier revocation of the path that it comes to', () => {
    allow(table, 'b', E, NOW);
    revoke(table, 'b', E, NOW + 3);
    allow(table, 'a', E, NOW + 1);
    movePath(table, 'a', 'b', NOW + 9);
    expect(grant('b')!.since).toBe(NOW + 3);
    expect(revocation('b')).toBeUndefined();
  });
});

it('joins by the later times, and keeps what either side knows', () => {
  const [mine, theirs] = [
    { path: 'a', entry: E, since: 5, used: 6, at: 7, unknown: { a: 1, b: 1 } },
    { path: 'a', entry: E, since: 4, used: 8, at: 6, unknown: { b: 2, c: 2 } }
  ];
  const unknown = { a: 1, b: 2, c: 2 };
  expect(joinGrant(mine, theirs)).toMatchObject({ since: 5, used: 8, unknown });
  expect(joinRevocation(mine, theirs)).toMatchObject({ at: 7, unknown });
  expect(joinRevocation(theirs, mine)).toMatchObject({ at: 7 });
});

it('calls 90 days recent, to the millisecond', () => {
  const age = 90 * 24 * HOUR;
  expect(isRecent({ at: NOW - age }, NOW)).toBe(true);
  expect(isRecent({ at: NOW - age - 1 }, NOW)).toBe(false);
  expect(isRecent({ at: NOW + age }, NOW)).toBe(true);
});
