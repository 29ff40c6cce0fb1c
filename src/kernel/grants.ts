/** "Allow for this kernel": kept in memory, for one run of one kernel, one document, one entry. */

export interface IAsker {
  readonly kernel: string;
  /** Rises at each restart that the page sees. */
  readonly generation: number;
  /**
   * The `session` in its messages. A kernel that was restarted while the page was offline has
   * another; one that forges it gets what the one before it had already.
   */
  readonly process: string;
  readonly path: string;
}

export class KernelGrants {
  allow(asker: IAsker, entries: readonly string[]): void {
    const key = keyOf(asker);
    const allowed = this._allowed.get(key) ?? new Set();
    entries.forEach(entry => allowed.add(entry));
    this._allowed.set(key, allowed);
  }

  /** Ids of the entries that may be read without a question. */
  of(asker: IAsker): string[] {
    return [...(this._allowed.get(keyOf(asker)) ?? [])];
  }

  clear(): void {
    this._allowed.clear();
  }

  private readonly _allowed = new Map<string, Set<string>>();
}

function keyOf({ kernel, generation, process, path }: IAsker): string {
  return JSON.stringify([kernel, generation, process, path]);
}
