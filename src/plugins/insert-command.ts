/** "Insert Credential": one is picked, and the call that reads it is written; unlocking comes first. */
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ITrackers } from '../insert/target';
import type { Session } from '../session';

/** How long an unlock may take to be for what was wanted, in ms. */
const WANTED_MS = 120_000;

export interface IInsertOptions {
  readonly session: Session;
  readonly trackers: ITrackers;
  readonly trans: TranslationBundle;
  /** Show the panel, which asks for the passphrase. */
  open(): Promise<unknown>;
  /** Whether the panel is still to be seen. */
  isOpen(): boolean;
  warn(message: string): void;
}

/** What is missing in front to write a call to; null: nothing. */
export function obstacleTo(trackers: ITrackers): 'document' | 'cell' | null {
  const { notebooks, consoles } = trackers;
  const front = trackers.current();
  if (front && consoles?.has(front)) {
    return null;
  }
  if (!front || !notebooks?.has(front)) {
    return 'document';
  }
  const { activeCell } = (front as NotebookPanel).content;
  return activeCell?.model.type === 'code' ? null : 'cell';
}

export class InsertCommand {
  constructor(private readonly _options: IInsertOptions) {
    _options.session.lockChanged.connect((_, unlocked) => {
      const wanted = this._wanted;
      this._wanted = undefined;
      if (
        unlocked &&
        wanted &&
        Date.now() - wanted.at < WANTED_MS &&
        _options.isOpen()
      ) {
        void this.run(wanted.name);
      }
    });
  }

  /** @param name - Absent: the person picks one. */
  async run(name?: string): Promise<void> {
    const { session, trackers, trans, open, warn } = this._options;
    const store = await session.ready();
    if (store.state.kind !== 'unlocked') {
      this._wanted =
        store.state.kind === 'locked' ? { name, at: Date.now() } : undefined;
      await open();
      return;
    }
    const [{ insertCall, quickPick }, { Search }] = await Promise.all([
      import('../insert'),
      import('../panel/search')
    ]);
    const over = new AbortController();
    const onLock = () => over.abort();
    session.lockChanged.connect(onLock);
    const search = new Search(store.entries);
    const picked =
      name ??
      (await quickPick({
        find: query => search.find(query),
        trans,
        over: over.signal
      }));
    session.lockChanged.disconnect(onLock);
    if (picked !== null && !insertCall(picked, trackers)) {
      // There was one when it was asked for.
      warn(trans.__('Select a code cell first.'));
    }
  }

  private _wanted: { name: string | undefined; at: number } | undefined;
}
