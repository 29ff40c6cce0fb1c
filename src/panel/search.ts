/** Finds entries as the person types: over names, user names, tags and URLs. */
import { byName } from '../custodian/order';
import type { IEntrySummary } from '../custodian/protocol';

interface IIndexed {
  readonly entry: IEntrySummary;
  readonly name: string;
  readonly text: string;
}

export class Search {
  /** @param entries - Indexed once for each list. */
  constructor(entries: readonly IEntrySummary[]) {
    // Nearly sorted as a rule: quick.
    this._indexed = [...entries].sort(byName).map(entry => ({
      entry,
      name: entry.name.toLowerCase(),
      text: [entry.name, entry.user, entry.url, ...entry.tags]
        .join('\n')
        .toLowerCase()
    }));
  }

  /** Ids of the entries whose name another one has as well: a merge may leave two. */
  get namesakes(): ReadonlySet<string> {
    if (!this._namesakes) {
      const firsts = new Map<string, string>();
      const found = new Set<string>();
      for (const { entry } of this._indexed) {
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
  find(query: string): IEntrySummary[] {
    const whole = query.trim().toLowerCase();
    const words = whole.split(/\s+/);
    const starts: IEntrySummary[] = [];
    const others: IEntrySummary[] = [];
    for (const { entry, name, text } of this._indexed) {
      if (words.every(word => text.includes(word))) {
        (name.startsWith(whole) ? starts : others).push(entry);
      }
    }
    return starts.concat(others);
  }

  private readonly _indexed: readonly IIndexed[];
  private _namesakes: ReadonlySet<string> | undefined;
}
