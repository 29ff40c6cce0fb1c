/** Changes that were not stored when a lock struck: they wait, sealed, for the next unlock. */
import type { Argon2 } from '../crypto/argon2';
import { utf8Encode } from '../crypto/bytes';
import { parseFile, Vault, type ISealedFile, type IVaultPin } from '../vault';
import { isVaultError, type Base, type IOpen } from './open-vault';
import type { Secret } from './protocol';

export interface IWaiting {
  readonly from: IOpen;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly pin: IVaultPin;
  /** As in {@link IOpen}, as far as it was offered. */
  readonly offered: Set<string>;
  etag: string | null;
  base: Base;
  /** The versions that were handed out last before the lock. */
  readonly offeredBase: Base;
  /** There are changes later than those. */
  readonly edited: boolean;
  /**
   * Not wiped at the lock, for the key that it is sealed with opens no file any more: the changes
   * would be lost. Its secrets stay in this worker, which hands out none of them before an unlock.
   */
  opened?: Vault;
}

export class WaitingRoom {
  /** @param _carry - Called when one vault key takes the place of another. */
  constructor(private readonly _carry: (from: Vault, to: Vault) => void) {}

  get isEmpty(): boolean {
    return !this._all.length;
  }

  get latest(): IWaiting | undefined {
    return this._all.at(-1);
  }

  /** Seal what is open, and wipe it. */
  add(open: IOpen): void {
    const { vault, etag } = open;
    let kept = false;
    try {
      const edited = vault.dirty || !!open.rekey?.edited;
      const { base } = vault;
      vault.markSaved();
      const offeredBase = vault.base;
      const { parts, pin } = vault.serialise(Date.now());
      kept = open.superseded || open.rekey !== undefined;
      this._all.push({
        from: open,
        bytes: utf8Encode(parts.join('')),
        pin,
        offered: open.offered,
        etag,
        base,
        offeredBase,
        edited,
        ...(kept && { opened: vault })
      });
    } finally {
      if (!kept) {
        vault.wipe();
      }
    }
  }

  /** What was offered, before or since the lock, is stored. */
  saved(offer: IOpen | IWaiting | undefined, etag: string): void {
    const waiting = this._all.find(one => one === offer || one.from === offer);
    // If there is none, an unlock has taken it up, and knows the file by its digest.
    if (waiting && (waiting === offer || !waiting.edited)) {
      this._drop(waiting);
    } else if (waiting) {
      waiting.base = waiting.offeredBase;
      waiting.etag = etag;
      waiting.offered.clear();
    }
  }

  /** Whether the copy under a new vault key, under way when the lock struck, is stored. */
  rekeyed(stored: boolean): void {
    for (const waiting of this._all.filter(({ from }) => from.rekey)) {
      const { from, edited } = waiting;
      from.rekey = undefined;
      from.superseded ||= stored;
      if (stored && !edited) {
        this._drop(waiting);
      } else if (!from.superseded) {
        // The old key opens the file still.
        waiting.opened?.wipe();
        waiting.opened = undefined;
      }
    }
  }

  /**
   * Merge into what was just unlocked; what it cannot open goes on waiting.
   *
   * @returns Names of the copies that were made.
   */
  resume(open: IOpen, pin: IVaultPin): string[] {
    const stored = open.vault.base;
    const copies: string[] = [];
    for (const waiting of this._all.filter(
      one => one.pin.vault === pin.vault
    )) {
      const theirs = open.vault;
      let mine = waiting.opened;
      try {
        mine ??= theirs.openOther(parseFile(waiting.bytes));
        // Perhaps it was stored, and only the reply was lost.
        mine.base = waiting.offered.has(pin.digest) ? stored : waiting.base;
        this._carry(mine, theirs);
        const { vault, report } = mine.merge(theirs, Date.now());
        vault.base = stored;
        open.vault = vault;
        open.unsaved = true;
        waiting.offered.forEach(digest => open.offered.add(digest));
        copies.push(...report.copies);
        this._remove(waiting);
      } catch {
        if (mine !== waiting.opened) {
          mine?.wipe();
        }
      }
    }
    return copies;
  }

  /** Whether the secret is that of changes which wait, made before the passphrase was changed. */
  async open(
    { header }: ISealedFile,
    secret: Secret,
    argon2: Argon2
  ): Promise<boolean> {
    for (const waiting of this._all) {
      const file = parseFile(waiting.bytes);
      if (
        waiting.opened ||
        file.header.vault !== header.vault ||
        // The same slots open to the same secrets.
        JSON.stringify(file.header.slots) === JSON.stringify(header.slots)
      ) {
        continue;
      }
      try {
        waiting.opened = await Vault.unlock(file, secret, argon2);
        return true;
      } catch (error) {
        if (!isVaultError(error, 'wrong-secret')) {
          throw error;
        }
      }
    }
    return false;
  }

  private _drop(waiting: IWaiting): void {
    waiting.opened?.wipe();
    this._remove(waiting);
  }

  private _remove(waiting: IWaiting): void {
    this._all.splice(this._all.indexOf(waiting), 1);
  }

  private readonly _all: IWaiting[] = [];
}
