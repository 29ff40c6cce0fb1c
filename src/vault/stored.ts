/** What an unlocked vault knows of the file that is stored: what it holds, and its key if that was replaced since. */
import type { ISealedFile } from './format';
import { versions, type Base, type IOpened } from './opened';
import type { Sealing } from './sealing';

interface IState {
  readonly base: Base;
  readonly generation: number;
  /** Tag of the vault key. */
  readonly key: string;
}

export class Stored {
  constructor(opened: IOpened) {
    this._state = stateOf(opened);
  }

  /** The revisions in the stored file. */
  get base(): Base {
    return this._state.base;
  }

  set base(base: Base) {
    this._state = { ...this._state, base };
  }

  /** This was written, and may be stored soon. */
  written(opened: IOpened): void {
    this._written = stateOf(opened);
  }

  /** What was written last is stored. */
  saved(): void {
    this._found(this._written ?? this._state);
  }

  /** Somebody else stored this. */
  found(opened: IOpened): void {
    this._found(stateOf(opened));
  }

  /** Take the key that the vault had before: others may go on saving under it. */
  replaced(sealing: Sealing): void {
    if (this._replaced) {
      // Nothing was ever stored under this one.
      sealing.wipe();
    } else {
      this._replaced = sealing;
    }
  }

  /** Whether the vault key was replaced, and the stored file is still under the old one. */
  get isReplaced(): boolean {
    return this._replaced !== undefined;
  }

  /** The replaced key, if a file has the generation that it belongs to. */
  replacedKeyFor({ header }: ISealedFile): Sealing | undefined {
    return header.generation === this._state.generation
      ? this._replaced?.copy()
      : undefined;
  }

  wipe(): void {
    this._replaced?.wipe();
    this._replaced = undefined;
  }

  private _found(state: IState): void {
    this._state = state;
    this._written = undefined;
    if (this._replaced?.tag !== state.key) {
      this.wipe();
    }
  }

  private _state: IState;
  private _written: IState | undefined;
  private _replaced: Sealing | undefined;
}

function stateOf(opened: IOpened): IState {
  const { generation } = opened.header;
  return { base: versions(opened), generation, key: opened.sealing.tag };
}
