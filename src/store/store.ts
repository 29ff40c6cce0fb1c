/**
 * The store: joins the custodian, which has the keys, with a place that keeps the file.
 */
import type { ISignal } from '@lumino/signaling';
import type {
  Answer,
  Arguments,
  IEntryDetail,
  IEntryDraft,
  IEntrySummary,
  IGrant,
  IPin,
  OperationName,
  RequestOutcome,
  Secret,
  SuiteName
} from '../custodian/protocol';
import { Creation } from './creation';
import { Edits } from './edits';
import { facadeOf } from './facade';
import { Opening } from './opening';
import type { IPinKeeper } from './pin';
import { PinGuard } from './pin-guard';
import { INTERNAL, Reader } from './reader';
import { Saver, type Call } from './saver';
import type {
  ExchangeOperation,
  ILocation,
  IStorage,
  IStore,
  Notice,
  SaveProblem,
  StoreState
} from './types';
import { StoreView } from './view';

/** The custodian's client, as far as the store uses it. */
export interface ICustodian {
  readonly inPage: boolean;
  call<K extends OperationName>(op: K, args: Arguments<K>): Promise<Answer<K>>;
}

export interface IStoreOptions {
  readonly storage: IStorage;
  /** Gets the store's events, returns the custodian that emits them. */
  readonly custodian: (events: {
    locked(): void;
    deadline(at: number | null): void;
    slow(): void;
    died(): void;
  }) => ICustodian;
  readonly pins: (location: ILocation) => IPinKeeper;
  /** Whether the page came over https or from this machine. */
  readonly secure: boolean;
}

/** `touch` goes to the custodian at most this often, in ms. */
const TOUCH_MS = 5_000;
/** A custodian that dies so often in a row is not given the file again unasked. */
const DEATHS = 3;
/** Why a save waits for the person. */
const DECISIONS: readonly Notice['kind'][] = [
  'passphrase-changed',
  'rolled-back',
  'replaced'
];

/** A store as the page holds it. */
export type Store = Pick<
  CredentialStore,
  Exclude<keyof CredentialStore, 'facade'>
>;

export class CredentialStore implements IStore {
  constructor(options: IStoreOptions) {
    const { storage, pins } = options;
    this._custodian = options.custodian({
      locked: () => {
        this._forget();
        void this._saver.save();
      },
      deadline: at => {
        this._view.deadline = at;
        this._view.emit();
      },
      slow: () => this._tellOnce('slow'),
      died: () => void this._revive()
    });
    const call: Call = (op, args) => this._call(op, args);
    this._creation = new Creation(call, storage);
    this._edits = new Edits(call, this._view, () => void this._save());
    this._saver = new Saver(call, storage, () => this._guard.seen, {
      stored: pin => this._stored(pin),
      merged: (report, pin) => {
        this._merges++;
        this._stale = true;
        this._trust(pin);
        this._view.tell(report);
        // At once: what is merged may take its time to be stored, and rows would lead to what is no more.
        void this._reload();
      },
      failed: reason => {
        this._view.notices.add(
          DECISIONS.includes(reason as Notice['kind'])
            ? ({ kind: reason } as Notice)
            : { kind: 'unsaved', reason: reason as SaveProblem }
        );
        this._view.emit();
      }
    });
    this._reader = new Reader({
      call,
      storage,
      pins,
      view: this._view,
      guard: this._guard,
      compare: content => this._compare(content?.etag),
      loaded: etag => {
        this._saver.etag = etag;
      }
    });
    this._opening = new Opening({
      call,
      view: this._view,
      guard: this._guard,
      reader: this._reader,
      creation: this._creation,
      prepare: () => this._sendAutoLock(),
      created: etag => {
        this._saver.etag = etag;
      },
      unlocked: unlocked => this._unlocked(unlocked)
    });
    if (!options.secure) {
      this._view.notices.add({ kind: 'insecure-connection' });
    }
  }

  get state(): StoreState {
    return this._view.state;
  }

  get location(): ILocation | null {
    return this._view.location;
  }

  get notices(): readonly Notice[] {
    return this._view.notices.all;
  }

  get entries(): readonly IEntrySummary[] {
    return this._view.entries;
  }

  get grants(): readonly IGrant[] {
    return this._view.grants;
  }

  get deadline(): number | null {
    return this._view.deadline;
  }

  get changed(): ISignal<IStore, void> {
    return this._view.changed;
  }

  /** @param autoLockMs - 0 means never. */
  async setAutoLock(autoLockMs: number): Promise<void> {
    this._autoLockMs = autoLockMs;
    await this._call('setAutoLock', { autoLockMs });
  }

