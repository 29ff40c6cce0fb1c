/** A stored entry as the form edits it: hidden values stay where they are. */
import type { IEntryDetail, IEntryDraft } from '../custodian/protocol';

export function draftOf(detail: IEntryDetail): IEntryDraft {
  const { id, rev, version, name, kind, user, url, notes, tags } = detail;
  const { fields, texts } = detail;
  return {
    id,
    rev,
    ...(version !== undefined && { version }),
    name,
    kind,
    user,
    url,
    notes,
    tags,
    fields: fields.map((field, from) => ({
      ...field,
      from,
      ...(texts[from] !== null && { value: texts[from] })
    }))
  };
}
