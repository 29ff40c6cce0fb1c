/** What the panel shows: which page, which query, which draft. Emptied at a lock. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { Signal, type ISignal } from '@lumino/signaling';
import type { IEntryDraft, IEntrySummary } from '../custodian/protocol';
import type { IStore } from '../store/types';
import { Search } from './search';

export type Page =
  | { readonly kind: 'list' }
  | { readonly kind: 'detail'; readonly id: string }
  | {
      readonly kind: 'form';
      readonly draft: IEntryDraft;
      /** Another form was wanted, but this one is unfinished. */
      readonly inTheWay: boolean;
    }
  | { readonly kind: 'passphrase' };

export const EMPTY_DRAFT: IEntryDraft = {
  name: '',
  user: '',
  url: '',
  notes: '',
  tags: [],
  fields: [{ name: 'value', type: 'hidden', value: '' }]
};

/** How long "Saved db" is to be seen, in ms. */
const STATUS_MS = 6000;
/** How long an unlock may take to be for what was wanted, in ms. */
const WANTED_MS = 120_000;

export class PanelModel {
  constructor(
    readonly store: IStore,
    private readonly _trans: TranslationBundle
  ) {
    this._unlocked = store.state.kind === 'unlocked';
    this._hadDraft = store.hasDraft;
    if (this._unlocked) {
      this._unfinished = this._unsaved = store.hasDraft;
    }
    store.changed.connect(this._follow, this);
  }

  get changed(): ISignal<PanelModel, void> {
    return this._changed;
  }

  get page(): Page {
    return this._page;
  }

  get query(): string {
    return this._query;
  }

  /** The entry whose page was left last: the list begins there. */
  get last(): string | null {
    return this._last;
  }

  /** Somebody has left a form half-typed; it is kept, sealed. */
  get isUnfinished(): boolean {
    return this._unfinished;
  }

  /** An entry is being typed, or was left so, also before a lock: it goes with the page. */
  get isUnsaved(): boolean {
    return this._unsaved;
  }

  /** What was done, in a line at the bottom. */
  get status(): string {
    return this._status;
  }

  /** The same with the names in it as long as they are. */
  get wholeStatus(): string {
    return this._wholeStatus;
  }

  get found(): readonly IEntrySummary[] {
    const search = this._current();
    return (this._found ??= search.find(this._query));
  }

  /** Ids of the entries whose name another one has as well. */
  get namesakes(): ReadonlySet<string> {
    return this._current().namesakes;
  }

  setQuery(query: string): void {
    this._query = query;
    this._found = undefined;
    this._emit();
  }

  /**
   * It goes away by itself.
   *
   * @param whole - Where a name was too long for it.
   */
  setStatus(status: string, whole = status): void {
    this._say(status, whole);
    this._emit();
  }

  showList(): void {
    this._go({ kind: 'list' });
  }

  showDetail(id: string): void {
    this._last = id;
    this._go({ kind: 'detail', id });
  }

  showPassphrase(): void {
    this._go({ kind: 'passphrase' });
  }

  /** Open the form; the one that was left half-typed goes first. */
  showForm(draft: IEntryDraft): void {
    if (this.store.state.kind !== 'unlocked') {
      // Shown after the unlock; a name from a command's argument is no secret of the store's.
      this._wanted = draft;
    } else if (this._unfinished) {
      void this._resume(draft);
    } else {
      this._go({ kind: 'form', draft, inTheWay: false });
    }
  }

  /** For what needs an open store: done once the person has unlocked it in the panel, if soon. */
  afterUnlock(then: () => void): void {
    this._next = { then, at: Date.now() };
  }

  /** The person has unlocked the store here: one that a kernel's dialog unlocks is not for that. */
  goOn(): void {
    const next = this._next;
    this._next = undefined;
    if (next && Date.now() - next.at < WANTED_MS) {
      next.then();
    }
  }

  /** Open the form that was left half-typed. */
  showUnfinished(): void {
    void this._resume();
  }