  refresh(): Promise<void> {
    return this._reader.refresh();
  }

  warm(): void {
    void this._call('warm', {}).catch(() => undefined);
  }

  create(passphrase: string, suite: SuiteName): Promise<string> {
    return this._creation.make({ passphrase, suite });
  }

  confirmCreation(): Promise<void> {
    return this._opening.confirmCreation();
  }

  abandonCreation(): void {
    this._creation.abandon();
  }

  unlock(secret: Secret, abort?: AbortSignal): Promise<void> {
    return this._opening.unlock(secret, abort);
  }

  async lock(): Promise<void> {
    this._forget();
    const locked = this._call('lock', {});
    // What is not stored yet is sealed now, and can be stored all the same.
    void this._saver.save();
    await locked;
  }

  touch(): void {
    const now = Date.now();
    if (this._view.isUnlocked && now - this._touchedAt > TOUCH_MS) {
      this._touchedAt = now;
      void this._call('touch', {}).catch(() => undefined);
    }
  }

  detail(id: string): Promise<IEntryDetail> {
    return this._call('detail', { id });
  }

  reveal(id: string, field: number): Promise<string> {
    return this._call('reveal', { id, field });
  }

  put(draft: IEntryDraft): Promise<{ id: string; name: string }> {
    return this._edits.put(draft);
  }

  duplicate(id: string): Promise<{ id: string; name: string }> {
    return this._edits.duplicate(id);
  }

  remove(id: string): Promise<{ name: string }> {
    return this._edits.remove(id);
  }

  restore(id: string): Promise<void> {
    return this._edits.restore(id);
  }

  revoke(path: string, entry: string): Promise<void> {
    return this._edits.revoke(path, entry);
  }

  movePath(from: string, to: string): Promise<void> {
    return this._edits.movePath(from, to);
  }

  get hasDraft(): boolean {
    return this._hasDraft;
  }

  async stashDraft(draft: IEntryDraft | null): Promise<void> {
    const turn = ++this._stashes;
    if (!draft) {
      this._noteDraft(false);
    }
    await this._call('stash', { draft });
    if (draft && turn === this._stashes) {
      this._noteDraft(true);
    }
  }

  takeDraft(): Promise<IEntryDraft | null> {
    return this._call('unstash', {});
  }

  async changePassphrase(
    current: Secret,
    next: string,
    abort?: AbortSignal
  ): Promise<string> {
    const { entries } = this._view;
    const merges = this._merges;
    const recoveryCode = await this._saver.changePassphrase(
      current,
      next,
      abort
    );
    // All was sealed anew: the versions in the list are those of before.
    this._stale = true;
    await this._reload();
    if (merges === this._merges) {
      await this._renewDraft(entries);
    }
    return recoveryCode;
  }

  async retrySave(): Promise<void> {
    await this._save();
  }

  dismiss(kind: Notice['kind']): void {
    this._view.notices.remove(kind);
    if (this._guard.doubt?.kind === kind) {
      if (!this._guard.accept()) {
        this._saver.etag = null;
        this._view.state = { kind: 'absent' };
      }
    } else if (
      this._view.isUnlocked &&
      (kind === 'rolled-back' || kind === 'replaced')
    ) {
      // It does not go with what is open: the locked store shows it, and asks.
      void this.lock()
        .then(() => this.refresh())
        .catch(() => undefined);
    }
    this._view.emit();
  }

  async exchange<K extends ExchangeOperation>(
    op: K,
    args: Arguments<K>
  ): Promise<Answer<K>> {
    if (this._view.state.kind === 'loading') {
      await this.refresh();
    }
    const answer = await this._call(op, args);
    if (op === 'allowAlways') {
      await this._edits.showGrants();
    } else if (
      op === 'grant' ||
      (answer as RequestOutcome | undefined)?.kind === 'reply'
    ) {
      this._edits.noteUse();
    }
    return answer;
  }

  /** @param pin - Null: nothing had changed. */
  private _stored(pin: IPin | null): void {
    this._view.notices.remove('unsaved');
    if (pin && !this._waiting) {
      this._view.notices.remove('passphrase-changed');
    }
    this._trust(pin);
    this._view.emit();
  }

  private _trust(pin: IPin | null): void {
    if (pin) {
      this._guard.trust(pin);
      this._view.notices.remove('rolled-back', 'replaced');
    }
  }

  /** The file was read while the store is open. */
  private async _compare(etag: string | undefined): Promise<void> {
    if (etag !== undefined && etag !== this._saver.etag) {
      await this._pull();
    } else if (this._view.notices.has('unsaved')) {
      await this._save();
    }
  }

