/** The encrypted index: what is known of entries without opening them; spec/vault.md §7. */
import { join, utf8Encode, wipe } from '../crypto/bytes';
import { pad } from '../crypto/padding';
import { assertCanonical, parseJson } from './canonical';
import {
  assertFieldNames,
  entryName,
  fieldHead,
  unpadText,
  type IField,
  type IFieldHead,
  type IRecord
} from './entry';
import { VaultError } from './errors';
import {
  grantKey,
  isRecent,
  joinGrant,
  joinRevocation,
  type IGrant,
  type IGrantTable,
  type IRevocation
} from './grants';
import * as schema from './schema';

const STEP = 1024;
const START = '{"entries":[';
const COMMA = utf8Encode(',');
const DIGEST_BYTES = 32;

export interface IRow {
  readonly id: string;
  readonly rev: number;
  /** base64url of SHA-256 over the sealed entry's text. */
  readonly digest: string;
  readonly name: string;
  readonly kind: string;
  readonly user: string;
  readonly url: string;
  readonly tags: readonly string[];
  readonly fields: readonly IFieldHead[];
  readonly created: number;
  readonly changed: number;
  /** Members of a later version. */
  readonly unknown: schema.Members;
}

export interface ITombstone {
  readonly id: string;
  /** One above the revision that was deleted. */
  readonly rev: number;
  /** ms since 1970 */
  readonly at: number;
  /** Members of a later version. */
  readonly unknown: schema.Members;
}

export interface IIndex extends IGrantTable {
  rows: Map<string, IRow>;
  deleted: Map<string, ITombstone>;
  /** Members of a later version. */
  unknown: schema.Members;
}

export function emptyIndex(): IIndex {
  return {
    rows: new Map(),
    deleted: new Map(),
    grants: new Map(),
    revoked: new Map(),
    unknown: {}
  };
}

/** @param old - The row that this one replaces: what is unknown in it stays. */
export function rowOf(record: IRecord, digest: string, old?: IRow): IRow {
  const { id, rev, name, kind, user, url, tags, created, changed } = record;
  const unknownOf = (field: IField): schema.Members => {
    const before = old?.fields.find(one => one.name === field.name);
    const { type: _type, ...unknown } = before?.unknown ?? {};
    const { type: laterType } = field.unknown;
    return laterType === undefined ? unknown : { type: laterType, ...unknown };
  };
  return {
    id,
    rev,
    digest,
    name,
    kind,
    user,
    url,
    tags,
    fields: record.fields.map(field => ({
      name: field.name,
      type: field.type,
      unknown: unknownOf(field)
    })),
    created,
    changed,
    unknown: old?.unknown ?? {}
  };
}

/** By name, in NFC; of two, the one changed last. */
export function rowsByName(rows: Iterable<IRow>): Map<string, IRow> {
  const names = new Map<string, IRow>();
  for (const row of rows) {
    const name = row.name.normalize('NFC');
    const other = names.get(name);
    if (!other || other.changed < row.changed) {
      names.set(name, row);
    }
  }
  return names;
}

export function joinTombstone(
  mine: ITombstone,
  theirs: ITombstone
): ITombstone {
  return {
    id: mine.id,
    rev: Math.max(mine.rev, theirs.rev),
    at: Math.max(mine.at, theirs.at),
    unknown: schema.joinUnknown(mine.unknown, theirs.unknown)
  };
}

/**
 * @param now - ms since 1970. Tombstones and revocations that are too old by then, and grants to
 * entries that are gone, are left out.
 */
export function encodeIndex(index: IIndex, now: number): Uint8Array {
  const recent = <T extends { at: number }>(all: Map<string, T>) =>
    new Map([...all].filter(([, one]) => isRecent(one, now)));
  const bytes = indexBytes({
    ...index,
    deleted: recent(index.deleted),
    grants: new Map(
      [...index.grants].filter(([, { entry }]) => index.rows.has(entry))
    ),
    revoked: recent(index.revoked)
  });
  const padded = pad(bytes, Math.floor(bytes.length / STEP) * STEP + STEP);
  wipe(bytes);
  return padded;
}

/** What stands before the rows and behind them; null: there is more before them. */
function frameOf(index: IIndex): readonly [string, string] | null {
  const text = JSON.stringify({ entries: [], ...othersOf(index) });
  // A member of a later version, whose name is a number, comes first.
  return text.startsWith(START) ? [START, text.slice(START.length)] : null;
}

function othersOf(index: IIndex): object {
  return {
    deleted: [...index.deleted.values()].map(withUnknown),
    grants: [...index.grants.values()].map(withUnknown),
    revoked: [...index.revoked.values()].map(withUnknown),
    ...index.unknown
  };
}

function indexText(index: IIndex): string {
  const rows = [...index.rows.values()];
  const frame = frameOf(index);
  return frame
    ? frame[0] + rows.map(rowText).join() + frame[1]
    : JSON.stringify({ entries: rows.map(rowMembers), ...othersOf(index) });
}

function indexBytes(index: IIndex): Uint8Array {
  const frame = frameOf(index);
  if (!frame) {
    return utf8Encode(indexText(index));
  }
  const parts: Uint8Array[] = [utf8Encode(frame[0])];
  for (const row of index.rows.values()) {
    parts.push(rowBytes(row), COMMA);
  }
  if (index.rows.size) {
    parts.pop();
  }
  parts.push(utf8Encode(frame[1]));
  return join(parts);
}
/** Of 10,000 rows, an edit replaces one: the others stay as they are written. */
const rowTexts = new WeakMap<IRow, string>();
const rowsWritten = new WeakMap<IRow, Uint8Array>();

