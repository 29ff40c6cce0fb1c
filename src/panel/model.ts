/**
 * The panel's state: which page is shown, what is searched, opened, revealed and half-typed.
 *
 * At a lock it forgets everything that came out of the store.
 */
import { VDomModel } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IEntryDetail, IEntrySummary } from '../custodian/protocol';
import type { IStore } from '../store/types';
import { EntryForm, type IFormHost } from './entry-form';
import { Gate } from './gate';
import { Search, type IRow } from './search';
import type { IPanelServices } from './services';

export type Page =
  | 'loading'
  | 'first-run'
  | 'recovery-code'
  | 'locked'
  | 'unusable'
  | 'list'
  | 'detail'
  | 'form'
  | 'change-passphrase';

/** A revealed value hides itself after this time, in ms. */
const REVEAL_MS = 30_000;
/** How long a deletion can be undone, in ms. */
const UNDO_MS = 10_000;

export class PanelModel extends VDomModel {
  constructor(
    readonly store: IStore,
    readonly services: IPanelServices,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.gate = new Gate(store, () => this._emit());
    this._wasUnlocked = store.state.kind === 'unlocked';
    store.changed.connect(this._onStoreChanged, this);
  }

  readonly gate: Gate;

  get page(): Page {
    const { kind } = this.store.state;
    if (this.gate.freshCode) {
      return 'recovery-code';
    }
    if (kind === 'absent') {
      return 'first-run';
    }
    if (kind !== 'unlocked') {
      return kind;
    }
    return this.gate.openedWithCode ? 'change-passphrase' : this._page;
  }

  get query(): string {
    return this._query;
  }

  /** The list as it is searched now. */
  get rows(): readonly IRow[] {
    return this._search.find(this.store.entries, this._query);
  }

  /** Position in `rows` of the row that the arrow keys move, or -1. */
  get active(): number {
    return this._activeId === null
      ? -1
      : this.rows.findIndex(({ entry }) => entry.id === this._activeId);
  }

  /** The opened entry; its details come a moment later. */
  get entry(): IEntrySummary | null {
    return this._find(this._opened);
  }

  get detail(): IEntryDetail | null {
    return this._detail;
  }

  /** Values on the screen, by field. */
  get revealed(): ReadonlyMap<number, string> {
    return this._revealed;
  }

  get form(): EntryForm | null {
    return this._form;
  }

  /** What a screen reader is told. Holds no name. */
  get announcement(): string {
    return this._announcement;
  }

  /** Why the last action did not work, translated. */
  get complaint(): string {
    return this._complaint;
  }

  /** In how many notebooks the opened entry is always allowed. */
  get usedIn(): number {
    const paths = this.store.grants
      .filter(({ entry }) => entry === this._opened)
      .map(({ path }) => path);
    return new Set(paths).size;
  }

  /** Read the file, unless that was done. */
  async start(): Promise<void> {
    const { state } = this.store;
    const retry =
      state.kind === 'unusable' && state.problem.kind === 'unreachable';
    if (state.kind === 'loading' || retry) {
      await this.store.refresh();
    }
  }

  /** Locks, with the half-typed entry kept. */
  async lock(): Promise<void> {
    await this._form?.stash();
    await this.store.lock();
  }

  search(query: string): void {
    if (query !== this._query) {
      this._query = query;
      this._activeId = this.rows[0]?.entry.id ?? null;
      this._announcement = this._trans._n(
        '%1 credential found',
        '%1 credentials found',
        this.rows.length
      );
      this._emit();
    }
  }

  activate(index: number): void {
    const { rows } = this;
    const at = Math.max(0, Math.min(rows.length - 1, index));
    this._activeId = rows[at]?.entry.id ?? null;
    this._emit();
  }

  /** Back to the list; a half-typed entry is kept. */
  back(): void {
    void this._form?.stash();
    if (this._form && !this._form.isDirty) {
      this._dropForm();
    }
    this._leaveDetail();
    this._page = 'list';
    this._complaint = '';
    this._emit();
  }

  async open(id: string): Promise<void> {
    this._leaveDetail();
    this._opened = id;
    this._activeId = id;
    this._page = 'detail';
    this._complaint = '';
    this._emit();
    await this._load();
  }

  showChangePassphrase(): void {
    this._leaveDetail();
    this._page = 'change-passphrase';
    this._emit();
  }

  async toggleReveal(field: number): Promise<void> {
    if (this._revealed.has(field)) {
      this._hide(field);
      return;
    }
    await this._withEntry(async id => {
      const value = await this.store.reveal(id, field);
      if (this._opened === id && this._page === 'detail') {
        clearTimeout(this._hideTimers.get(field));
        const hide = () => this._hide(field);
        this._hideTimers.set(field, setTimeout(hide, REVEAL_MS));
        this._revealed = new Map(this._revealed).set(field, value);
        this._emit();
      }
    });
  }

