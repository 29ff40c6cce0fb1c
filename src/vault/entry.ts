/** One entry's record, to and from the bytes that are sealed; spec/vault.md §5 and §6. */
import { utf8Decode, utf8Encode, wipe } from '../crypto/bytes';
import { FormatError } from '../crypto/errors';
import { pad, unpad } from '../crypto/padding';
import { parseCanonical } from './canonical';
import { VaultError } from './errors';
import { NAME_LIMIT } from './names';
import * as schema from './schema';

const ENTRY_LIMIT = 1024 * 1024;
const LEAST_PADDED = 256;
const STEP = 65_536;

export type FieldType = 'text' | 'hidden';

/** A field without its value. */
export interface IFieldHead {
  readonly name: string;
  readonly type: FieldType;
  /** Members of a later version; `type` among them, if that is one of a later version. */
  readonly unknown: schema.Members;
}

export interface IField extends IFieldHead {
  readonly value: string;
}

export interface IRecord {
  readonly id: string;
  readonly rev: number;
  readonly kind: string;
  readonly name: string;
  readonly user: string;
  readonly url: string;
  readonly notes: string;
  readonly tags: readonly string[];
  readonly fields: readonly IField[];
  readonly created: number;
  readonly changed: number;
  /** Members of a later version. */
  readonly unknown: schema.Members;
}

/** Bytes to which an entry of `length` bytes is padded. */
export function paddedLength(length: number): number {
  if (length >= STEP) {
    return Math.floor(length / STEP) * STEP + STEP;
  }
  let size = LEAST_PADDED;
  while (size <= length) {
    size *= 2;
  }
  return size;
}

/** @throws VaultError `too-large` */
export function encodeRecord(record: IRecord): Uint8Array {
  const { id, rev, kind, name, user, url, notes, tags, fields } = record;
  const { created, changed, unknown } = record;
  const bytes = utf8Encode(
    JSON.stringify({
      id,
      rev,
      kind,
      name,
      user,
      url,
      notes,
      tags,
      fields: fields.map(field => ({
        name: field.name,
        type: field.type,
        value: field.value,
        ...field.unknown
      })),
      created,
      changed,
      ...unknown
    })
  );
  if (bytes.length > ENTRY_LIMIT) {
    throw new VaultError('too-large');
  }
  const padded = pad(bytes, paddedLength(bytes.length));
  wipe(bytes);
  return padded;
}

/** @throws VaultError `damaged` */
export function decodeRecord(padded: Uint8Array): IRecord {
  const text = unpadText(padded, 'entry', ENTRY_LIMIT);
  const {
    id,
    rev,
    kind,
    name,
    user,
    url,
    notes,
    tags,
    fields,
    created,
    changed,
    ...unknown
  } = schema.members(parseCanonical(text, 'entry'), 'entry');
  const parsed = schema.list(fields, 'fields').map(decodeField);
  assertFieldNames(parsed);
  return {
    id: schema.id(id, 'entry id'),
    rev: schema.integer(rev, 'rev', 1),
    kind: schema.text(kind, 'kind'),
    name: entryName(name),
    user: schema.text(user, 'user'),
    url: schema.text(url, 'url'),
    notes: schema.text(notes, 'notes'),
    tags: schema.texts(tags, 'tags'),
    fields: parsed,
    created: schema.integer(created, 'created'),
    changed: schema.integer(changed, 'changed'),
    unknown
  };
}

/** The text of an unsealed part. @throws VaultError `damaged` */
export function unpadText(
  padded: Uint8Array,
  what: string,
  limit = Infinity
): string {
  try {
    const bytes = unpad(padded);
    if (bytes.length > limit) {
      throw new FormatError('size');
    }
    return utf8Decode(bytes);
  } catch (error) {
    throw error instanceof FormatError
      ? new VaultError('damaged', `${what}, ${error.message}`)
      : error;
  }
}

function decodeField(field: unknown): IField {
  const { value, ...head } = schema.members(field, 'field');
  return { ...fieldHead(head), value: schema.text(value, 'field value') };
}

/** Of an entry or of its row in the index. A type that is not known counts as `hidden`. */
export function fieldHead(field: unknown): IFieldHead {
  const { name, type, ...unknown } = schema.members(field, 'field');
  const known = type === 'text' || type === 'hidden';
  return {
    name: schema.text(name, 'field name'),
    type: known ? type : 'hidden',
    unknown: known
      ? unknown
      : { type: schema.text(type, 'field type'), ...unknown }
  };
}

/** What is made of a name binds writers; see §6. */
export function entryName(value: unknown): string {
  const name = schema.text(value, 'name');
  if (name === '' || name.length > NAME_LIMIT) {
    throw new VaultError('damaged', 'name');
  }
  return name;
}

export function assertFieldNames(fields: readonly IFieldHead[]): void {
  const differ =
    fields.length === 1 ||
    new Set(fields.map(({ name }) => name)).size === fields.length;
  if (!fields.length || !differ) {
    throw new VaultError('damaged', 'fields');
  }
}
