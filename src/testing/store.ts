/** A store without cryptography: what the page sees of one, with every call on record. */
import { Signal } from '@lumino/signaling';
import { MARKER } from '../exchange/marker';
import {
  CustodianError,
  type Answer,
  type Arguments,
  type IEntryDetail,
  type IEntryDraft,
  type IEntrySummary,
  type IGrant,
  type IRequestView
} from '../custodian/protocol';
import { byName } from '../custodian/order';
import type {
  ExchangeOperation,
  ILocation,
  IStore,
  Notice,
  StoreState
} from '../store/types';

/** A request for credentials, as `FakeStore` understands it. */
export function request(
  names: readonly string[],
  more: { reason?: string; timeoutMs?: number; field?: string } = {}
): string {
  return `Front end?${MARKER}1] ${JSON.stringify({ names, ...more })}`;
}

export function entry(
  name: string,
  more: Partial<IEntrySummary> = {}
): IEntrySummary {
  return {
    id: `id-${name}`,
    rev: 1,
    name,
    kind: '',
    user: '',
    url: '',
    tags: [],
    fields: [{ name: 'value', type: 'hidden' }],
    created: 0,
    changed: 0,
    ...more
  };
}

const sorted = (entries: readonly IEntrySummary[]) => [...entries].sort(byName);

export class FakeStore implements IStore {
  /** @param names - Of the entries; locked or not, they are there. */
  constructor(...names: string[]) {
    this._all = sorted(names.map(name => entry(name)));
    this.entries = this._all;
  }

  state: StoreState = { kind: 'unlocked' };
  location: ILocation = { path: '~/.credentialstore', keeper: 'server' };
  notices: readonly Notice[] = [];
  entries: readonly IEntrySummary[];
  grants: readonly IGrant[] = [];
  deadline: number | null = null;
  readonly changed = new Signal<this, void>(this);
  /** What is typed and kept over a lock. */
  draft: IEntryDraft | null = null;

  /** Change properties, as the real store does: all at once, then the signal. */
  become(change: Partial<FakeStore> = {}): void {
    Object.assign(this, change);
    if (change.entries) {
      this.entries = this._all = sorted(change.entries);
    }
    this.changed.emit();
  }

  readonly refresh = jest.fn(async () => undefined);
  readonly warm = jest.fn();
  readonly create = jest.fn(async () => 'AAAA-BBBB-CCCC-DDDD');
  readonly confirmCreation = jest.fn(async () => this._open());
  readonly abandonCreation = jest.fn();
  readonly unlock = jest.fn<Promise<void>, Parameters<IStore['unlock']>>(
    async () => this._open()
  );
  readonly lock = jest.fn(async () => {
    this.entries = [];
    this.become({ state: { kind: 'locked' }, grants: [] });
  });
  readonly touch = jest.fn();
  readonly detail = jest.fn(async (id: string): Promise<IEntryDetail> => ({
    ...this._all.find(e => e.id === id)!,
    notes: '',
    texts: [null]
  }));
  readonly reveal = jest.fn(async () => 'open sesame');
  readonly put = jest.fn(async (draft: IEntryDraft) => {
    const { name } = draft;
    const added = entry(name, { user: draft.user });
    this.become({
      entries: [...this._all.filter(({ id }) => id !== added.id), added]
    });
    return { id: added.id, name };
  });
  readonly duplicate = jest.fn(async (id: string) => ({ id, name: 'copy' }));
  readonly remove = jest.fn(async (id: string) => {
    const { name } = this._all.find(e => e.id === id)!;
    this.become({ entries: this._all.filter(e => e.id !== id) });
    return { name };
  });
  readonly restore = jest.fn(async () => undefined);
  readonly revoke = jest.fn(async () => undefined);
  readonly movePath = jest.fn(async () => undefined);
  get hasDraft(): boolean {
    return this.draft !== null;
  }
  readonly stashDraft = jest.fn(async (draft: IEntryDraft | null) => {
    const before = this.hasDraft;
    this.draft = draft;
    if (this.hasDraft !== before) {
      this.changed.emit();
    }
  });
  readonly takeDraft = jest.fn(async () => this.draft);
  readonly changePassphrase = jest.fn<
    Promise<string>,
    Parameters<IStore['changePassphrase']>
  >(async () => 'EEEE-FFFF-GGGG-HHHH');
  readonly retrySave = jest.fn(async () => undefined);
  readonly dismiss = jest.fn();

  async exchange<K extends ExchangeOperation>(
    op: K,
    args: Arguments<K>
  ): Promise<Answer<K>> {
    const operation = this.desk[op] as (args: unknown) => Promise<unknown>;
    return (await operation(args)) as Answer<K>;
  }

  /** The exchange. A reply reads `<status> <handle>`. */
  readonly desk = {
    receive: jest.fn(async (args: Arguments<'receive'>) => {
      const handle = this._requests.length;
      this._requests.push(args);
      const view = this._view(handle);
      return view.want.every(
        ({ found, entry, always }) =>
          found === 'ok' && (always || args.granted.includes(entry!))
      )
        ? {
            kind: 'reply',
            reply: `granted ${handle}`,
            granted: true,
            entries: view.want.map(({ entry }) => entry!)
          }
        : { kind: 'ask', request: view };
    }),
    review: jest.fn(async ({ handle }: Arguments<'review'>) =>
      this._view(handle)
    ),
    resume: jest.fn(async ({ handle, granted }: Arguments<'resume'>) => {
      const view = this._view(handle);
      return view.want.every(
        ({ found, entry, always }) =>
          found === 'ok' && (always || granted.includes(entry!))
      )
        ? {
            kind: 'reply',
            reply: `granted ${handle}`,
            granted: true,
            entries: view.want.map(({ entry }) => entry!)
          }
        : { kind: 'ask', request: view };
    }),
    grant: jest.fn(async ({ handle }: Arguments<'grant'>) => {
      if (this.state.kind !== 'unlocked') {
        throw new CustodianError('locked');
      }
      return `granted ${handle}`;
    }),
    refuse: jest.fn(
      async ({ handle, status }: Arguments<'refuse'>) => `${status} ${handle}`
    ),
    retain: jest.fn(async (_: Arguments<'retain'>) => undefined),
    allowAlways: jest.fn(async ({ path, entries }: Arguments<'allowAlways'>) =>
      this.become({
        grants: [
          ...this.grants,
          ...entries.map(entry => ({ path, entry, since: 0, used: 0 }))
        ]
      })
    )
  };

  private _view(handle: number): IRequestView {
    const { prompt, path } = this._requests[handle];
    const { names, field, ...more } = JSON.parse(prompt.split('] ')[1]);
    const locked = this.state.kind !== 'unlocked';
    return {
      handle,
      ...more,
      want: (names as string[]).map(name => {
        const known = this._all.find(e => e.name === name);
        const found = locked
          ? 'unknown'
          : !known
            ? 'credential'
            : field && !known.fields.some(f => f.name === field)
              ? 'field'
              : 'ok';
        return {
          name,
          ...(field && { field }),
          ...(!locked && known && { entry: known.id }),
          found,
          always:
            !locked &&
            this.grants.some(g => g.path === path && g.entry === known?.id)
        };
      }),
      locked,
      closed: `closed ${handle}`
    };
  }

  private _open(): void {
    this.become({ state: { kind: 'unlocked' }, entries: this._all });
  }

  private _all: readonly IEntrySummary[];
  private readonly _requests: Arguments<'receive'>[] = [];
}
