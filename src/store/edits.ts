/** Changes to entries and grants: made in the custodian, shown in the view, then stored. */
import {
  CustodianError,
  type Answer,
  type Arguments,
  type IEntryDraft,
  type IEntrySummary,
  type OperationName
} from '../custodian/protocol';
import { Crowd } from './crowd';
import type { Call } from './saver';
import type { StoreView } from './view';

interface IPut {
  readonly id: string;
  readonly name: string;
}

export class Edits {
  /** @param _save - Stores what has changed. */
  constructor(
    private readonly _call: Call,
    private readonly _view: StoreView,
    private readonly _save: () => void
  ) {}

  async put(draft: IEntryDraft): Promise<IPut> {
    const shown = this._shown(draft.id);
    // A form that says nothing of the version means the one that is shown.
    const version =
      draft.version ?? (shown?.rev === draft.rev ? shown?.version : undefined);
    const { locks } = this._view;
    const putting = this._call('put', {
      draft: version === undefined ? draft : { ...draft, version }
    });
    // Behind it in the custodian's queue: the file is not waited for longer than need be.
    this._save();
    const put = await putting;
    if (locks === this._view.locks) {
      this._view.setEntry(put.id, put);
      this._view.emit();
    }
    return put;
  }

  async duplicate(id: string): Promise<IPut> {
    const put = await this._call('duplicate', { id });
    await this._show(put.id);
    return put;
  }

  async remove(id: string): Promise<{ name: string }> {
    const version = this._shown(id)?.version;
    const removed = await this._call('remove', {
      id,
      ...(version !== undefined && { version })
    });
    await this._show(id);
    return removed;
  }

  async restore(id: string): Promise<void> {
    await this._call('restore', { id });
    await this._show(id);
  }

  async revoke(path: string, entry: string): Promise<void> {
    await this._call('revoke', { path, entry });
    await this.showGrants();
  }

  /** A new notebook of the old name must not inherit: what moves over a lock is kept in mind. */
  async movePath(from: string, to: string): Promise<void> {
    this._moves.push({ from, to });
    await this.catchUp();
  }

  /** Move what was renamed while the store was locked. */
  async catchUp(): Promise<void> {
    while (this._view.isUnlocked && this._moves.length) {
      try {
        if (await this._call('movePath', this._moves[0])) {
          await this.showGrants();
        }
        this._moves.shift();
      } catch {
        // Locked meanwhile.
        return;
      }
    }
  }

  /** A grant was used, perhaps: show it soon, once, and keep no kernel waiting for it. */
  noteUse(): void {
    if (this._view.grants.length) {
      this._uses.add();
    }
  }

  async showGrants(): Promise<void> {
    const grants = this._ask('grants', {});
    this._save();
    try {
      this._view.grants = await grants;
      this._view.emit();
    } catch {
      // Locked meanwhile: nothing is to be shown.
    }
  }

  /**
   * The change is made: a lock that strikes now must not make it look as if it was not. What is to be
   * shown is asked for before the file, which takes longer, and not waited for.
   */
  private async _show(id: string): Promise<void> {
    const summary = this._ask('summary', { id });
    const grants = this.showGrants();
    try {
      this._view.setEntry(id, await summary);
    } catch {
      // As above.
    }
    await grants;
  }

  private _shown(id: string | undefined): IEntrySummary | undefined {
    return this._view.entries.find(entry => entry.id === id);
  }

  /** An answer that a lock has overtaken is dropped. */
  private async _ask<K extends OperationName>(
    op: K,
    args: Arguments<K>
  ): Promise<Answer<K>> {
    const { locks } = this._view;
    const answer = await this._call(op, args);
    if (locks !== this._view.locks) {
      throw new CustodianError('locked');
    }
    return answer;
  }

  private readonly _uses = new Crowd(() => {
    if (this._view.isUnlocked) {
      void this.showGrants();
    }
  });
  private readonly _moves: { readonly from: string; readonly to: string }[] =
    [];
}
