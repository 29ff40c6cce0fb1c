/** Finds entries as the person types: over names, user names, tags and URLs. */
import type { IEntrySummary } from '../custodian/protocol';

interface IIndexed {
  readonly entry: IEntrySummary;
  readonly name: string;
  readonly text: string;
}

export class Search {
  /** @param _entries - By name, as the store has them. */
  constructor(private readonly _entries: readonly IEntrySummary[]) {}

  /** Ids of the entries whose name another one has as well: a merge may leave two. */
  get namesakes(): ReadonlySet<string> {
    if (!this._namesakes) {
      const firsts = new Map<string, string>();
      const found = new Set<string>();
      for (const entry of this._entries) {
        const first = firsts.get(entry.name);
        if (first === undefined) {
          firsts.set(entry.name, entry.id);
        } else {
          found.add(first).add(entry.id);
        }
      }
      this._namesakes = found;
    }
    return this._namesakes;
  }

  /** Every word must occur; names that start with the query come first. */
  find(query: string): readonly IEntrySummary[] {
    const whole = query.trim().toLowerCase();
    if (!whole) {
      return this._entries;
    }
    const words = whole.split(/\s+/);
    const starts: IEntrySummary[] = [];
    const others: IEntrySummary[] = [];
    this._indexed ??= this._entries.map(indexed);
    for (const { entry, name, text } of this._indexed) {
      if (words.every(word => text.includes(word))) {
        (name.startsWith(whole) ? starts : others).push(entry);
      }
    }
    return starts.concat(others);
  }

  private _namesakes: ReadonlySet<string> | undefined;
  /** Made when it is first used: the list is on screen by then. */
  private _indexed: readonly IIndexed[] | undefined;
}

function indexed(entry: IEntrySummary): IIndexed {
  const { name, user, url, tags } = entry;
  return {
    entry,
    name: name.toLowerCase(),
    text: [name, user, url, ...tags].join('\n').toLowerCase()
  };
}
