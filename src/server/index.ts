/** Where the file is kept: the server extension, or else the contents API. */
import type { Contents, ServerConnection } from '@jupyterlab/services';
import type { IStorage, IStoredFile } from '../store/types';
import { ContentsFile } from './contents';
import { NoServerExtension, ServerFile } from './file';

/** Decides at the first read, and stays with it. */
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
      return await this._keeper.read();
    } catch (error) {
      if (!(error instanceof NoServerExtension)) {
        throw error;
      }
      this._keeper = new ContentsFile(this._contents);
      return this._keeper.read();
    }
  }

  write(
    file: Blob,
    etag: string | null,
    options?: { dropBackups?: boolean }
  ): Promise<string> {
    return this._keeper.write(file, etag, options);
  }

  private _keeper: IStorage;
  private readonly _contents: Contents.IManager;
}
