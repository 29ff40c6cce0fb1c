/**
 * Stores the custodian's pending changes: one save at a time, merging where the file has changed.
 */
import type {
  Answer,
  Arguments,
  IMerged,
  IMergeReport,
  INewFile,
  IOffer,
  IPin,
  OperationName,
  Secret
} from '../custodian/protocol';
import { CustodianError } from '../custodian/protocol';
import { StorageError, type IStorage, type SaveProblem } from './types';

/** More than this in a row means that somebody else writes all the time. */
const MERGES = 5;

export type Call = <K extends OperationName>(
  op: K,
  args: Arguments<K>
) => Promise<Answer<K>>;

/** Why changes are not stored: a fault, or something for the person to decide on. */
export type SaveFailure =
  SaveProblem | 'passphrase-changed' | 'rolled-back' | 'replaced';

export interface ISaverEvents {
  /** The file has been stored, or nothing had changed (null). */
  stored(pin: IPin | null): void;
  /** The file that somebody else had stored was taken in. */
  merged(report: IMergeReport, pin: IPin | null): void;
  /** Not stored; the changes stay in the custodian. */
  failed(reason: SaveFailure): void;
}

export class Saver {
  /** @param _pin - The file seen last. */
  constructor(
    private readonly _call: Call,
    private readonly _storage: IStorage,
    private readonly _pin: () => IPin | null,
    private readonly _events: ISaverEvents
  ) {}

  /** Tag of the version that this page has read, written or merged last. */
  etag: string | null = null;

  /**
   * Store what is pending. Calls made during a save are joined into one that follows it.
   *
   * @returns Whether everything is stored. Never rejects.
   */
  save(): Promise<boolean> {
    const save = () => this._report(() => this._save());
    if (!this._works) {
      return this._alone(save);
    }
    this._next ??= this._alone(() => {
      this._next = undefined;
      return save();
    });
    return this._next;
  }

  /**
   * The file has changed: take it in, and store what is pending.
   *
   * @returns Whether everything is stored. Never rejects.
   */
  pull(): Promise<boolean> {
    return this._alone(() =>
      this._report(async () => {
        await this._merge();
        await this._save();
      })
    );
  }

  /**
   * Replace the vault key and store the result. If it cannot be stored, nothing has changed.
   *
   * @returns The new recovery code.
   * @throws CustodianError, StorageError
   */
  changePassphrase(
    current: Secret,
    next: string,
    abort?: AbortSignal
  ): Promise<string> {
    const cancel = () => void this._call('cancel', {}).catch(() => undefined);
    return this._alone(async () => {
      abort?.addEventListener('abort', cancel);
      try {
        for (let attempt = 0; attempt <= MERGES; attempt++) {
          const made = await this._rekey({ current, next }, abort);
          if (await this._storeRekeyed(made)) {
            return made.recoveryCode;
          }
        }
        throw new StorageError('failed', 412);
      } finally {
        abort?.removeEventListener('abort', cancel);
      }
    });
  }

  /** The custodian has died with what was pending: its ciphertext may be here still. */
  rescue(): Promise<boolean> {
    return this._alone(async () => {
      const offer = this._failed;
      if (!offer) {
        return true;
      }
      return this._report(async () => {
        this.etag = await this._storage.write(offer.file, offer.etag);
        this._failed = undefined;
        this._events.stored(offer.pin);
      });
    });
  }

  private async _report(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this._events.failed(reason(error));
      return false;
    }
  }

  private async _save(): Promise<void> {
    for (let attempt = 0; attempt <= MERGES; attempt++) {
      if (await this._attempt()) {
        return;
      }
    }
    throw new StorageError('failed', 412);
  }

  /** False: the file had changed, and is merged now. */
  private async _attempt(): Promise<boolean> {
    const offer = await this._call('save', {});
    if (!offer.file) {
      this._failed = undefined;
      this._events.stored(null);
      return true;
    }
    this._failed = offer;
    try {
      this.etag = await this._storage.write(offer.file, offer.etag);
    } catch (error) {
      if (!isConflict(error)) {
        throw error;
      }
      await this._merge();
      return false;
    }
    await this._stored(offer.pin, 'saved', this.etag);
    return true;
  }

  /** @throws CustodianError `cancelled` */
  private async _rekey(
    secrets: Arguments<'changePassphrase'>,
    abort?: AbortSignal
  ): Promise<INewFile> {
    if (abort?.aborted) {
      throw new CustodianError('cancelled');
    }
    const made = await this._call('changePassphrase', secrets);
    if (abort?.aborted) {
      // It was made before it heard of that.
      await this._call('rekeyed', { etag: null });
      throw new CustodianError('cancelled');
    }
    return made;
  }

  /** False: the file had changed, is merged now, and the change is to be made again. */
  private async _storeRekeyed({ file, pin, etag }: INewFile): Promise<boolean> {
    try {
      this.etag = await this._storage.write(file, etag, { dropBackups: true });
    } catch (error) {
      return this._resolveRekeyed(pin, error);
    }
    await this._stored(pin, 'rekeyed', this.etag);
    return true;
  }

  /** It was not stored, or only the reply was lost: the file tells. */
  private async _resolveRekeyed(pin: IPin, error: unknown): Promise<boolean> {
    let merged: IMerged;
    try {
      merged = await this._merge();
    } catch (second) {
      if (!isConflict(error)) {
        // Nobody knows yet. Whichever file turns up, the custodian has its key.
        throw error;
      }
      await this._call('rekeyed', { etag: null });
      this._events.failed(reason(second));
      throw second;
    }
    if (merged.pin?.digest === pin.digest) {
      return true;
    }
    await this._call('rekeyed', { etag: null });
    if (!isConflict(error)) {
      throw error;
    }
    return false;
  }

  /** A custodian that fails to take note finds out at the next conflict. */
  private async _stored(
    pin: IPin,
    op: 'saved' | 'rekeyed',
    etag: string
  ): Promise<void> {
    this._failed = undefined;
    this._events.stored(pin);
    await this._call(op, { etag }).catch(() => undefined);
  }

  /** Take in what somebody else has stored. */
  private async _merge(): Promise<IMerged> {
    const seen = this._pin();
    const { content } = await this._storage.read();
    const merged = await this._call('merge', {
      file: content?.bytes ?? null,
      etag: content?.etag ?? '',
      seen
    });
    this.etag = content?.etag ?? null;
    this._events.merged(merged.report, merged.pin);
    return merged;
  }

  /**
   * One thing at a time: a file that was read before a save must not be merged after it. What need
   * not wait begins at once: what the custodian is asked then, it does before the page is drawn.
   */
  private _alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this._works ? this._running.then(work) : work();
    this._works++;
    const done = () => void this._works--;
    this._running = result.then(done, done);
    return result;
  }

  /** How many run or wait. */
  private _works = 0;
  private _running: Promise<unknown> = Promise.resolve();
  private _next: Promise<boolean> | undefined;
  /** What was handed out last and is not known to be stored. */
  private _failed: IOffer | undefined;
}

function isConflict(error: unknown): boolean {
  return error instanceof StorageError && error.problem === 'conflict';
}

function reason(error: unknown): SaveFailure {
  if (error instanceof StorageError && error.problem !== 'conflict') {
    return error.problem;
  }
  if (error instanceof CustodianError) {
    switch (error.code) {
      case 'passphrase-changed':
      case 'rolled-back':
        return error.code;
      case 'other-vault':
        return 'replaced';
    }
  }
  return 'failed';
}
