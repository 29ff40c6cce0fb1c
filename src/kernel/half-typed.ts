/** What is half-typed for a missing credential is kept as the panel's form keeps it, which goes on with it. */
import type { IEntryDraft } from '../custodian/protocol';
import type { IStore } from '../store/types';

/** Typing rests this long before it is sealed, in ms. */
const STASH_MS = 300;

export class HalfTyped {
  constructor(private readonly _store: IStore) {}

  /**
   * The person types.
   *
   * @param read - Reads the fields, when that is to be kept: nothing else holds what is in them.
   */
  note(read: () => IEntryDraft): void {
    clearTimeout(this._timer);
    this._read = read;
    this._timer = setTimeout(() => this.keep(), STASH_MS);
  }

  /** Without waiting: the field is left, or the dialog goes. */
  keep(): void {
    clearTimeout(this._timer);
    const draft = this._read?.();
    this._read = undefined;
    if (draft && !draft.user && !draft.fields[0].value) {
      this.drop();
    } else if (draft) {
      this._then(() => this._stash(draft));
    }
  }

  /** It is saved, or the person does not want it. */
  drop(): void {
    clearTimeout(this._timer);
    this._read = undefined;
    this._then(async () => {
      if (this._isOurs) {
        this._isOurs = false;
        await this._store.stashDraft(null);
      }
    });
  }

  /** What was typed in this dialog before a lock. No promise passes it on: a script would see it. */
  async resume(
    like: IEntryDraft,
    fill: (draft: IEntryDraft) => void
  ): Promise<void> {
    await this._last;
    if (!this._isOurs) {
      return;
    }
    try {
      const draft = await this._store.takeDraft();
      if (draft && isAlike(draft, like)) {
        fill(draft);
      }
    } catch {
      // It has locked again.
    }
  }

  private async _stash(draft: IEntryDraft): Promise<void> {
    if (!this._isOurs) {
      const there = await this._store.takeDraft();
      if (there && !isAlike(there, draft)) {
        // The panel's form has one, and there is room for one.
        return;
      }
    }
    await this._store.stashDraft(draft);
    this._isOurs = true;
  }

  /** One after the other. A store that has locked meanwhile keeps what it had. */
  private _then(step: () => Promise<void>): void {
    this._last = this._last.then(step).catch(() => undefined);
  }

  /** What the store keeps is of this dialog. */
  private _isOurs = false;
  private _read: (() => IEntryDraft) | undefined;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _last: Promise<void> = Promise.resolve();
}

/** Whether it has no more in it than the dialog's own, for the same credential. */
function isAlike(one: IEntryDraft, other: IEntryDraft): boolean {
  const rest = ({ id, name, url, notes, tags, fields }: IEntryDraft) =>
    JSON.stringify([id, name, url, notes, tags, fields.length, fields[0].name]);
  return rest(one) === rest(other);
}
