/** A server that keeps one file in memory, with the handler's entity tags, and its faults. */
import { createHash } from 'node:crypto';
import {
  StorageError,
  type FileBytes,
  type ILocation,
  type IStorage,
  type IStoredFile,
  type StorageProblem
} from '../store/types';

/** What befalls a request: refused with a status, or carried out and its reply lost. */
export type Fault = number | 'lost-reply' | 'lost-request';

const LOCATION: ILocation = { path: '~/.credentialstore', keeper: 'server' };

export class FileServer {
  bytes: Uint8Array | null = null;
  /** Every version that was stored. */
  readonly history: Uint8Array[] = [];
  readonly writes: {
    etag: string | null;
    dropBackups: boolean;
    status: number;
  }[] = [];
  reads = 0;
  /** Faults of the requests to come, in order; none: all goes well. */
  writeFaults: (Fault | undefined)[] = [];
  readFaults: (Fault | undefined)[] = [];
  /** Called when a request has arrived, before it is carried out. */
  onWrite: () => Promise<void> | void = () => undefined;
  /** Called when it is carried out, before the reply arrives. */
  onReply: () => Promise<void> | void = () => undefined;
  onRead: () => Promise<void> | void = () => undefined;

  get etag(): string | null {
    return this.bytes && tag(this.bytes);
  }

  /** A page's view of it. */
  connect(): IStorage {
    return {
      read: () => this._read(),
      write: (file, etag, options) =>
        this._write(file, etag, options?.dropBackups ?? false)
    };
  }

  private async _read(): Promise<IStoredFile> {
    this.reads++;
    fail(this.readFaults.shift());
    const { bytes, etag } = this;
    await this.onRead();
    return {
      location: LOCATION,
      content: bytes && {
        bytes: bytes.slice().buffer,
        etag: etag!
      }
    };
  }

  private async _write(
    file: FileBytes,
    etag: string | null,
    dropBackups: boolean
  ): Promise<string> {
    const bytes = new Uint8Array(await new Blob([file]).arrayBuffer());
    await this.onWrite();
    const fault = this.writeFaults.shift();
    const refused =
      typeof fault === 'number' ? fault : this.etag === etag ? 0 : 412;
    if (fault === 'lost-request') {
      fail(fault);
    }
    this.writes.push({ etag, dropBackups, status: refused || 204 });
    if (!refused) {
      this.bytes = bytes;
      this.history.push(bytes);
    }
    await this.onReply();
    fail(fault === 'lost-reply' ? fault : refused || undefined);
    return tag(bytes);
  }
}

const PROBLEMS: Record<number, StorageProblem> = {
  403: 'forbidden',
  409: 'in-the-way',
  412: 'conflict',
  413: 'too-large',
  503: 'unreachable',
  507: 'disk-full'
};

function tag(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('hex')}"`;
}

function fail(fault: Fault | undefined): void {
  if (fault !== undefined) {
    throw typeof fault === 'number'
      ? new StorageError(PROBLEMS[fault] ?? 'failed', fault, LOCATION)
      : new StorageError('unreachable', 0);
  }
}
