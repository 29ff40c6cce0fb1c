/** Notifications that undo a deletion. */
import type { Notification } from '@jupyterlab/apputils';

/** How long a deletion can be undone, in ms. */
const UNDO_MS = 10_000;

export class UndoOffers {
  constructor(
    private readonly _notification: Pick<
      typeof Notification,
      'info' | 'dismiss'
    >,
    private readonly _label: string
  ) {}

  /** Each deletion has its own: one more takes nothing from those before it. */
  offer(message: string, undo: () => void): void {
    this._shown.add(
      this._notification.info(message, {
        autoClose: UNDO_MS,
        actions: [{ label: this._label, callback: undo }]
      })
    );
  }

  /** They tell names, and cannot undo while the store is locked. */
  dismissAll(): void {
    for (const id of this._shown) {
      this._notification.dismiss(id);
    }
    this._shown.clear();
  }

  private readonly _shown = new Set<string>();
}
