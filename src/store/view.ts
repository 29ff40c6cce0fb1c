/** What the page sees of a store, and the signal that it has changed. */
import { Signal } from '@lumino/signaling';
import { byName } from '../custodian/order';
import type {
  IEntrySummary,
  IGrant,
  IMergeReport,
  ISnapshot
} from '../custodian/protocol';
import { NoticeBoard } from './notices';
import type { ILocation, IStore, StoreState } from './types';

const NONE: readonly never[] = Object.freeze([]);

export class StoreView {
  constructor(store: IStore) {
    this.changed = new Signal<IStore, void>(store);
  }

  readonly changed: Signal<IStore, void>;
  readonly notices = new NoticeBoard();
  state: StoreState = { kind: 'loading' };
  location: ILocation | null = null;
  entries: readonly IEntrySummary[] = NONE;
  grants: readonly IGrant[] = NONE;
  deadline: number | null = null;
  /** How often `forget` was called: tells an answer that a lock has overtaken. */
  locks = 0;

  get isUnlocked(): boolean {
    return this.state.kind === 'unlocked';
  }

  emit(): void {
    this.changed.emit();
  }

  become(state: StoreState): void {
    this.state = state;
    this.emit();
  }

  adopt(snapshot: ISnapshot): void {
    this.entries = snapshot.entries;
    this.grants = snapshot.grants;
    this.become({ kind: 'unlocked' });
  }

  /** @param summary - Null: it was removed. */
  setEntry(id: string, summary: IEntrySummary | null): void {
    const entries = this.entries.filter(entry => entry.id !== id);
    if (summary) {
      entries.splice(placeOf(summary, entries), 0, summary);
    }
    this.entries = entries;
  }

  tell(report: IMergeReport): void {
    if (report.incoming || report.copies.length) {
      this.notices.add({ kind: 'merged', report });
    }
  }

  /** Drop everything that came out of the encrypted index. */
  forget(): void {
    this.locks++;
    this.entries = NONE;
    this.grants = NONE;
    this.deadline = null;
    this.notices.remove('merged');
    this.become(this.isUnlocked ? { kind: 'locked' } : this.state);
  }
}

/** Behind those of the same name. */
function placeOf(
  summary: IEntrySummary,
  entries: readonly IEntrySummary[]
): number {
  let [from, to] = [0, entries.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (byName(summary, entries[middle]) < 0) {
      to = middle;
    } else {
      from = middle + 1;
    }
  }
  return from;
}