  private async _unlocked(unlocked: Answer<'unlock'>): Promise<void> {
    const { etag, report, waiting } = unlocked;
    const isLatest = etag === this._saver.etag;
    this._saver.etag = etag;
    this._deaths = 0;
    this._waiting = waiting;
    this._view.notices.remove('passphrase-changed');
    if (waiting) {
      this._view.notices.add({ kind: 'passphrase-changed', needs: 'old' });
    }
    this._view.tell(report);
    this._view.adopt(unlocked);
    this._guard.opened();
    await this._edits.catchUp();
    // Changes that were kept over the lock, sealed, are stored now.
    void (isLatest ? this._save() : this._pull());
  }

  private async _save(): Promise<void> {
    await this._saver.save();
    await this._reload();
  }

  private async _pull(): Promise<void> {
    await this._saver.pull();
    await this._reload();
  }

  private async _reload(): Promise<void> {
    if (!this._stale || !this._view.isUnlocked) {
      return;
    }
    this._stale = false;
    const { locks } = this._view;
    try {
      const snapshot = await this._call('list', {});
      if (locks === this._view.locks) {
        this._view.adopt(snapshot);
      }
    } catch {
      // Locked meanwhile: the next unlock lists it.
    }
  }

  /** The entry that is being edited has another version now, and has not been edited. */
  private async _renewDraft(before: readonly IEntrySummary[]): Promise<void> {
    try {
      const turn = this._stashes;
      const draft = await this.takeDraft();
      const of = (entries: readonly IEntrySummary[]) =>
        entries.find(({ id }) => id === draft?.id);
      const old = of(before);
      const now = of(this._view.entries);
      if (
        draft &&
        old &&
        now?.rev === old.rev &&
        draft.version === old.version &&
        turn === this._stashes
      ) {
        await this._call('stash', {
          draft: { ...draft, version: now.version }
        });
      }
    } catch {
      // Locked meanwhile: what is half-typed is refused as stale, and stays in its form.
    }
  }

  private _forget(): void {
    // The custodian keeps no file over the time that it is open.
    this._reader.readAt = 0;
    this._view.forget();
  }

  /** The worker has died: a new one starts with the next call, and needs the file. */
  private async _revive(): Promise<void> {
    this._view.state = { kind: 'loading' };
    this._stashes++;
    this._hasDraft = false;
    this._forget();
    await this._saver.rescue();
    // A reading that failed with the worker says nothing.
    await this._reader.refresh();
    if (++this._deaths < DEATHS) {
      await this._reader.refresh();
    } else {
      this._view.become(INTERNAL);
    }
  }

  private _noteDraft(has: boolean): void {
    if (this._hasDraft !== has) {
      this._hasDraft = has;
      this._view.emit();
    }
  }

  private _sendAutoLock(): void {
    if (this._autoLockMs !== undefined) {
      void this.setAutoLock(this._autoLockMs).catch(() => undefined);
    }
  }

  /** Returns the custodian's own promise: what it resolves with is not passed on by another. */
  private _call<K extends OperationName>(
    op: K,
    args: Arguments<K>
  ): Promise<Answer<K>> {
    const answer = this._custodian.call(op, args);
    void this._notePlace(answer);
    return answer;
  }

  private async _notePlace(answer: Promise<unknown>): Promise<void> {
    try {
      await answer;
    } catch {
      // For the caller.
    }
    if (this._custodian.inPage) {
      this._tellOnce('in-page');
    }
  }

  /** What is read and closed stays closed. */
  private _tellOnce(kind: 'in-page' | 'slow'): void {
    if (!this._told.has(kind)) {
      this._told.add(kind);
      this._view.notices.add({ kind });
      this._view.emit();
    }
  }

  /** For the page. */
  readonly facade: Store = facadeOf(this);
  private readonly _custodian: ICustodian;
  private readonly _saver: Saver;
  private readonly _creation: Creation;
  private readonly _reader: Reader;
  private readonly _edits: Edits;
  private readonly _opening: Opening;
  private readonly _guard = new PinGuard();
  private readonly _view = new StoreView(this.facade);
  private readonly _told = new Set<Notice['kind']>();
  private _autoLockMs: number | undefined;
  /** How often a file of somebody else's was taken in. */
  private _merges = 0;
  /** The list is of before a merge, or of before all was sealed anew. */
  private _stale = false;
  /** Changes wait in the custodian for the old passphrase. */
  private _waiting = false;
  private _touchedAt = 0;
  private _hasDraft = false;
  /** Calls of `stashDraft`: the last one counts. */
  private _stashes = 0;
  private _deaths = 0;
}

// Nobody puts a `reveal` of theirs in.
Object.freeze(CredentialStore.prototype);
