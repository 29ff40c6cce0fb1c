/**
 * The store: joins the custodian, which has the keys, with a place that keeps the file.
 */
import { Signal, type ISignal } from '@lumino/signaling';
import {
  CustodianError,
  type Answer,
  type Arguments,
  type IEntryDetail,
  type IEntryDraft,
  type IEntrySummary,
  type IGrant,
  type OperationName,
  type Secret,
  type SuiteName
} from '../custodian/protocol';
import { NoticeBoard } from './notices';
import { comparePin, type IPinKeeper } from './pin';
import { Saver } from './saver';
import {
  StorageError,
  type ExchangeOperation,
  type ILocation,
  type IStorage,
  type IStore,
  type IStoredFile,
  type Notice,
  type StoreState
} from './types';

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
    died(): void;
  }) => ICustodian;
  readonly pins: (location: ILocation) => IPinKeeper;
  /** Whether the page came over https or from this machine. */
  readonly secure: boolean;
}

/** A file read within this time is fresh enough to be unlocked, in ms. */
const FRESH_MS = 5_000;
/** `touch` goes to the custodian at most this often, in ms. */
const TOUCH_MS = 5_000;

const NONE: readonly never[] = Object.freeze([]);

export class CredentialStore implements IStore {
  constructor(options: IStoreOptions) {
    this._storage = options.storage;
    this._pins = options.pins;
    this._custodian = options.custodian({
      locked: () => this._forget(),
      deadline: at => {
        this._deadline = at;
        this._emit();
      },
      died: () => void this._revive()
    });
    const call: Saver['_call'] = (op, args) => this._call(op, args);
    this._saver = new Saver(call, options.storage, {
      stored: pin => {
        this._pinKeeper?.set(pin);
        this._notices.remove('unsaved', 'passphrase-changed');
        this._emit();
      },
      merged: report => {
        this._stale = true;
        if (report.incoming || report.copies.length) {
          this._notices.add({ kind: 'merged', report });
        }
      },
      failed: reason => {
        this._notices.add(
          reason === 'passphrase-changed'
            ? { kind: reason }
            : { kind: 'unsaved', reason }
        );
        this._emit();
      }
    });
    if (!options.secure) {
      this._notices.add({ kind: 'insecure-connection' });
    }
  }

  get state(): StoreState {
    return this._state;
  }

  get location(): ILocation | null {
    return this._location;
  }

  get notices(): readonly Notice[] {
    return this._notices.all;
  }

  get entries(): readonly IEntrySummary[] {
    return this._entries;
  }

  get grants(): readonly IGrant[] {
    return this._grants;
  }

  get deadline(): number | null {
    return this._deadline;
  }

  get changed(): ISignal<IStore, void> {
    return this._changed;
  }

  /** @param autoLockMs - 0 means never. */
  async setAutoLock(autoLockMs: number): Promise<void> {
    await this._call('setAutoLock', { autoLockMs });
  }

  refresh(): Promise<void> {
    this._refreshing ??= this._refresh().finally(() => {
      this._refreshing = undefined;
    });
    return this._refreshing;
  }

  warm(): void {
    void this._call('warm', {}).catch(() => undefined);
  }

  async create(passphrase: string, suite: SuiteName): Promise<string> {
    const made = await this._call('create', { passphrase, suite });
    this._created = made;
    return made.recoveryCode;
  }

  async confirmCreation(): Promise<void> {
    if (!this._created) {
      throw new CustodianError('no-file');
    }
    const { file, pin } = this._created;
    this._saver.etag = await this._storage.write(file, null);
    this._created = undefined;
    this._pinKeeper?.set(pin);
    this._adopt(await this._call('confirm', {}));
  }

  abandonCreation(): void {
    this._created = undefined;
    void this._call('lock', {}).catch(() => undefined);
  }