  /** Resolves with whether it was copied. */
  copyField(field: number): Promise<boolean> {
    return this._withEntry(async id => {
      const shown = this._detail?.texts[field] ?? this._revealed.get(field);
      const value = shown ?? (await this.store.reveal(id, field));
      await this.services.clipboard.copySecret(value);
      this._say(this._trans.__('Copied. It leaves the clipboard by itself.'));
    });
  }

  copyText(text: string): Promise<boolean> {
    return this._try(async () => {
      await this.services.clipboard.copyText(text);
      this._say(this._trans.__('Copied'));
    });
  }

  copyCode(name: string): Promise<boolean> {
    return this.copyText(this.services.codeFor(name));
  }

  async insert(name: string): Promise<void> {
    const reason = this.services.whyNotInsert();
    if (reason) {
      this._complain(reason);
    } else {
      await this._try(async () => this.services.insertCode(name));
    }
  }

  /** Opens the form for a new entry, or the one that is not finished. */
  add(name = ''): void {
    this._form ??= EntryForm.forNew(this._formHost, name);
    this._page = 'form';
    this._complaint = '';
    this._emit();
  }

  /** Opens the form for an entry, or the one that is not finished. */
  async edit(id: string): Promise<void> {
    await this._try(async () => {
      const session = this._session;
      const entry = this._form ? null : await this.store.detail(id);
      if (session === this._session) {
        this._form ??= EntryForm.forEntry(this._formHost, entry!);
        this._leaveDetail();
        this._page = 'form';
        this._emit();
      }
    });
  }

  async save(): Promise<void> {
    const form = this._form;
    const saved = await form?.save();
    if (saved && form === this._form) {
      this._dropForm();
      this._query = '';
      this._say(this._trans.__('Saved'));
      await this.open(saved.id);
    }
  }

  /** After `stale`: save over what somebody else has made of the entry. */
  async saveOver(): Promise<void> {
    this._form?.rebase(this._find(this._form.entry ?? null) ?? undefined);
    await this.save();
  }

  /** The one way to lose what was typed. */
  discard(): void {
    const id = this._form?.entry;
    this._dropForm();
    if (this._page === 'form' && id && this._find(id)) {
      void this.open(id);
    } else {
      this.back();
    }
  }

  /** The stored value of a field of the form, to look at or change it. */
  async loadFormValue(key: number): Promise<string | null> {
    const form = this._form;
    const field = form?.fields.find(field => field.key === key);
    let value = field?.value ?? null;
    await this._try(async () => {
      if (form?.entry && field?.from !== undefined && value === null) {
        value = await this.store.reveal(form.entry, field.from);
      }
    });
    return form === this._form ? value : null;
  }

  async duplicate(id: string): Promise<void> {
    await this._try(async () => {
      const copy = await this.store.duplicate(id);
      await this.open(copy.id);
    });
  }

  /** Gone at once; for ten seconds a toast offers it back. */
  async remove(id: string): Promise<void> {
    await this._try(async () => {
      const { rows } = this;
      const at = rows.findIndex(({ entry }) => entry.id === id);
      const next = rows[at + 1] ?? rows[at - 1];
      const { name } = await this.store.remove(id);
      this._activeId = next?.entry.id ?? null;
      this.back();
      this._say(this._trans.__('Deleted'));
      this._offerUndo(id, name);
    });
  }

  revoke(path: string, entry: string): Promise<boolean> {
    return this._try(async () => {
      await this.store.revoke(path, entry);
      this._say(this._trans.__('Revoked'));
    });
  }

