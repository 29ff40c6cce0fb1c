/**
 * Stores the custodian's pending changes: one save at a time, merging where the file has changed.
 */
import type {
  Answer,
  Arguments,
  IMergeReport,
  IPin,
  OperationName
} from '../custodian/protocol';
import { CustodianError } from '../custodian/protocol';
import { StorageError, type IStorage, type SaveProblem } from './types';

/** More than this in a row means that somebody else writes all the time. */
const MERGES = 5;

export type Call = <K extends OperationName>(
  op: K,
  args: Arguments<K>
) => Promise<Answer<K>>;

export interface ISaverEvents {
  /** The bytes are stored. */
  stored(pin: IPin): void;
  merged(report: IMergeReport): void;
  /** Not stored; the changes stay in the custodian. */
  failed(reason: SaveProblem | 'passphrase-changed'): void;
}

export class Saver {
  constructor(
    private readonly _call: Call,
    private readonly _storage: IStorage,
    private readonly _events: ISaverEvents
  ) {}

  /** The tag of the file that the custodian's state is based on. */
  etag: string | null = null;

  /** The next stored file must not leave older versions behind. */
  dropBackups = false;

  /**
   * Store what is pending. Calls made during a save are joined into one that follows it.
   *
   * @returns Whether everything is stored. Never rejects.
   */
  save(): Promise<boolean> {
    this._next ??= this._running.then(() => {
      this._next = undefined;
      return (this._running = this._save());
    });
    return this._next;
  }

  private async _save(): Promise<boolean> {
    try {
      for (let attempt = 0; attempt <= MERGES; attempt++) {
        if (await this._attempt()) {
          return true;
        }
      }
      this._events.failed('failed');
    } catch (error) {
      this._events.failed(reason(error));
    }
    return false;
  }

  /** False: the file had changed, and is merged now. */
  private async _attempt(): Promise<boolean> {
    const { file, pin } = await this._call('save', {});
    if (!file) {
      return true;
    }
    try {
      const { dropBackups } = this;
      this.etag = await this._storage.write(file, this.etag, { dropBackups });
      this.dropBackups &&= !dropBackups;
    } catch (error) {
      if (error instanceof StorageError && error.problem === 'conflict') {
        await this.merge();
        return false;
      }
      throw error;
    }
    await this._call('saved', {});
    this._events.stored(pin);
    return true;
  }

  /**
   * Take in what somebody else has stored.
   *
   * @throws StorageError, CustodianError
   */
  async merge(): Promise<void> {
    const { content } = await this._storage.read();
    if (!content) {
      // Deleted meanwhile: what is in memory is the only copy. Create it anew.
      this.etag = null;
      return;
    }
    const report = await this._call('merge', { file: content.bytes });
    this.etag = content.etag;
    this._events.merged(report);
  }

  private _running: Promise<boolean> = Promise.resolve(true);
  private _next: Promise<boolean> | undefined;
}

function reason(error: unknown): SaveProblem | 'passphrase-changed' {
  if (error instanceof StorageError && error.problem !== 'conflict') {
    return error.problem;
  }
  if (error instanceof CustodianError && error.code === 'passphrase-changed') {
    return 'passphrase-changed';
  }
  return 'failed';
}