  async unlock(secret: Secret, abort?: AbortSignal): Promise<void> {
    const cancel = () => void this._call('cancel', {}).catch(() => undefined);
    abort?.throwIfAborted();
    abort?.addEventListener('abort', cancel);
    try {
      if (Date.now() - this._readAt > FRESH_MS) {
        await this.refresh();
      }
      if (abort?.aborted) {
        throw new CustodianError('cancelled');
      }
      this._adopt(await this._call('unlock', { secret }));
    } finally {
      abort?.removeEventListener('abort', cancel);
    }
    // Changes that were kept over the lock, sealed, are stored now.
    void this._save();
  }

  async lock(): Promise<void> {
    this._forget();
    await this._call('lock', {});
  }

  touch(): void {
    const now = Date.now();
    if (this._state.kind === 'unlocked' && now - this._touchedAt > TOUCH_MS) {
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

  async put(draft: IEntryDraft): Promise<{ id: string; name: string }> {
    const put = await this._call('put', { draft });
    await this._changedEntry(put.id);
    return put;
  }

  async duplicate(id: string): Promise<{ id: string; name: string }> {
    const put = await this._call('duplicate', { id });
    await this._changedEntry(put.id);
    return put;
  }

  async remove(id: string): Promise<{ name: string }> {
    const removed = await this._call('remove', { id });
    await this._changedEntry(id);
    return removed;
  }

  async restore(id: string): Promise<void> {
    await this._call('restore', { id });
    await this._changedEntry(id);
  }

  async revoke(path: string, entry: string): Promise<void> {
    await this._call('revoke', { path, entry });
    await this._changedGrants();
  }

  async movePath(from: string, to: string): Promise<void> {
    if (
      this._state.kind === 'unlocked' &&
      (await this._call('movePath', { from, to }))
    ) {
      await this._changedGrants();
    }
  }

  async stashDraft(draft: IEntryDraft | null): Promise<void> {
    await this._call('stash', { draft });
  }

  takeDraft(): Promise<IEntryDraft | null> {
    return this._call('unstash', {});
  }

  async changePassphrase(current: Secret, next: string): Promise<string> {
    const { recoveryCode } = await this._call('changePassphrase', {
      current,
      next
    });
    this._saver.dropBackups = true;
    await this._save();
    return recoveryCode;
  }

  async retrySave(): Promise<void> {
    await this._save();
  }

  dismiss(kind: Notice['kind']): void {
    if ((kind === 'rolled-back' || kind === 'replaced') && this._pendingPin) {
      this._pinKeeper?.set(this._pendingPin);
      this._pendingPin = undefined;
    }
    this._notices.remove(kind);
    this._emit();
  }

  async exchange<K extends ExchangeOperation>(
    op: K,
    args: Arguments<K>
  ): Promise<Answer<K>> {
    if (this._state.kind === 'loading') {
      await this.refresh();
    }
    const answer = await this._call(op, args);
    if (op === 'allowAlways') {
      await this._changedGrants();
    }
    return answer;
  }

  private async _refresh(): Promise<void> {
    let stored: IStoredFile;
    try {
      stored = await this._storage.read();
    } catch (error) {
      if (this._state.kind !== 'unlocked') {
        const status = error instanceof StorageError ? error.status : 0;
        this._state =
          status === 413
            ? {
                kind: 'unusable',
                problem: { kind: 'foreign', hint: 'binary' }
              }
            : { kind: 'unusable', problem: { kind: 'unreachable', status } };
        this._emit();
      }
      return;
    }
    this._readAt = Date.now();
    this._location = stored.location;
    this._pinKeeper = this._pins(stored.location);
    if (stored.location.keeper === 'contents') {
      this._notices.add({ kind: 'no-server-extension' });
    }
    await this._take(stored.content);
    this._emit();
  }

  /** The file was read: what does it mean for the state? */
  private async _take(content: IStoredFile['content']): Promise<void> {
    if (this._state.kind === 'unlocked') {
      if (content && content.etag !== this._saver.etag) {
        await this._saver.merge().catch(() => undefined);
        await this._reload();
        await this._save();
      }
      return;
    }
    if (!content) {
      this._saver.etag = null;
      this._state = { kind: 'absent' };
      return;
    }
    try {
      const found = await this._call('load', { file: content.bytes });
      if (found.kind !== 'ours') {
        this._state = { kind: 'unusable', problem: found };
        return;
      }
      this._saver.etag = content.etag;
      const verdict = comparePin(this._pinKeeper?.get() ?? null, found.pin);
      this._notices.remove('rolled-back', 'replaced');
      if (verdict === 'fine') {
        this._pinKeeper?.set(found.pin);
      } else {
        this._pendingPin = found.pin;
        this._notices.add({ kind: verdict });
      }
      this._state = { kind: 'locked' };
    } catch {
      this._state = {
        kind: 'unusable',
        problem: { kind: 'damaged', detail: 'internal' }
      };
    }
  }

  private async _changedEntry(id: string): Promise<void> {
    const summary = await this._call('summary', { id });
    const at = this._entries.findIndex(entry => entry.id === id);
    const entries = [...this._entries];
    if (summary && at >= 0) {
      entries[at] = summary;
    } else if (summary) {
      entries.push(summary);
    } else if (at >= 0) {
      entries.splice(at, 1);
    }
    this._entries = entries;
    await this._changedGrants();
  }

  private async _changedGrants(): Promise<void> {
    this._grants = await this._call('grants', {});
    this._emit();
    void this._save();
  }

  private async _save(): Promise<void> {
    await this._saver.save();
    await this._reload();
  }

  private async _reload(): Promise<void> {
    if (this._stale && this._state.kind === 'unlocked') {
      this._stale = false;
      this._adopt(await this._call('list', {}));
    }
  }

  private _adopt(snapshot: Answer<'list'>): void {
    this._entries = snapshot.entries;
    this._grants = snapshot.grants;
    this._state = { kind: 'unlocked' };
    this._emit();
  }

  /** Drop everything that came out of the encrypted index. */
  private _forget(): void {
    this._entries = NONE;
    this._grants = NONE;
    this._deadline = null;
    this._notices.remove('merged');
    if (this._state.kind === 'unlocked') {
      this._state = { kind: 'locked' };
    }
    this._emit();
  }

  /** The worker has died: a new one starts with the next call, and needs the file. */
  private async _revive(): Promise<void> {
    this._forget();
    this._readAt = 0;
    this._state = { kind: 'loading' };
    await this.refresh();
  }

  private async _call<K extends OperationName>(
    op: K,
    args: Arguments<K>
  ): Promise<Answer<K>> {
    const answer = await this._custodian.call(op, args);
    if (this._custodian.inPage && !this._notices.has('in-page')) {
      this._notices.add({ kind: 'in-page' });
      this._emit();
    }
    return answer;
  }

  private _emit(): void {
    this._changed.emit();
  }

  private readonly _storage: IStorage;
  private readonly _custodian: ICustodian;
  private readonly _pins: IStoreOptions['pins'];
  private readonly _saver: Saver;
  private readonly _notices = new NoticeBoard();
  private readonly _changed = new Signal<this, void>(this);
  private _state: StoreState = { kind: 'loading' };
  private _location: ILocation | null = null;
  private _pinKeeper: IPinKeeper | undefined;
  private _pendingPin: Parameters<IPinKeeper['set']>[0] | undefined;
  private _entries: readonly IEntrySummary[] = NONE;
  private _grants: readonly IGrant[] = NONE;
  private _deadline: number | null = null;
  private _created: Answer<'create'> | undefined;
  private _refreshing: Promise<void> | undefined;
  /** A merge has changed the list. */
  private _stale = false;
  private _readAt = 0;
  private _touchedAt = 0;
}
