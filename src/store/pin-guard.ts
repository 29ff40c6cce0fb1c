/** Keeps a file from being trusted before the person has decided on it; spec/vault.md §9. */
import { comparePin } from '../custodian/pin';
import type { IPin } from '../custodian/protocol';
import type { IPinKeeper } from './pin';
import type { Notice } from './types';

/** The warnings that need a decision. */
export type Doubt = Extract<Notice, { kind: 'rolled-back' | 'replaced' }>;

export class PinGuard {
  /** Where pins are kept for the present location. */
  keeper: IPinKeeper | undefined;

  get seen(): IPin | null {
    return this.keeper?.get() ?? null;
  }

  /** What the person has not decided on yet. */
  get doubt(): Doubt | null {
    return this._doubt;
  }

  /**
   * Look at a file that was read, before anything is opened.
   *
   * @param pin - Null: there is no file.
   */
  check(pin: IPin | null): Doubt | null {
    const { seen } = this;
    this._doubt = null;
    this._found = pin;
    if (!pin) {
      this._doubt = seen ? { kind: 'replaced', gone: true } : null;
      return this._doubt;
    }
    const verdict = comparePin(seen, pin);
    if (verdict !== 'fine') {
      this._doubt = { kind: verdict };
    }
    return this._doubt;
  }

  /** The secret has opened the file that was looked at. */
  opened(): void {
    if (this._found && !this._doubt) {
      this.keeper?.set(this._found);
    }
  }

  /** This page has stored or opened the file: before that anybody could have written it. */
  trust(pin: IPin): void {
    this._doubt = null;
    this.keeper?.set(pin);
  }

  /**
   * The person accepts what was doubted.
   *
   * @returns Whether that is a file; if not, the next one is the first.
   */
  accept(): boolean {
    const found = this._found;
    this._doubt = null;
    if (found) {
      this.keeper?.set(found);
    } else {
      this.keeper?.clear();
    }
    return found !== null;
  }

  private _doubt: Doubt | null = null;
  private _found: IPin | null = null;
}
