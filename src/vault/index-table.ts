/** The encrypted index: what is known of entries without opening them; spec/vault.md §7. */
import { utf8Decode, utf8Encode } from '../crypto/bytes';
import { FormatError } from '../crypto/errors';
import { pad, unpad } from '../crypto/padding';
import { fieldType, type FieldType, type IRecord } from './entry';
import { VaultError } from './errors';
import * as schema from './schema';

const STEP = 1024;
/** How long tombstones are kept, in ms. */
const KEPT_MS = 90 * 24 * 3600 * 1000;

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
  readonly fields: readonly {
    readonly name: string;
    readonly type: FieldType;
  }[];
  readonly created: number;
  readonly changed: number;
  readonly unknown: schema.Members;
}

export interface ITombstone {
  readonly id: string;
  readonly rev: number;
  /** ms since 1970 */
  readonly at: number;
}

export interface IGrantRow {
  readonly path: string;
  readonly entry: string;
  readonly since: number;
  readonly used: number;
}

export interface IRevocation {
  readonly path: string;
  readonly entry: string;
  readonly at: number;
}

export interface IIndex {
  rows: Map<string, IRow>;
  deleted: Map<string, ITombstone>;
  grants: Map<string, IGrantRow>;
  revoked: Map<string, IRevocation>;
  unknown: schema.Members;
}

/** Key of a grant in the maps. A path has no line feed at its end, an id has no line feed. */
export function grantKey(path: string, entry: string): string {
  return `${path}\n${entry}`;
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

export function rowOf(
  record: IRecord,
  digest: string,
  unknown: schema.Members = {}
): IRow {
  const { id, rev, name, kind, user, url, tags, fields, created, changed } =
    record;
  return {
    id,
    rev,
    digest,
    name,
    kind,
    user,
    url,
    tags,
    fields: fields.map(field => ({ name: field.name, type: field.type })),
    created,
    changed,
    unknown
  };
}

/** @param now - ms since 1970; older tombstones are dropped. */
export function encodeIndex(index: IIndex, now: number): Uint8Array {
  const recent = ({ at }: { at: number }) => now - at < KEPT_MS;
  const bytes = utf8Encode(
    JSON.stringify({
      entries: [...index.rows.values()].map(({ unknown, ...row }) => ({
        ...row,
        ...unknown
      })),
      deleted: [...index.deleted.values()].filter(recent),
      grants: [...index.grants.values()],
      revoked: [...index.revoked.values()].filter(recent),
      ...index.unknown
    })
  );
  return pad(bytes, Math.floor(bytes.length / STEP) * STEP + STEP);
}

/** @throws VaultError `damaged` */
export function decodeIndex(padded: Uint8Array): IIndex {
  let parsed: unknown;
  try {
    parsed = JSON.parse(utf8Decode(unpad(padded)));
  } catch (error) {
    const rule = error instanceof FormatError ? error.message : 'JSON';
    throw new VaultError('damaged', `index, ${rule}`);
  }
  const { entries, deleted, grants, revoked, ...unknown } = schema.members(
    parsed,
    'index'
  );
  const index: IIndex = { ...emptyIndex(), unknown };
  for (const row of schema.list(entries, 'entries').map(decodeRow)) {
    if (index.rows.has(row.id)) {
      throw new VaultError('damaged', 'index, repeated id');
    }
    index.rows.set(row.id, row);
  }
  for (const one of schema.list(deleted, 'deleted')) {
    const { id, rev, at } = schema.members(one, 'deleted');
    const tombstone = {
      id: schema.id(id, 'deleted id'),
      rev: schema.integer(rev, 'rev'),
      at: schema.integer(at, 'at')
    };
    index.deleted.set(tombstone.id, tombstone);
  }
  for (const one of schema.list(grants, 'grants')) {
    const { path, entry, since, used } = schema.members(one, 'grant');
    const grant = {
      path: schema.text(path, 'path'),
      entry: schema.id(entry, 'grant'),
      since: schema.integer(since, 'since'),
      used: schema.integer(used, 'used')
    };
    index.grants.set(grantKey(grant.path, grant.entry), grant);
  }
  for (const one of schema.list(revoked, 'revoked')) {
    const { path, entry, at } = schema.members(one, 'revoked');
    const revocation = {
      path: schema.text(path, 'path'),
      entry: schema.id(entry, 'revoked'),
      at: schema.integer(at, 'at')
    };
    index.revoked.set(grantKey(revocation.path, revocation.entry), revocation);
  }
  return index;
}

function decodeRow(value: unknown): IRow {
  const {
    id,
    rev,
    digest,
    name,
    kind,
    user,
    url,
    tags,
    fields,
    created,
    changed,
    ...unknown
  } = schema.members(value, 'row');
  return {
    id: schema.id(id, 'row id'),
    rev: schema.integer(rev, 'rev'),
    digest: schema.text(digest, 'digest'),
    name: schema.text(name, 'name'),
    kind: schema.text(kind, 'kind'),
    user: schema.text(user, 'user'),
    url: schema.text(url, 'url'),
    tags: schema.texts(tags, 'tags'),
    fields: schema.list(fields, 'fields').map(field => {
      const { name: fieldName, type } = schema.members(field, 'field');
      return {
        name: schema.text(fieldName, 'field name'),
        type: fieldType(type)
      };
    }),
    created: schema.integer(created, 'created'),
    changed: schema.integer(changed, 'changed'),
    unknown
  };
}
