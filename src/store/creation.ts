/** A store that was made and is not stored yet: it survives whatever keeps it from being stored. */
import {
  CustodianError,
  type Arguments,
  type INewFile
} from '../custodian/protocol';
import type { Call } from './saver';
import type { IStorage } from './types';

export class Creation {
  constructor(
    private readonly _call: Call,
    private readonly _storage: IStorage
  ) {}

  /**
   * @returns The recovery code.
   * @throws CustodianError
   */
  async make(args: Arguments<'create'>): Promise<string> {
    this._made = await this._call('create', args);
    return this._made.recoveryCode;
  }

  /**
   * Store what was made. May be called again if it rejects.
   *
   * @throws StorageError; CustodianError `no-file`
   */
  async store(): Promise<{ etag: string; pin: INewFile['pin'] }> {
    const made = this._made;
    if (!made) {
      throw new CustodianError('no-file');
    }
    const { file, pin } = made;
    let etag: string;
    try {
      etag = await this._storage.write(file, null);
    } catch (error) {
      const stored = await this._find(made);
      if (stored === null) {
        throw error;
      }
      etag = stored;
    }
    this._made = undefined;
    return { etag, pin };
  }

  abandon(): void {
    this._made = undefined;
    void this._call('abandon', {}).catch(() => undefined);
  }

  /** The tag, if it was stored and only the reply was lost. */
  private async _find({ pin }: INewFile): Promise<string | null> {
    try {
      const { content } = await this._storage.read();
      if (!content) {
        return null;
      }
      const { bytes, etag } = content;
      const found = await this._call('load', { file: bytes, etag });
      return found.kind === 'ours' && found.pin.digest === pin.digest
        ? etag
        : null;
    } catch {
      return null;
    }
  }

  private _made: INewFile | undefined;
}
