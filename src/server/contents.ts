/**
 * Keeps the file through the contents API, for servers without our extension (JupyterLite, others).
 *
 * Weaker than the handler: no compare-and-swap, so writers in two browsers within the same moment
 * are not told apart, no backups, and no 0600. Servers hide dotfiles from this API, so the name has
 * no dot.
 */
import { ServerConnection, type Contents } from '@jupyterlab/services';
import {
  StorageError,
  type FileBytes,
  type IStorage,
  type IStoredFile
} from '../store/types';
import { problem } from './file';

export const CONTENTS_PATH = 'credentialstore.json';
const LOCK = 'jupyterlab-credential-store:contents';

export class ContentsFile implements IStorage {
  constructor(private readonly _contents: Contents.IManager) {}

  async read(): Promise<IStoredFile> {
    const location = { path: CONTENTS_PATH, keeper: 'contents' } as const;
    const text = await this._read();
    return {
      location,
      content:
        text === null
          ? null
          : { bytes: new TextEncoder().encode(text).buffer, etag: tag(text) }
    };
  }

  async write(file: FileBytes, etag: string | null): Promise<string> {
    const content = await new Blob([file]).text();
    return alone(async () => {
      const current = await this._read();
      if ((current === null ? null : tag(current)) !== etag) {
        throw new StorageError('conflict', 412);
      }
      await this._run(() =>
        this._contents.save(CONTENTS_PATH, {
          type: 'file',
          format: 'text',
          content
        })
      );
      return tag(content);
    });
  }

  /** Null: there is no such file. */
  private async _read(): Promise<string | null> {
    try {
      const model = await this._run(() =>
        this._contents.get(CONTENTS_PATH, {
          type: 'file',
          format: 'text',
          content: true
        })
      );
      return String(model.content);
    } catch (error) {
      const { status } = error as StorageError;
      if (status === 404 || (status === 0 && (await this._isAbsent()))) {
        return null;
      }
      throw error;
    }
  }

  /** A drive without a server has no status to tell a missing file by. */
  private async _isAbsent(): Promise<boolean> {
    const root = await this._run(() => this._contents.get('')).catch(
      () => null
    );
    const listed: unknown = root?.content;
    return (
      Array.isArray(listed) &&
      !listed.some(
        ({ name }: Partial<Contents.IModel>) => name === CONTENTS_PATH
      )
    );
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

/** One tab of this browser at a time; on plain http there are no such locks. */
function alone<T>(work: () => Promise<T>): Promise<T> {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  return locks ? (locks.request(LOCK, work) as Promise<T>) : work();
}

/**
 * Times of files are too coarse to tell versions apart. What comes before the index tells: the
 * header, with its epoch, and the mac.
 */
function tag(text: string): string {
  const end = text.indexOf('"index"');
  return `${text.length} ${end < 0 ? text : text.slice(0, end)}`;
}
