/** Decides, entry by entry, what a three-way merge keeps; spec/vault.md §8. Pure. */
import type { IGrantRow, IRevocation } from './index-table';

export interface IVersion {
  readonly rev: number;
  readonly digest: string;
}

export type Decision =
  | 'theirs'
  | 'mine'
  /** Mine, with a revision above both: they had deleted it. */
  | 'mine-revived'
  /** Theirs keeps the id, mine becomes a copy under a new one. */
  | 'both'
  | 'gone';

export function decide(
  base: IVersion | undefined,
  mine: IVersion | undefined,
  theirs: IVersion | undefined
): Decision {
  if (same(mine, theirs)) {
    return theirs ? 'theirs' : 'gone';
  }
  if (same(base, mine)) {
    return theirs ? 'theirs' : 'gone';
  }
  if (same(base, theirs)) {
    return mine ? 'mine' : 'gone';
  }
  if (mine && theirs) {
    return 'both';
  }
  return mine ? 'mine-revived' : 'theirs';
}

function same(a: IVersion | undefined, b: IVersion | undefined): boolean {
  return a?.rev === b?.rev && a?.digest === b?.digest;
}

/** Joined by key; the later use counts, and a revocation after `since` removes. */
export function mergeGrants(
  mine: ReadonlyMap<string, IGrantRow>,
  theirs: ReadonlyMap<string, IGrantRow>,
  revoked: ReadonlyMap<string, IRevocation>
): Map<string, IGrantRow> {
  const result = new Map(theirs);
  for (const [key, grant] of mine) {
    const other = result.get(key);
    result.set(key, {
      ...grant,
      since: Math.max(grant.since, other?.since ?? 0),
      used: Math.max(grant.used, other?.used ?? 0)
    });
  }
  for (const [key, { since }] of result) {
    if ((revoked.get(key)?.at ?? -1) >= since) {
      result.delete(key);
    }
  }
  return result;
}

/** The later of two for each key. */
export function mergeLatest<T extends { readonly at: number }>(
  mine: ReadonlyMap<string, T>,
  theirs: ReadonlyMap<string, T>
): Map<string, T> {
  const result = new Map(theirs);
  for (const [key, one] of mine) {
    if (one.at > (result.get(key)?.at ?? -1)) {
      result.set(key, one);
    }
  }
  return result;
}
