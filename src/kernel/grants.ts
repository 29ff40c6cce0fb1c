/** "Allow for this kernel": kept in memory, for one run of one kernel, one document, one entry. */
import { Signal } from '@lumino/signaling';
import { Crowd } from '../store/crowd';
import type { IKernelGrant, IKernelGrants } from '../store/types';

export interface IAsker {
  /** The connection's client id. */
  readonly connection: string;
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

interface IKept extends IKernelGrant {
  readonly asker: IAsker;
}

export class KernelGrants implements IKernelGrants {
  readonly changed = new Signal<this, void>(this);
  /** As `changed`, but for mere uses. */
  readonly heldChanged = new Signal<this, void>(this);

  get all(): readonly IKernelGrant[] {
    return this._kept;
  }

  /** What the custodian knows of them: pairs of connection and entry. */
  get held(): (readonly [connection: string, entry: string])[] {
    return this._kept.map(({ asker, entry }) => [asker.connection, entry]);
  }

  /** @param kernel - Its name, for people. */
  allow(asker: IAsker, entries: readonly string[], kernel: string): void {
    const { path } = asker;
    const known = new Set(this.of(asker));
    const since = Date.now();
    const added = entries
      .filter(entry => !known.has(entry))
      .map(entry => ({ path, entry, kernel, since, used: since, asker }));
    // What an earlier run had was not seen to end, where the page was offline.
    const others = this._kept.filter(
      kept => kept.asker.kernel !== asker.kernel || isSameRun(kept.asker, asker)
    );
    this._keep([...others, ...added]);
  }

  /** Ids of the entries that may be read without a question. */
  of(asker: IAsker): string[] {
    return this._kept
      .filter(kept => kept.path === asker.path && isSameRun(kept.asker, asker))
      .map(({ entry }) => entry);
  }

  /** They were read, by one of these grants or by another. */
  use(asker: IAsker, entries: readonly string[]): void {
    const used = Date.now();
    const isUsed = (kept: IKept) =>
      kept.path === asker.path &&
      isSameRun(kept.asker, asker) &&
      entries.includes(kept.entry);
    if (this._kept.some(isUsed)) {
      this._kept = this._kept.map(kept =>
        isUsed(kept) ? { ...kept, used } : kept
      );
      this._uses.add();
    }
  }

  revoke({ path, entry }: IKernelGrant): void {
    this._keep(
      this._kept.filter(kept => kept.path !== path || kept.entry !== entry)
    );
  }

  /** That run is over. @param kernel - The end of the askers' `kernel`. */
  end(kernel: string): void {
    this._keep(
      this._kept.filter(({ asker }) => !asker.kernel.endsWith(kernel))
    );
  }

  /** A document was renamed: it keeps what it has. */
  movePath(from: string, to: string): void {
    this._keep(
      this._kept.map(kept =>
        kept.path === from ? { ...kept, path: to } : kept
      )
    );
  }

  clear(): void {
    this._keep([]);
  }

  private _keep(kept: readonly IKept[]): void {
    if (kept.length || this._kept.length) {
      this._kept = kept;
      this.heldChanged.emit();
      this.changed.emit();
    }
  }

  private _kept: readonly IKept[] = [];
  private readonly _uses = new Crowd(() => this.changed.emit());
}

function isSameRun(one: IAsker, other: IAsker): boolean {
  return (
    one.kernel === other.kernel &&
    one.generation === other.generation &&
    one.process === other.process
  );
}
