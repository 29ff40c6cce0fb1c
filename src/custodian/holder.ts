/**
 * Which vault is open, which stored version it builds on, and what of it is not stored yet.
 *
 * The tag of a stored version stays with the state that was read from it: however saves, locks and
 * reads overlap, what is written replaces only what it builds on.
 */
import type { Argon2 } from '../crypto/argon2';
import { utf8Encode } from '../crypto/bytes';
import { parseFile, pinOf, Vault, type ISealedFile } from '../vault';
import { FileBody } from './file-body';
import { isVaultError, opened, type IOpen } from './open-vault';
import { comparePin } from './pin';
import {
  CustodianError,
  type IMerged,
  type IMergeReport,
  type INewFile,
  type IPin,
  type ISaved,
  type Secret
} from './protocol';
import { WaitingRoom, type IWaiting } from './waiting';

export interface IUnlocked {
  readonly etag: string | null;
  readonly report: IMergeReport;
  /** There are changes that need another passphrase, or another file. */
  readonly waiting: boolean;
}

const NO_MERGE: IMergeReport = { incoming: 0, copies: [] };

export class Holder {
  /** @param _carry - Called when one vault key takes the place of another. */
  constructor(
    private readonly _argon2: Argon2,
    private readonly _carry: (from: Vault, to: Vault) => void
  ) {
    this._waiting = new WaitingRoom(_carry);
  }

  get vault(): Vault | undefined {
    return this._open?.vault;
  }

  /**
   * Keep a file for `unlock`.
   *
   * @throws VaultError
   */
  load(bytes: Uint8Array, etag: string): ISealedFile {
    this._file = undefined;
    const file = parseFile(bytes);
    this._file = { file, etag };
    return file;
  }

  /** A vault that was made here, and is stored. */
  adopt(vault: Vault, etag: string): void {
    this.lock();
    this._file = undefined;
    vault.markSaved();
    this._open = opened(vault, etag);
  }

  /** @throws CustodianError, VaultError */
  async unlock(secret: Secret): Promise<IUnlocked> {
    const loaded = this._file;
    if (!loaded) {
      throw new CustodianError('no-file');
    }
    const locks = this._locks;
    const pin = pinOf(loaded.file);
    let vault: Vault;
    try {
      vault = await Vault.unlock(loaded.file, secret, this._argon2);
    } catch (error) {
      if (
        isVaultError(error, 'wrong-secret') &&
        (await this._waiting.open(loaded.file, secret, this._argon2))
      ) {
        throw new CustodianError('passphrase-changed');
      }
      throw error;
    }
    if (locks !== this._locks || this._open) {
      vault.wipe();
      if (!this._open) {
        throw new CustodianError('cancelled');
      }
      // Somebody was quicker, and may have edited since.
      return { etag: this._open.etag, report: NO_MERGE, waiting: false };
    }
    this._open = opened(vault, loaded.etag);
    // The text of 10,000 entries is in the vault now; once is enough.
    this._file = undefined;
    const copies = this._waiting.resume(this._open, pin);
    return {
      etag: loaded.etag,
      report: { incoming: 0, copies },
      waiting: !this._waiting.isEmpty
    };
  }

  lock(): void {
    this._locks++;
    const open = this._open;
    if (!open) {
      return;
    }
    this._open = undefined;
    open.rekey?.copy.wipe();
    if (open.vault.dirty || open.unsaved) {
      this._waiting.add(open);
    } else {
      open.vault.wipe();
    }
  }

  /** What is to be stored: over a lock as well, for it is sealed. */
  async save(): Promise<ISaved> {
    const open = this._open;
    if (!open) {
      const waiting = (this._offer = this._waiting.latest);
      if (!waiting) {
        return { file: null };
      }
      const { bytes, pin, etag, offered } = waiting;
      offered.add(pin.digest);
      return { file: bytes, pin, etag };
    }
    if (!open.vault.dirty && !open.unsaved) {
      return { file: null };
    }
    if (open.rekey) {
      open.rekey.edited ||= open.vault.dirty;
    }
    const { vault } = open;
    this._offer = undefined;
    const serialising = vault.serialiseAsync(Date.now());
    open.unsaved = true;
    const written = await serialising.catch((error: unknown) => {
      if (this._open === open) {
        throw error;
      }
    });
    if (!written || this._open !== open || open.vault !== vault) {
      // Locked meanwhile: that has put the changes where they wait.
      return this.save();
    }
    const { parts, pin } = written;
    open.offered.add(pin.digest);
    this._offer = open;
    return { file: this._body.of(parts), pin, etag: open.etag };
  }

