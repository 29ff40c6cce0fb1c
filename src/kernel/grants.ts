/** "Allow for this kernel": kept in memory, for one run of one kernel, one document, one entry. */

export interface IAsker {
  readonly kernel: string;
  /** Rises at each restart. */
  readonly generation: number;
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

function keyOf({ kernel, generation, path }: IAsker): string {
  return JSON.stringify([kernel, generation, path]);
}
