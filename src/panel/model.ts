/** What the panel shows: which page, which query, which draft. Emptied at a lock. */
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
      readonly title: string;
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

export class PanelModel {
  constructor(readonly store: IStore) {
    this._unlocked = store.state.kind === 'unlocked';
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

  /** What a screen reader is told, politely. */
  get status(): string {
    return this._status;
  }

  get found(): readonly IEntrySummary[] {
    if (this.store.entries !== this._searched) {
      this._searched = this.store.entries;
      this._search = new Search(this._searched);
      this._found = undefined;
    }
    return (this._found ??= this._search.find(this._query));
  }

  setQuery(query: string): void {
    this._query = query;
    this._found = undefined;
    this._emit();
  }

  setStatus(status: string): void {
    this._status = status;
    this._emit();
  }

  showList(): void {
    this._query = '';
    this._found = undefined;
    this._go({ kind: 'list' });
  }

  showDetail(id: string): void {
    this._go({ kind: 'detail', id });
  }

  showPassphrase(): void {
    this._go({ kind: 'passphrase' });
  }

  showForm(draft: IEntryDraft, title: string): void {
    if (this.store.state.kind === 'unlocked') {
      this._go({ kind: 'form', draft, title });
    } else {
      // Shown after the unlock; a name from a command's argument is no secret of the store's.
      this._wanted = { draft, title };
    }
  }

  /** The form was saved or cancelled: nothing half-typed is left. */
  closeForm(): void {
    void this.store.stashDraft(null).catch(() => undefined);
    this.showList();
  }

  dispose(): void {
    this.store.changed.disconnect(this._follow, this);
    Signal.clearData(this);
  }

  private _go(page: Page): void {
    this._page = page;
    this._emit();
  }

  private _follow(): void {
    const unlocked = this.store.state.kind === 'unlocked';
    if (this._unlocked && !unlocked) {
      this._query = '';
      this._status = '';
      this._page = { kind: 'list' };
      this._searched = [];
      this._search = new Search([]);
      this._found = undefined;
    }
    if (!this._unlocked && unlocked) {
      void this._resume();
    }
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

  /** A half-typed entry from before the lock opens again. */
  private async _resume(): Promise<void> {
    const draft = await this.store.takeDraft().catch(() => null);
    const wanted = this._wanted;
    this._wanted = undefined;
    if (draft) {
      this.showForm(draft, draft.name);
    } else if (wanted) {
      this.showForm(wanted.draft, wanted.title);
    }
  }

  private _emit(): void {
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private _page: Page = { kind: 'list' };
  private _query = '';
  private _status = '';
  private _unlocked: boolean;
  private _wanted: { draft: IEntryDraft; title: string } | undefined;
  private _searched: readonly IEntrySummary[] = [];
  private _search = new Search([]);
  private _found: readonly IEntrySummary[] | undefined;
}