  /** The form holds what is not saved. */
  noteTyping(): void {
    this._unsaved = true;
  }

  /** Back to the list from a form that is half-typed, and stashed. */
  leaveForm(): void {
    this._unfinished = true;
    this.showList();
  }

  /** The form was saved or cancelled: nothing half-typed is left. `id`: the entry to show. */
  closeForm(id?: string): void {
    this._unfinished = false;
    this._unsaved = false;
    void this.store.stashDraft(null).catch(() => undefined);
    if (id !== undefined && this.store.entries.some(e => e.id === id)) {
      this.showDetail(id);
    } else {
      this.showList();
    }
  }

  dispose(): void {
    clearTimeout(this._statusTimer);
    this.store.changed.disconnect(this._follow, this);
    Signal.clearData(this);
  }

  private _current(): Search {
    if (this.store.entries !== this._searched) {
      this._searched = this.store.entries;
      this._search = new Search(this._searched);
      this._found = undefined;
    }
    return this._search;
  }

  private _go(page: Page): void {
    this._page = page;
    this._emit();
  }

  private _say(status: string, whole = status): void {
    clearTimeout(this._statusTimer);
    this._status = status;
    this._wholeStatus = whole;
    if (status) {
      this._statusTimer = setTimeout(() => this.setStatus(''), STATUS_MS);
    }
  }

  private _follow(): void {
    const { store } = this;
    const { kind } = store.state;
    const unlocked = kind === 'unlocked';
    if (this._unlocked && !unlocked) {
      this._query = '';
      // What was said may have told a name. A file that cannot be used speaks for itself.
      this._say(kind === 'locked' ? this._trans.__('Store locked') : '');
      this._last = null;
      this._next = undefined;
      this._unfinished = false;
      this._page = { kind: 'list' };
      this._searched = [];
      this._search = new Search([]);
      this._found = undefined;
    }
    if (!this._unlocked && unlocked) {
      this._say(this._trans.__('Store unlocked'));
      const wanted = this._wanted;
      this._wanted = undefined;
      void this._resume(wanted);
    }
    if (this._unlocked && unlocked && store.hasDraft !== this._hadDraft) {
      this._followDraft();
    }
    this._hadDraft = store.hasDraft;
    this._unlocked = unlocked;
    const { page } = this;
    if (
      page.kind === 'detail' &&
      !this.store.entries.some(({ id }) => id === page.id)
    ) {
      this._page = { kind: 'list' };
    }
    this._emit();
  }

  /** The dialog keeps what is half-typed there, or has saved it, or forgotten it. */
  private _followDraft(): void {
    const { hasDraft } = this.store;
    if (hasDraft && this._unsaved) {
      // It is our form's.
      return;
    }
    // An open form is either empty, or holds what is no more.
    if (this._page.kind === 'form' && (hasDraft || this._unsaved)) {
      this._page = { kind: 'list' };
    }
    this._unfinished = this._unsaved = hasDraft;
  }

  /** What is stashed is shown first, else what is wanted. */
  private async _resume(wanted?: IEntryDraft): Promise<void> {
    const draft = await this.store.takeDraft().catch(() => null);
    this._unfinished = false;
    this._unsaved = !!draft;
    if (draft) {
      const inTheWay = !!wanted && wanted.id !== draft.id;
      this._go({ kind: 'form', draft, inTheWay });
    } else if (wanted) {
      this.showForm(wanted);
    }
  }

  private _emit(): void {
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private _page: Page = { kind: 'list' };
  private _query = '';
  private _status = '';
  private _wholeStatus = '';
  private _statusTimer: ReturnType<typeof setTimeout> | undefined;
  private _unlocked: boolean;
  private _hadDraft: boolean;
  private _last: string | null = null;
  private _unfinished = false;
  private _unsaved = false;
  private _wanted: IEntryDraft | undefined;
  private _next: { then(): void; at: number } | undefined;
  private _searched: readonly IEntrySummary[] = [];
  private _search = new Search([]);
  private _found: readonly IEntrySummary[] | undefined;
}
