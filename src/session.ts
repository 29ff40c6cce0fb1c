/** The page's one store, made at its first use: Lab starts without it. */
import type { ServiceManager } from '@jupyterlab/services';
import { Token } from '@lumino/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';
// First: it takes the browser's functions, and hears of clicks, before any notebook.
import { connect } from './custodian/connect';
import { KernelGrants } from './kernel/grants';
import type { Store } from './store/store';
import type { Preferences } from './preferences';
import type { ICredentialStore } from './tokens';

/** Not exported by the package: it leads to values. */
export const ISession = new Token<Session>(
  'jupyterlab-credential-store:ISession',
  'The page’s credential store, for the plugins of this extension.'
);

export class Session implements ICredentialStore {
  /** What was allowed for the run of a kernel: given by the dialog, listed in the panel. */
  readonly kernelGrants = new KernelGrants();

  constructor(
    private readonly _services: ServiceManager.IManager,
    readonly preferences: Preferences
  ) {}

  /** Null before its first use. */
  get store(): Store | null {
    return this._store;
  }

  get isUnlocked(): boolean {
    return this._store?.state.kind === 'unlocked';
  }

  get lockChanged(): ISignal<this, boolean> {
    return this._lockChanged;
  }

  async lock(): Promise<void> {
    await this._store?.lock();
  }

  /** The store, with its file read. */
  async ready(): Promise<Store> {
    this._making ??= this._make();
    this._making.catch(() => {
      // What could not be loaded now may be loaded later.
      this._making = undefined;
    });
    const store = await this._making;
    if (store.state.kind === 'loading') {
      await store.refresh();
    }
    return store;
  }

  /** A document has a new path; noted until the store is made, since Lab starts without it. */
  movePath(from: string, to: string): void {
    this.kernelGrants.movePath(from, to);
    if (this._store) {
      void this._store.movePath(from, to).catch(() => undefined);
    } else {
      this._moves.push([from, to]);
    }
  }

  private async _make(): Promise<Store> {
    const { makeStore } = await import('./make-store');
    const store = makeStore(this._services, connect);
    this._store = store;
    const setAutoLock = () =>
      void store
        .setAutoLock(this.preferences.values.autoLockMinutes * 60_000)
        .catch(() => undefined);
    this.preferences.changed.connect(setAutoLock);
    setAutoLock();
    let unlocked = false;
    store.changed.connect(() => {
      if (this.isUnlocked !== unlocked) {
        unlocked = this.isUnlocked;
        this._lockChanged.emit(unlocked);
      }
    });
    this._watch(store);
    for (const [from, to] of this._moves.splice(0)) {
      void store.movePath(from, to).catch(() => undefined);
    }
    return store;
  }

  /** Being at the keyboard counts as use; a loop in a notebook does not. */
  private _watch(store: Store): void {
    const touch = (event: Event) => {
      if (event.isTrusted) {
        store.touch();
      }
    };
    for (const type of ['keydown', 'pointerdown'] as const) {
      document.addEventListener(type, touch, { capture: true, passive: true });
    }
    window.addEventListener(
      'pagehide',
      () => void store.lock().catch(() => undefined)
    );
    window.addEventListener('beforeunload', event => {
      if (isUnsaved(store)) {
        // The browser asks whether to leave.
        event.preventDefault();
      }
    });
    window.addEventListener('online', () => {
      if (isUnsaved(store)) {
        void store.retrySave();
      }
    });
    // The command may have saved meanwhile.
    window.addEventListener('focus', () => void store.refresh());
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) {
        void store.refresh();
      }
    });
  }

  private readonly _lockChanged = new Signal<this, boolean>(this);
  private _store: Store | null = null;
  private _making: Promise<Store> | undefined;
  private readonly _moves: (readonly [from: string, to: string])[] = [];
}

/** Whether changes exist in this page alone. */
function isUnsaved({ notices }: Store): boolean {
  return notices.some(
    ({ kind }) => kind === 'unsaved' || kind === 'passphrase-changed'
  );
}
