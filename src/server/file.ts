/** Typed calls to the server extension's one handler, which stores the file as it is. */
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import {
  StorageError,
  type FileBytes,
  type ILocation,
  type IStorage,
  type IStoredFile,
  type StorageProblem
} from '../store/types';

const ROUTE = 'jupyterlab-credential-store/file';
/** Percent-encoded; its presence also tells our handler from a server that lacks it. */
const PATH_HEADER = 'X-Credential-Store-Path';
/** What servers say to a path that they do not know; some give their start page. */
const UNKNOWN_ROUTE: readonly number[] = [200, 404, 405, 501];

/** The server has no such handler. */
export class NoServerExtension extends Error {}

export class ServerFile implements IStorage {
  constructor(private readonly _settings: ServerConnection.ISettings) {}

  /**
   * @throws NoServerExtension
   * @throws StorageError
   */
  async read(): Promise<IStoredFile> {
    const response = await this._request({ method: 'GET', cache: 'no-store' });
    const { status } = response;
    const path = response.headers.get(PATH_HEADER);
    if (path === null) {
      if (isShutOut(response)) {
        throw problem(401);
      }
      throw UNKNOWN_ROUTE.includes(status)
        ? new NoServerExtension()
        : problem(status);
    }
    const location = { path: decode(path), keeper: 'server' } as const;
    if (status === 404) {
      return { location, content: null };
    }
    const etag = etagOf(response);
    if (status !== 200 || !etag) {
      throw problem(status, location);
    }
    const bytes = await response.arrayBuffer().catch(() => {
      // The connection broke off in the middle.
      throw new StorageError('unreachable', 0, location);
    });
    return { location, content: { bytes, etag } };
  }

  async write(
    file: FileBytes,
    etag: string | null,
    options: { dropBackups?: boolean } = {}
  ): Promise<string> {
    const response = await this._request(
      {
        method: 'PUT',
        body: file,
        headers: {
          'Content-Type': 'application/octet-stream',
          ...(etag === null ? { 'If-None-Match': '*' } : { 'If-Match': etag })
        }
      },
      options.dropBackups ? { backups: 'drop' } : {}
    );
    const written = etagOf(response);
    if (response.status !== 204 || !written) {
      throw problem(isShutOut(response) ? 401 : response.status);
    }
    return written;
  }

  private async _request(
    init: RequestInit,
    query: Record<string, string> = {}
  ): Promise<Response> {
    const url =
      URLExt.join(this._settings.baseUrl, ROUTE) +
      URLExt.objectToQueryString(query);
    try {
      return await ServerConnection.makeRequest(url, init, this._settings);
    } catch {
      throw new StorageError('unreachable', 0);
    }
  }
}

/**
 * Not the handler's own refusal, but one before it: by a server that does not know the person any
 * more, by a hub whose server was stopped; or the page that asks to log in.
 */
function isShutOut({ status, redirected, headers }: Response): boolean {
  return (redirected || status === 403) && !headers.has(PATH_HEADER);
}

/** Ours are strong; a proxy that compresses calls them weak, which no `If-Match` would match. */
function etagOf({ headers }: Response): string | undefined {
  return headers.get('ETag')?.replace(/^W\//, '');
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Only the status: what a server says in words is not for our messages. */
export function problem(status: number, location?: ILocation): StorageError {
  const known: Record<number, StorageProblem> = {
    401: 'logged-out',
    403: 'forbidden',
    409: 'in-the-way',
    412: 'conflict',
    413: 'too-large',
    // What a hub says for a server that is stopped.
    424: 'unreachable',
    507: 'disk-full'
  };
  return new StorageError(
    known[status] ??
      (status >= 502 && status <= 504 ? 'unreachable' : 'failed'),
    status,
    location
  );
}
