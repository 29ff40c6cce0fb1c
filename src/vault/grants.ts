/** Grants of "always allow in this notebook": given, revoked, moved and joined; spec/vault.md §7 and §8. */
import { joinUnknown, type Members } from './schema';

/** How long revocations and tombstones are kept, in ms. */
const KEPT_MS = 90 * 24 * 3600 * 1000;
/** A use is worth a save once in each such span of time, in ms. */
const USED_STEP_MS = 3_600_000;

export interface IGrantRow {
  readonly path: string;
  /** Id of the entry. */
  readonly entry: string;
  /** ms since 1970, as all times here. */
  readonly since: number;
  readonly used: number;
}

export interface IGrant extends IGrantRow {
  /** Members of a later version. */
  readonly unknown: Members;
}

export interface IRevocation {
  readonly path: string;
  readonly entry: string;
  readonly at: number;
  /** Members of a later version. */
  readonly unknown: Members;
}

/** Both by {@link grantKey}. */
export interface IGrantTable {
  grants: Map<string, IGrant>;
  revoked: Map<string, IRevocation>;
}

/** An id has no line feed, so that no two pairs have the same key. */
export function grantKey(path: string, entry: string): string {
  return `${path}\n${entry}`;
}

/** Whether what happened at `at` is still kept. */
export function isRecent({ at }: { at: number }, now: number): boolean {
  return now - at <= KEPT_MS;
}

export function allow(
  table: IGrantTable,
  path: string,
  entry: string,
  now: number
): void {
  set(table, { path, entry, since: now, used: now, unknown: {} });
}

/** @returns Whether there was such a grant. */
export function revoke(
  table: IGrantTable,
  path: string,
  entry: string,
  now: number
): boolean {
  const key = grantKey(path, entry);
  const grant = table.grants.get(key);
  if (!grant) {
    return false;
  }
  table.grants.delete(key);
  // Later than the grant even if another machine's clock was ahead, or a merge brings it back.
  const at = Math.max(now, grant.since + 1);
  table.revoked.set(key, { path, entry, at, unknown: {} });
  return true;
}

/** @returns Whether the use is worth a save. */
export function markUsed(
  table: IGrantTable,
  path: string,
  entry: string,
  now: number
): boolean {
  const key = grantKey(path, entry);
  const grant = table.grants.get(key);
  if (!grant) {
    return false;
  }
  const used = Math.max(grant.used, now);
  table.grants.set(key, { ...grant, used });
  return span(used) !== span(grant.used);
}

function span(time: number): number {
  return Math.floor(time / USED_STEP_MS);
}

/** @returns Whether a grant moved. */
export function movePath(
  table: IGrantTable,
  from: string,
  to: string,
  now: number
): boolean {
  const moved = [...table.grants.values()].filter(({ path }) => path === from);
  for (const grant of moved) {
    revoke(table, from, grant.entry, now);
    set(table, { ...grant, path: to });
  }
  return moved.length > 0;
}

/** Later than a revocation even if another machine's clock was ahead, or a merge takes it away. */
function set(table: IGrantTable, granted: IGrant): void {
  const key = grantKey(granted.path, granted.entry);
  const since = Math.max(granted.since, table.revoked.get(key)?.at ?? 0);
  const grant = { ...granted, since };
  const old = table.grants.get(key);
  table.grants.set(key, old ? joinGrant(old, grant) : grant);
  table.revoked.delete(key);
}

export function joinGrant(mine: IGrant, theirs: IGrant): IGrant {
  return {
    ...theirs,
    since: Math.max(mine.since, theirs.since),
    used: Math.max(mine.used, theirs.used),
    unknown: joinUnknown(mine.unknown, theirs.unknown)
  };
}

export function joinRevocation(
  mine: IRevocation,
  theirs: IRevocation
): IRevocation {
  return {
    ...theirs,
    at: Math.max(mine.at, theirs.at),
    unknown: joinUnknown(mine.unknown, theirs.unknown)
  };
}