  /** What `save` gave last is stored. */
  saved(etag: string): void {
    const offer = this._offer;
    this._offer = undefined;
    if (offer && offer === this._open) {
      offer.vault.markSaved();
      offer.etag = etag;
      offer.offered.clear();
      offer.unsaved = false;
      dropRekey(offer);
    } else {
      this._waiting.saved(offer, etag);
    }
  }

  /**
   * The file is another than the one built on: take it in.
   *
   * @param bytes - Null: it is gone.
   * @param seen - The pin of before it was read.
   * @throws CustodianError, VaultError
   */
  merge(bytes: Uint8Array | null, etag: string, seen: IPin | null): IMerged {
    const open = this._open;
    if (!open) {
      throw new CustodianError('locked');
    }
    this._offer = undefined;
    if (!bytes) {
      // What is in memory is the only copy: to be stored anew.
      open.etag = null;
      open.unsaved = true;
      return { report: NO_MERGE, pin: null };
    }
    const file = parseFile(bytes);
    const pin = pinOf(file);
    if (open.rekey?.digest === pin.digest) {
      this.rekeyed(etag);
      return { report: NO_MERGE, pin };
    }
    const theirs = this._openTheirs(open, file, comparePin(seen, pin));
    if (open.offered.has(pin.digest)) {
      // Stored, and only the reply was lost.
      open.vault.base = theirs.base;
    }
    const { vault, report } = open.vault.merge(theirs, Date.now());
    open.vault = vault;
    open.etag = etag;
    open.offered.clear();
    dropRekey(open);
    return { report, pin };
  }

  /**
   * Seal all anew under a new vault key, in a copy: until that is stored, the old passphrase holds.
   *
   * @throws CustodianError, VaultError
   */
  async changePassphrase(current: Secret, next: string): Promise<INewFile> {
    const open = this._open;
    if (!open) {
      throw new CustodianError('locked');
    }
    dropRekey(open);
    this._offer = undefined;
    open.unsaved ||= open.vault.dirty;
    const now = open.vault.serialise(Date.now());
    const file = parseFile(utf8Encode(now.parts.join('')));
    const copy = open.vault.openOther(file);
    const { base } = copy;
    try {
      const argon2 = this._argon2;
      const recoveryCode = await copy.changePassphrase(current, next, argon2);
      if (this._open !== open) {
        throw new CustodianError('locked');
      }
      const { parts, pin } = copy.serialise(Date.now());
      open.rekey = { copy, digest: pin.digest, base, edited: false };
      return {
        recoveryCode,
        file: new FileBody().of(parts),
        pin,
        etag: open.etag
      };
    } catch (error) {
      copy.wipe();
      throw error;
    }
  }

  /** What `changePassphrase` made is stored; null: it is not, and will not be. */
  rekeyed(etag: string | null): void {
    const open = this._open;
    if (!open?.rekey) {
      this._waiting.rekeyed(etag !== null);
      return;
    }
    const { copy, base, edited } = open.rekey;
    if (etag === null) {
      dropRekey(open);
      return;
    }
    const old = open.vault;
    open.rekey = undefined;
    copy.markSaved();
    this._carry(old, copy);
    if (old.dirty || edited) {
      // Edited since the copy was made.
      old.base = base;
      open.vault = old.merge(copy, Date.now()).vault;
    } else {
      open.vault = copy;
      old.wipe();
    }
    open.etag = etag;
    open.offered.clear();
    open.unsaved = false;
  }

  private _openTheirs(
    open: IOpen,
    file: ISealedFile,
    verdict: ReturnType<typeof comparePin>
  ): Vault {
    let theirs: Vault;
    try {
      theirs = open.vault.openOther(file);
    } catch (error) {
      if (!isVaultError(error, 'passphrase-changed')) {
        throw error;
      }
      if (verdict !== 'rolled-back') {
        open.superseded = true;
        throw error;
      }
      throw new CustodianError('rolled-back');
    }
    if (verdict === 'rolled-back') {
      theirs.wipe();
      throw new CustodianError('rolled-back');
    }
    return theirs;
  }

  private readonly _waiting: WaitingRoom;
  private readonly _body = new FileBody();
  private _open: IOpen | undefined;
  /** Read, and not unlocked yet. */
  private _file: { file: ISealedFile; etag: string } | undefined;
  private _offer: IOpen | IWaiting | undefined;
  private _locks = 0;
}

function dropRekey(open: IOpen): void {
  open.rekey?.copy.wipe();
  open.rekey = undefined;
}