function rowText(row: IRow): string {
  let text = rowTexts.get(row);
  if (text === undefined) {
    text = JSON.stringify(rowMembers(row));
    rowTexts.set(row, text);
  }
  return text;
}

function rowBytes(row: IRow): Uint8Array {
  let bytes = rowsWritten.get(row);
  if (!bytes) {
    bytes = utf8Encode(rowText(row));
    rowsWritten.set(row, bytes);
    rowTexts.delete(row);
  }
  return bytes;
}

function rowMembers(row: IRow): object {
  return {
    id: row.id,
    rev: row.rev,
    digest: row.digest,
    name: row.name,
    kind: row.kind,
    user: row.user,
    url: row.url,
    tags: row.tags,
    fields: row.fields.map(({ name, type, unknown }) => ({
      name,
      type,
      ...unknown
    })),
    created: row.created,
    changed: row.changed,
    ...row.unknown
  };
}

function withUnknown<T extends { unknown: schema.Members }>({
  unknown,
  ...known
}: T): object {
  return { ...known, ...unknown };
}

/** @throws VaultError `damaged` */
export function decodeIndex(padded: Uint8Array): IIndex {
  const text = unpadText(padded, 'index');
  const value = parseJson(text, 'index');
  let index: IIndex;
  try {
    index = decodeTables(value);
  } catch (error) {
    assertCanonical(value, text, 'index');
    throw error;
  }
  // What is known and written again as it stood is canonical; else it takes a closer look.
  if (!isKnown(index) || indexText(index) !== text || text.includes('\\ud')) {
    assertCanonical(value, text, 'index');
  }
  return index;
}

function decodeTables(value: unknown): IIndex {
  const { entries, deleted, grants, revoked, ...unknown } = schema.members(
    value,
    'index'
  );
  const rows = schema.list(entries, 'entries').map(decodeRow);
  const index: IIndex = {
    rows: new Map(rows.map(row => [row.id, row])),
    deleted: table(
      schema.list(deleted, 'deleted').map(decodeTombstone),
      ({ id }) => id,
      joinTombstone
    ),
    grants: table(
      schema.list(grants, 'grants').map(decodeGrant),
      ({ path, entry }) => grantKey(path, entry),
      joinGrant
    ),
    revoked: table(
      schema.list(revoked, 'revoked').map(decodeRevocation),
      ({ path, entry }) => grantKey(path, entry),
      joinRevocation
    ),
    unknown
  };
  if (index.rows.size !== rows.length) {
    throw new VaultError('damaged', 'index, repeated id');
  }
  return index;
}

/** Whether nothing in it is of a later version. */
function isKnown(index: IIndex): boolean {
  const known = ({ unknown }: { unknown: schema.Members }) =>
    unknown === NONE || Object.keys(unknown).length === 0;
  return (
    known(index) &&
    [index.deleted, index.grants, index.revoked].every(one =>
      [...one.values()].every(known)
    ) &&
    [...index.rows.values()].every(row => known(row) && row.fields.every(known))
  );
}

/** By key; what comes twice is joined, as a merge would. */
function table<T>(
  list: readonly T[],
  keyOf: (one: T) => string,
  joinTwo: (a: T, b: T) => T
): Map<string, T> {
  const result = new Map<string, T>();
  for (const one of list) {
    const key = keyOf(one);
    const other = result.get(key);
    result.set(key, other ? joinTwo(other, one) : one);
  }
  return result;
}

/** Shared, for most rows are of this version. */
const NONE: schema.Members = Object.freeze({});
const ROW_MEMBERS = 11;

function decodeRow(value: unknown): IRow {
  const row = schema.members(value, 'row');
  const heads = schema.list(row.fields, 'fields').map(fieldHead);
  assertFieldNames(heads);
  return {
    id: schema.id(row.id, 'row id'),
    rev: schema.integer(row.rev, 'rev', 1),
    digest: schema.base64url(row.digest, 'digest', DIGEST_BYTES),
    name: entryName(row.name),
    kind: schema.text(row.kind, 'kind'),
    user: schema.text(row.user, 'user'),
    url: schema.text(row.url, 'url'),
    tags: schema.texts(row.tags, 'tags'),
    fields: heads,
    created: schema.integer(row.created, 'created'),
    changed: schema.integer(row.changed, 'changed'),
    unknown: unknownOfRow(row)
  };
}

/** Of a row that has all known members. */
function unknownOfRow(row: schema.Members): schema.Members {
  if (Object.keys(row).length === ROW_MEMBERS) {
    return NONE;
  }
  const {
    id: _id,
    rev: _rev,
    digest: _digest,
    name: _name,
    kind: _kind,
    user: _user,
    url: _url,
    tags: _tags,
    fields: _fields,
    created: _created,
    changed: _changed,
    ...unknown
  } = row;
  return unknown;
}

function decodeTombstone(value: unknown): ITombstone {
  const { id, rev, at, ...unknown } = schema.members(value, 'deleted');
  return {
    id: schema.id(id, 'deleted id'),
    rev: schema.integer(rev, 'rev', 1),
    at: schema.integer(at, 'at'),
    unknown
  };
}

function decodeGrant(value: unknown): IGrant {
  const { path, entry, since, used, ...unknown } = schema.members(
    value,
    'grant'
  );
  return {
    path: schema.text(path, 'path'),
    entry: schema.id(entry, 'grant'),
    since: schema.integer(since, 'since'),
    used: schema.integer(used, 'used'),
    unknown
  };
}

function decodeRevocation(value: unknown): IRevocation {
  const { path, entry, at, ...unknown } = schema.members(value, 'revoked');
  return {
    path: schema.text(path, 'path'),
    entry: schema.id(entry, 'revoked'),
    at: schema.integer(at, 'at'),
    unknown
  };
}
