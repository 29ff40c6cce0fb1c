/** Merges two versions of a vault, both opened, that were made from the same base; spec/vault.md §8. */
import { equal, wipe } from '../crypto/bytes';
import { encodeRecord, type IRecord } from './entry';
import { emptyIndex } from './index-table';
import { newId } from './keys';
import {
  decide,
  isUnchanged,
  joinDeleted,
  joinGrants,
  type IVersion
} from './merge';
import { freeName } from './names';
import { read, store, versions, type Base, type IOpened } from './opened';

export interface IReport {
  /** Entries that came from the other side. */
  readonly incoming: number;
  /** Names of the copies made because both sides had edited. */
  readonly copies: readonly string[];
}

export interface IMerged {
  /** Under mine's key, or theirs if that is newer. */
  readonly opened: IOpened;
  readonly report: IReport;
  /** Whether the result is not what theirs holds. */
  readonly differs: boolean;
}

/**
 * @param now - ms since 1970
 * @throws VaultError `altered`, `damaged`, for an entry that has to be sealed anew.
 */
export function mergeVaults(
  mine: IOpened,
  theirs: IOpened,
  base: Base,
  now: number
): IMerged {
  const target = targetOf(mine, theirs);
  const result: IOpened = { ...target, index: emptyIndex(), sealed: new Map() };
  const [ours, others] = [versions(mine), versions(theirs)];
  const conflicts = new Set<string>();
  let incoming = 0;
  for (const id of new Set([...others.keys(), ...ours.keys()])) {
    const isSame = (one: IVersion, other: IVersion) =>
      one.key === other.key
        ? isUnchanged(one, other)
        : one.rev === other.rev && isAlike(read(mine, id), read(theirs, id));
    switch (decide(base.get(id), ours.get(id), others.get(id), isSame)) {
      case 'theirs':
        take(result, theirs, id);
        incoming += isUnchanged(ours.get(id), others.get(id)) ? 0 : 1;
        break;
      case 'mine':
        take(result, mine, id);
        break;
      case 'mine-revived':
        store(result, revived(mine, theirs, id), mine.index.rows.get(id));
        break;
      case 'both':
        take(result, theirs, id);
        incoming++;
        conflicts.add(id);
        break;
      case 'gone':
        incoming += ours.has(id) ? 1 : 0;
    }
  }
  const copies = copy(result, mine, conflicts);
  const { rows } = result.index;
  Object.assign(result.index, {
    deleted: joinDeleted(mine.index.deleted, theirs.index.deleted, rows, now),
    ...joinGrants(mine.index, theirs.index, rows, now),
    // Nobody but a later version changes these, and theirs may be one.
    unknown: theirs.index.unknown
  });
  return {
    opened: { ...result, header: joinHeader(target, mine, theirs) },
    report: { incoming, copies },
    differs: differs(result, theirs)
  };
}

/** Whose key counts: theirs is stored, unless mine was replaced since. */
function targetOf(mine: IOpened, theirs: IOpened): IOpened {
  const sameKey = mine.sealing.tag === theirs.sealing.tag;
  return sameKey || mine.header.generation > theirs.header.generation
    ? mine
    : theirs;
}

/** The slots go with the key; what else a later version may have changed is theirs. */
function joinHeader(
  target: IOpened,
  mine: IOpened,
  theirs: IOpened
): IOpened['header'] {
  const rekeyed = target.sealing.tag !== theirs.sealing.tag;
  const { generation, slots } = rekeyed ? target.header : theirs.header;
  const epoch = Math.max(mine.header.epoch, theirs.header.epoch);
  return { ...theirs.header, generation, slots, epoch };
}

/** Under two keys, only what was sealed tells. */
function isAlike(one: IRecord, other: IRecord): boolean {
  const [mine, theirs] = [encodeRecord(one), encodeRecord(other)];
  const alike = equal(mine, theirs);
  wipe(mine, theirs);
  return alike;
}

/** They had deleted what mine had edited: the edit stays, above both. */
function revived(mine: IOpened, theirs: IOpened, id: string): IRecord {
  const record = read(mine, id);
  const above = Math.max(record.rev, theirs.index.deleted.get(id)?.rev ?? 0);
  return { ...record, rev: above + 1 };
}

/** Take an entry as it is. */
function take(result: IOpened, from: IOpened, id: string): void {
  const row = from.index.rows.get(id)!;
  if (from.sealing.tag === result.sealing.tag) {
    result.index.rows.set(id, row);
    result.sealed.set(id, from.sealed.get(id)!);
  } else {
    store(result, read(from, id), row);
  }
}

/** @returns The names of the copies, which nothing else in the result has. */
function copy(
  result: IOpened,
  mine: IOpened,
  conflicts: ReadonlySet<string>
): string[] {
  const { rows } = result.index;
  const taken = new Set([...rows.values()].map(({ name }) => name));
  const copies: string[] = [];
  for (const row of mine.index.rows.values()) {
    if (conflicts.has(row.id)) {
      const record = read(mine, row.id);
      const name = freeName(record.name, one => taken.has(one));
      store(result, { ...record, id: newId(), rev: 1, name }, row);
      taken.add(name);
      copies.push(name);
    }
  }
  return copies;
}

function differs(result: IOpened, theirs: IOpened): boolean {
  const { rows, deleted, grants, revoked } = result.index;
  const other = theirs.index;
  return (
    result.sealing.tag !== theirs.sealing.tag ||
    rows.size !== other.rows.size ||
    [...rows].some(([id, row]) => row !== other.rows.get(id)) ||
    [...deleted].some(([id, { rev }]) => rev !== other.deleted.get(id)?.rev) ||
    [...grants].some(([key, g]) => g.since !== other.grants.get(key)?.since) ||
    [...revoked].some(([key, { at }]) => at !== other.revoked.get(key)?.at)
  );
}
