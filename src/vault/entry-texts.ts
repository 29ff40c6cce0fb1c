/** The entries' part of a file's text, of which a save makes anew only what has changed. */
import { entryText } from './format';

export class EntryTexts {
  /**
   * Ordered by id: in the file their order says nothing, neither of names nor of age. What has not
   * changed since the last call is the same string.
   *
   * @param sealed - Sealed entries by id.
   */
  parts(sealed: ReadonlyMap<string, string>): string[] {
    const changed = new Set<string>();
    for (const [id, text] of sealed) {
      if (this._last.get(id) !== text) {
        changed.add(blockOf(id));
      }
    }
    for (const id of this._last.keys()) {
      if (!sealed.has(id)) {
        changed.add(blockOf(id));
      }
    }
    if (changed.size) {
      this._write(changed, sealed);
      this._last = new Map(sealed);
    }
    const blocks = [...this._blocks.keys()].sort();
    return blocks.flatMap((block, i) =>
      i ? [',', this._blocks.get(block)!] : [this._blocks.get(block)!]
    );
  }

  private _write(
    changed: ReadonlySet<string>,
    sealed: ReadonlyMap<string, string>
  ): void {
    const ids = new Map<string, string[]>();
    for (const id of sealed.keys()) {
      const block = blockOf(id);
      if (changed.has(block)) {
        ids.set(block, ids.get(block) ?? []);
        ids.get(block)!.push(id);
      }
    }
    for (const block of changed) {
      const members = ids.get(block)?.sort();
      if (members) {
        const texts = members.map(id => entryText(id, sealed.get(id)!));
        this._blocks.set(block, texts.join());
      } else {
        this._blocks.delete(block);
      }
    }
  }

  private _last: ReadonlyMap<string, string> = new Map();
  private readonly _blocks = new Map<string, string>();
}

/** Ids are random: their first letters part them into 64 blocks of much the same size. */
function blockOf(id: string): string {
  return id[0];
}
