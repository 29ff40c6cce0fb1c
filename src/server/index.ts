/** Where the file is kept: the server extension, or else the contents API. */
import type { Contents, ServerConnection } from '@jupyterlab/services';
import {
  StorageError,
  type FileBytes,
  type IStorage,
  type IStoredFile
} from '../store/types';
import { ContentsFile } from './contents';
import { NoServerExtension, ServerFile } from './file';

/** Decides at the first answer, and stays with it. */
export class Storage implements IStorage {
  constructor(
    settings: ServerConnection.ISettings,
    contents: Contents.IManager
  ) {
    this._keeper = new ServerFile(settings);
    this._contents = contents;
  }

  async read(): Promise<IStoredFile> {
    try {
      const stored = await this._keeper.read();
      this._decided = true;
      return stored;
    } catch (error) {
      if (!(error instanceof NoServerExtension)) {
        throw error;
      }
      if (this._decided) {
        // A proxy whose server is away. The file must not move to where it is kept less well.
        throw new StorageError('unreachable', 404);
      }
      const contents = new ContentsFile(this._contents);
      const stored = await contents.read();
      this._keeper = contents;
      this._decided = true;
      return stored;
    }
  }

  write(
    file: FileBytes,
    etag: string | null,
    options?: { dropBackups?: boolean }
  ): Promise<string> {
    return this._keeper.write(file, etag, options);
  }

  private _keeper: IStorage;
  private _decided = false;
  private readonly _contents: Contents.IManager;
}