  /** Make an entry that holds no secret, and a cell that reads it. */
  async tryExample(): Promise<void> {
    await this._try(async () => {
      const { name } = await this.store.put({
        name: 'example',
        user: '',
        url: '',
        notes: this._trans.__('Delete me when you have seen how it works.'),
        tags: [],
        fields: [{ name: 'value', type: 'hidden', value: 'It works!' }]
      });
      await this.services.tryExample?.(name);
    });
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._wipe();
      this.store.changed.disconnect(this._onStoreChanged, this);
      super.dispose();
    }
  }

  private _onStoreChanged(): void {
    const isUnlocked = this.store.state.kind === 'unlocked';
    const wasUnlocked = this._wasUnlocked;
    this._wasUnlocked = isUnlocked;
    if (wasUnlocked && !isUnlocked) {
      this._wipe();
      this._announcement = this._trans.__('Store locked');
    } else if (!wasUnlocked && isUnlocked) {
      this._announcement = this._trans.__('Store unlocked');
      void this._takeDraft();
    } else if (this._opened !== null) {
      this._checkOpened();
    }
    this._emit();
  }

  /** Forget everything that came out of the store. */
  private _wipe(): void {
    this._session++;
    this._leaveDetail();
    this._form?.dispose();
    this._form = null;
    this._search.clear();
    this._query = '';
    this._activeId = null;
    this._complaint = '';
    this._page = 'list';
    this.gate.wipe();
    this._toasts.forEach((timer, toast) => {
      clearTimeout(timer);
      this.services.notifier.dismiss(toast);
    });
    this._toasts.clear();
  }

  private async _takeDraft(): Promise<void> {
    const session = this._session;
    const draft = await this.store.takeDraft().catch(() => null);
    if (draft && session === this._session && !this._form) {
      this._form = EntryForm.restore(this._formHost, draft);
      this._page = 'form';
      this._emit();
    }
  }

  /** The opened entry may have been changed or deleted elsewhere. */
  private _checkOpened(): void {
    const { entry } = this;
    if (!entry) {
      this._leaveDetail();
      this._page = this._page === 'detail' ? 'list' : this._page;
    } else if (this._detail && this._detail.rev !== entry.rev) {
      this._hideAll();
      void this._load();
    }
  }

  private async _load(): Promise<void> {
    await this._withEntry(async id => {
      const session = this._session;
      const detail = await this.store.detail(id);
      if (session === this._session && this._opened === id) {
        this._detail = detail;
        this._emit();
      }
    });
  }

  private _offerUndo(id: string, name: string): void {
    const { notifier } = this.services;
    const toast = notifier.show(this._trans.__('Deleted %1.', name), {
      label: this._trans.__('Undo'),
      run: () => {
        end();
        void this._try(() => this.store.restore(id));
      }
    });
    const end = () => {
      clearTimeout(this._toasts.get(toast));
      this._toasts.delete(toast);
      notifier.dismiss(toast);
    };
    this._toasts.set(toast, setTimeout(end, UNDO_MS));
  }

  private _dropForm(): void {
    this._form?.dispose();
    this._form = null;
    void this.store.stashDraft(null).catch(() => undefined);
  }

  private _leaveDetail(): void {
    this._hideAll();
    this._opened = null;
    this._detail = null;
  }

  private _hideAll(): void {
    this._hideTimers.forEach(timer => clearTimeout(timer));
    this._hideTimers.clear();
    this._revealed = new Map();
  }

  private _hide(field: number): void {
    clearTimeout(this._hideTimers.get(field));
    this._hideTimers.delete(field);
    const revealed = new Map(this._revealed);
    revealed.delete(field);
    this._revealed = revealed;
    this._emit();
  }

  private _find(id: string | null): IEntrySummary | null {
    return this.store.entries.find(entry => entry.id === id) ?? null;
  }

  private _withEntry(work: (id: string) => Promise<void>): Promise<boolean> {
    const id = this._opened;
    return id === null ? Promise.resolve(false) : this._try(() => work(id));
  }

  /** Whether it worked. A lock in between is no failure worth a word. */
  private async _try(work: () => void | Promise<void>): Promise<boolean> {
    const session = this._session;
    try {
      await work();
      return true;
    } catch {
      if (session === this._session) {
        this._complain(this._trans.__('That did not work. Try it again.'));
      }
      return false;
    }
  }

  private _complain(text: string): void {
    this._complaint = text;
    this._say(text);
  }

  private _say(text: string): void {
    this._announcement = text;
    this._emit();
  }

  private _emit(): void {
    this.stateChanged.emit();
  }

  private readonly _formHost: IFormHost = {
    stash: draft => this.store.stashDraft(draft),
    put: draft => this.store.put(draft),
    changed: () => this._emit()
  };
  private readonly _search = new Search();
  private readonly _hideTimers = new Map<
    number,
    ReturnType<typeof setTimeout>
  >();
  private readonly _toasts = new Map<string, ReturnType<typeof setTimeout>>();
  /** Rises at each lock: what began before it comes too late. */
  private _session = 0;
  private _wasUnlocked: boolean;
  private _page: 'list' | 'detail' | 'form' | 'change-passphrase' = 'list';
  private _query = '';
  private _activeId: string | null = null;
  private _opened: string | null = null;
  private _detail: IEntryDetail | null = null;
  private _revealed: ReadonlyMap<number, string> = new Map();
  private _form: EntryForm | null = null;
  private _announcement = '';
  private _complaint = '';
}
