/** Tells one run of a kernel from the next, and which kernels must not ask any more. */
import type { Kernel } from '@jupyterlab/services';

/** A kernel, as one connection has it. */
export function nameOf({ clientId, id }: Kernel.IKernelConnection): string {
  return clientId + id;
}

/** Whether another run begins; also what other pages' restarts look like from here. */
export function isStart(status: Kernel.Status): boolean {
  return (
    status === 'starting' ||
    status === 'restarting' ||
    status === 'autorestarting'
  );
}

export class KernelRuns {
  /** @param _ended - Told when a run ends: of all connections to the kernel, or of the one named. */
  constructor(private readonly _ended: (kernel: string) => void) {}

  /** Rises at each restart that is seen from here. */
  generation(connection: Kernel.IKernelConnection): number {
    const known = this._generations.get(connection);
    if (known !== undefined) {
      return known;
    }
    this._generations.set(connection, 0);
    const kernel = nameOf(connection);
    connection.statusChanged.connect((_, status) => {
      if (isStart(status) || status === 'dead' || status === 'terminating') {
        const generation = (this._generations.get(connection) ?? 0) + 1;
        this._generations.set(connection, generation);
        this._ended(connection.id);
      }
      this._unblock(kernel, status);
    });
    // Another connection may go on with the same kernel.
    connection.disposed.connect(() => this._ended(kernel));
    return 0;
  }

  isBlocked(kernel: string): boolean {
    return this._blocked.has(kernel);
  }

  block(kernel: string): void {
    this._blocked.add(kernel);
  }

  /**
   * A kernel can say that it restarts, and go on. Lab follows that with "autorestarting", at once;
   * without, the person has restarted it.
   */
  private _unblock(kernel: string, status: Kernel.Status): void {
    if (status === 'restarting') {
      if (this._blocked.delete(kernel)) {
        this._restarted.add(kernel);
      }
    } else if (this._restarted.delete(kernel) && status === 'autorestarting') {
      this._blocked.add(kernel);
    }
  }

  private readonly _generations = new WeakMap<object, number>();
  private readonly _blocked = new Set<string>();
  /** Were blocked, and seem to have been restarted by the person. */
  private readonly _restarted = new Set<string>();
}
