/** "Insert Credential": one is picked, and the call that reads it is written; unlocking comes first. */
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ITrackers } from '../insert/target';
import type { Session } from '../session';

export interface IInsertOptions {
  readonly session: Session;
  readonly trackers: ITrackers;
  readonly trans: TranslationBundle;
  /** Show the panel, which asks for the passphrase, and goes on after that. */
  open(): Promise<{ afterUnlock(then: () => void): void }>;
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
  constructor(private readonly _options: IInsertOptions) {}

  /** @param name - Absent: the person picks one. */
  async run(name?: string): Promise<void> {
    const { session, trackers, trans, open, warn } = this._options;
    const store = await session.ready();
    if (store.state.kind !== 'unlocked') {
      const panel = await open();
      if (store.state.kind === 'locked') {
        panel.afterUnlock(() => void this.run(name));
      }
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
}
