/** Decides, entry by entry, what a three-way merge keeps, and joins tables; spec/vault.md §8. Pure. */
import {
  isRecent,
  joinGrant,
  joinRevocation,
  type IGrantTable
} from './grants';
import { joinTombstone, type IIndex } from './index-table';

/** One revision of an entry, as it was sealed. */
export interface IVersion {
  readonly rev: number;
  readonly digest: string;
  /** Tells vault keys apart. */
  readonly key: string;
}

export type Decision =
  | 'theirs'
  | 'mine'
  /** Mine, with a revision above both: they had deleted it. */
  | 'mine-revived'
  /** Theirs keeps the id, mine becomes a copy under a new one. */
  | 'both'
  | 'gone';

/** @param isSame - Whether mine and theirs, both edited, are the same. */
export function decide(
  base: IVersion | undefined,
  mine: IVersion | undefined,
  theirs: IVersion | undefined,
  isSame: (mine: IVersion, theirs: IVersion) => boolean
): Decision {
  if (isUnchanged(base, mine)) {
    return theirs ? 'theirs' : 'gone';
  }
  if (isUnchanged(base, theirs)) {
    return mine ? 'mine' : 'gone';
  }
  if (mine && theirs) {
    return isSame(mine, theirs) ? 'theirs' : 'both';
  }
  if (mine) {
    return 'mine-revived';
  }
  return theirs ? 'theirs' : 'gone';
}

/**
 * Whether nothing was edited on the way from `base` to `side`. Replacing the vault key seals
 * every revision anew, which edits nothing: digests count under one key alone.
 */
export function isUnchanged(
  base: IVersion | undefined,
  side: IVersion | undefined
): boolean {
  if (!base || !side) {
    return base === side;
  }
  return (
    base.rev === side.rev &&
    (base.digest === side.digest || base.key !== side.key)
  );
}

/** What one side has is kept, what both have is combined. */
function join<T>(
  mine: ReadonlyMap<string, T>,
  theirs: ReadonlyMap<string, T>,
  combine: (mine: T, theirs: T) => T
): Map<string, T> {
  const result = new Map(theirs);
  for (const [key, one] of mine) {
    const other = theirs.get(key);
    result.set(key, other ? combine(one, other) : one);
  }
  return result;
}

/**
 * @param rows - The ids that the merge kept.
 * @param now - ms since 1970; older tombstones are dropped.
 */
export function joinDeleted(
  mine: IIndex['deleted'],
  theirs: IIndex['deleted'],
  rows: { has(id: string): boolean },
  now: number
): IIndex['deleted'] {
  const result = join(mine, theirs, joinTombstone);
  for (const [id, tombstone] of result) {
    if (rows.has(id) || !isRecent(tombstone, now)) {
      result.delete(id);
    }
  }
  return result;
}

/**
 * @param rows - The ids that the merge kept.
 * @param now - ms since 1970; older revocations count once more, then are dropped.
 */
export function joinGrants(
  mine: IGrantTable,
  theirs: IGrantTable,
  rows: { has(id: string): boolean },
  now: number
): IGrantTable {
  const grants = join(mine.grants, theirs.grants, joinGrant);
  const revoked = join(mine.revoked, theirs.revoked, joinRevocation);
  for (const [key, { entry, since }] of grants) {
    const revocation = revoked.get(key);
    if ((revocation && revocation.at > since) || !rows.has(entry)) {
      grants.delete(key);
    }
  }
  for (const [key, revocation] of revoked) {
    if (!isRecent(revocation, now)) {
      revoked.delete(key);
    }
  }
  return { grants, revoked };
}
