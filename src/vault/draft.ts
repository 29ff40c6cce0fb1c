/** How a form's draft becomes a record, and what it may hold; spec/vault.md §6. */
import type { FieldType, IField, IRecord } from './entry';
import { VaultError } from './errors';
import { isName, tidyName } from './names';
import { isWellFormed } from './schema';

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

/**
 * @param stored - The record that was edited, or null for a new one.
 * @throws VaultError `invalid-draft` (detail: `name`, `user`, …, `fields.2`)
 */
export function applyDraft(
  draft: IDraft,
  stored: IRecord | null,
  identity: { id: string; rev: number; now: number }
): IRecord {
  const { user, url, notes } = draft;
  const kind = draft.kind ?? stored?.kind ?? 'login';
  const name = tidyName(draft.name);
  if (!isName(name)) {
    throw new VaultError('invalid-draft', 'name');
  }
  const tags = draft.tags.map(tag => tag.trim()).filter(Boolean);
  const texts = { kind, user, url, notes, tags: tags.join() };
  for (const [part, text] of Object.entries(texts)) {
    if (!isWellFormed(text)) {
      throw new VaultError('invalid-draft', part);
    }
  }
  return {
    id: identity.id,
    rev: identity.rev,
    kind,
    name,
    user,
    url,
    notes,
    tags: [...new Set(tags)],
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
  return draft.fields.map(({ from, ...field }, i) => {
    const name = tidyName(field.name);
    const kept = from === undefined ? undefined : stored?.fields[from];
    const value = field.value ?? kept?.value;
    if (
      !isName(name) ||
      names.has(name) ||
      value === undefined ||
      !isWellFormed(value)
    ) {
      throw new VaultError('invalid-draft', `fields.${i}`);
    }
    names.add(name);
    return { name, type: field.type, value, unknown: unknownOf(kept, field) };
  });
}

/** A type of a later version stays until the person chooses another than what it counts as. */
function unknownOf(
  kept: IField | undefined,
  field: { type: FieldType }
): IField['unknown'] {
  const { type: laterType, ...unknown } = kept?.unknown ?? {};
  return laterType !== undefined && field.type === kept?.type
    ? { type: laterType, ...unknown }
    : unknown;
}
