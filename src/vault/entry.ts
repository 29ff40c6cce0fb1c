/** One entry: its record, and how a form's draft becomes one; spec/vault.md §6. */
import { utf8Decode, utf8Encode, wipe } from '../crypto/bytes';
import { FormatError } from '../crypto/errors';
import { pad, unpad } from '../crypto/padding';
import { VaultError } from './errors';
import * as schema from './schema';

const NAME_LIMIT = 256;
const ENTRY_LIMIT = 1024 * 1024;
const LEAST_PADDED = 256;
const STEP = 65_536;
/** Control characters, and the separators that would break a line. */
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

export type FieldType = 'text' | 'hidden';

export interface IField {
  readonly name: string;
  readonly type: FieldType;
  readonly value: string;
  /** Members of a later version. */
  readonly unknown: schema.Members;
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

/** What a form sends; `from` points to the stored field whose value is kept. */
export interface IDraft {
  readonly name: string;
  readonly kind?: string;
  readonly user: string;
  readonly url: string;
  readonly notes: string;
  readonly tags: readonly string[];
  readonly fields: readonly {
    readonly from?: number;
    readonly name: string;
    readonly type: FieldType;
    readonly value?: string;
  }[];
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
  const { fields, unknown, ...known } = record;
  const bytes = utf8Encode(
    JSON.stringify({
      ...known,
      fields: fields.map(({ unknown: more, ...field }) => ({
        ...field,
        ...more
      })),
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
  let parsed: unknown;
  try {
    parsed = JSON.parse(utf8Decode(unpad(padded)));
  } catch (error) {
    const rule = error instanceof FormatError ? error.message : 'JSON';
    throw new VaultError('damaged', `entry, ${rule}`);
  }
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
  } = schema.members(parsed, 'entry');
  return {
    id: schema.id(id, 'entry id'),
    rev: schema.integer(rev, 'rev'),
    kind: schema.text(kind, 'kind'),
    name: schema.text(name, 'name'),
    user: schema.text(user, 'user'),
    url: schema.text(url, 'url'),
    notes: schema.text(notes, 'notes'),
    tags: schema.texts(tags, 'tags'),
    fields: schema.list(fields, 'fields').map(decodeField),
    created: schema.integer(created, 'created'),
    changed: schema.integer(changed, 'changed'),
    unknown
  };
}

function decodeField(value: unknown): IField {
  const {
    name,
    type,
    value: secret,
    ...unknown
  } = schema.members(value, 'field');
  return {
    name: schema.text(name, 'field name'),
    type: fieldType(type),
    value: schema.text(secret, 'field value'),
    unknown
  };
}

export function fieldType(type: unknown): FieldType {
  if (type !== 'text' && type !== 'hidden') {
    throw new VaultError('damaged', 'field type');
  }
  return type;
}

/**
 * @param stored - The record that was edited, or null for a new one.
 * @throws VaultError `invalid-draft` (detail: `name`, `user`, …, `fields.2`)
 */
export function applyDraft(
  draft: IDraft,
  stored: IRecord | null,
  identity: { id: string; rev: number; now: number }
): IRecord {
  const name = draft.name.normalize('NFC').trim();
  if (
    !name ||
    name.length > NAME_LIMIT ||
    CONTROL.test(name) ||
    !schema.isWellFormed(name)
  ) {
    throw new VaultError('invalid-draft', 'name');
  }
  for (const part of ['user', 'url', 'notes'] as const) {
    if (!schema.isWellFormed(draft[part])) {
      throw new VaultError('invalid-draft', part);
    }
  }
  return {
    id: identity.id,
    rev: identity.rev,
    kind: draft.kind ?? stored?.kind ?? 'login',
    name,
    user: draft.user,
    url: draft.url,
    notes: draft.notes,
    tags: [...new Set(draft.tags.map(tag => tag.trim()).filter(Boolean))],
    fields: applyFields(draft, stored),
    created: stored?.created ?? identity.now,
    changed: identity.now,
    unknown: stored?.unknown ?? {}
  };
}

function applyFields(draft: IDraft, stored: IRecord | null): IField[] {
  if (!draft.fields.length) {
    throw new VaultError('invalid-draft', 'fields');
  }
  const names = new Set<string>();
  return draft.fields.map((field, i) => {
    const name = field.name.normalize('NFC').trim();
    const kept =
      field.from === undefined ? undefined : stored?.fields[field.from];
    const value = field.value ?? kept?.value;
    if (
      !name ||
      name.length > NAME_LIMIT ||
      CONTROL.test(name) ||
      names.has(name) ||
      value === undefined ||
      !schema.isWellFormed(name + value)
    ) {
      throw new VaultError('invalid-draft', `fields.${i}`);
    }
    names.add(name);
    return { name, type: field.type, value, unknown: kept?.unknown ?? {} };
  });
}
