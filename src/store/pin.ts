/** Where a page remembers which file was seen last; spec/vault.md §9. */
import type { IPin } from '../custodian/protocol';

/** Where the pin survives a reload. It holds no secret. */
export interface IPinKeeper {
  get(): IPin | null;
  set(pin: IPin): void;
  /** The person has accepted that the file is gone. */
  clear(): void;
}

/** A pin in local storage, by the server's address and the file's path. */
export class LocalPin implements IPinKeeper {
  constructor(private readonly _key: string) {}

  get(): IPin | null {
    try {
      const pin = JSON.parse(
        localStorage.getItem(this._key) ?? 'null'
      ) as IPin | null;
      return typeof pin?.vault === 'string' &&
        typeof pin.digest === 'string' &&
        Number.isSafeInteger(pin.epoch) &&
        Number.isSafeInteger(pin.generation)
        ? pin
        : null;
    } catch {
      return null;
    }
  }

  set(pin: IPin): void {
    try {
      localStorage.setItem(this._key, JSON.stringify(pin));
    } catch {
      // Private windows and full storages forbid it: then nothing is remembered.
    }
  }

  clear(): void {
    try {
      localStorage.removeItem(this._key);
    } catch {
      // As above.
    }
  }
}
