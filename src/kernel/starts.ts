/** When kernels were started, as far as this page has seen it; the dialog tells. */
import type { Kernel, Session } from '@jupyterlab/services';
import { isStart } from './kernel-runs';

export class KernelStarts {
  /** @param _sessions - As the server told of them when they were made, or found. */
  constructor(private readonly _sessions: () => Iterable<Session.IModel>) {}

  /** To be called as soon as there is a connection. */
  watch(connection: Kernel.IKernelConnection): void {
    const { id } = connection;
    if (!this._at.has(id) && this._isStarting(id)) {
      this._at.set(id, Date.now());
    }
    connection.statusChanged.connect((_, status) => {
      // A kernel can say so itself, and make itself look younger; never older.
      if (isStart(status)) {
        this._at.set(id, Date.now());
      }
    });
  }

  /** Undefined: it ran before this page came to it. */
  of({ id }: Kernel.IKernelConnection): number | undefined {
    return this._at.get(id);
  }

  private _isStarting(id: string): boolean {
    for (const { kernel } of this._sessions()) {
      if (kernel?.id === id) {
        return kernel.execution_state === 'starting';
      }
    }
    return false;
  }

  private readonly _at = new Map<string, number>();
}
