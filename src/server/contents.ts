/**
 * Keeps the file through the contents API, for servers without our extension (JupyterLite, others).
 *
 * Weaker than the handler: no compare-and-swap, so two writers within the same moment are not
 * told apart, no backups, and no 0600. Servers hide dotfiles from this API, so the name has no dot.
 */
import { ServerConnection, type Contents } from '@jupyterlab/services';
import { StorageError, type IStorage, type IStoredFile } from '../store/types';
import { problem } from './file';

export const CONTENTS_PATH = 'credentialstore.json';

export class ContentsFile implements IStorage {
  constructor(private readonly _contents: Contents.IManager) {}

  async read(): Promise<IStoredFile> {
    const location = { path: CONTENTS_PATH, keeper: 'contents' } as const;
    const model = await this._get(true);
    if (!model) {
      return { location, content: null };
    }
    const bytes = new TextEncoder().encode(String(model.content)).buffer;
    return { location, content: { bytes, etag: tag(model) } };
  }

  async write(file: Blob, etag: string | null): Promise<string> {
    const current = await this._get(false);
    if ((current ? tag(current) : null) !== etag) {
      throw new StorageError('conflict', 412);
    }
    const content = await file.text();
    const saved = await this._run(() =>
      this._contents.save(CONTENTS_PATH, {
        type: 'file',
        format: 'text',
        content
      })
    );
    return tag(saved);
  }

  private async _get(content: boolean): Promise<Contents.IModel | null> {
    try {
      return await this._run(() =>
        this._contents.get(CONTENTS_PATH, {
          type: 'file',
          format: 'text',
          content
        })
      );
    } catch (error) {
      if (error instanceof StorageError && error.status === 404) {
        return null;
      }
      throw error;
    }
  }

  private async _run<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw error instanceof ServerConnection.ResponseError
        ? problem(error.response.status)
        : new StorageError('unreachable', 0);
    }
  }
}

function tag(model: Contents.IModel): string {
  return `${model.last_modified} ${model.size ?? ''}`;
}
