/** A real Jupyter server in a process of its own, reached by the page's own code. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ServerConnection } from '@jupyterlab/services';
import { ServerFile } from '../server/file';
import { StorageError, type IStorage } from '../store/types';

const ROOT = join(__dirname, '../..');
/** As tests/adversary/servers.py has it. */
const TOKEN = 'adversary';

export class RealServer {
  /** @param home - Of the server, with the store's file. Two servers may share it. */
  constructor(readonly home: string) {}

  async start(): Promise<void> {
    const port = await freePort();
    this._url = `http://127.0.0.1:${port}/`;
    this._process = spawn(
      join(ROOT, '.venv/bin/python'),
      [join(ROOT, 'tests/adversary/servers.py'), this.home, String(port)],
      {
        env: {
          ...process.env,
          PYTHONPATH: [ROOT, join(ROOT, 'clients/python')].join(':')
        },
        stdio: ['ignore', 'ignore', 'inherit']
      }
    );
    while (!(await this._answers())) {
      if (this._process.exitCode !== null) {
        throw new Error('the server did not start');
      }
      await pause(100);
    }
  }

  stop(): void {
    this._process?.kill('SIGKILL');
  }

  /** @param faulty - Called before each request; true: it, or its reply, is lost. */
  connect(faulty: () => boolean = () => false): IStorage {
    const file = new ServerFile(
      ServerConnection.makeSettings({ baseUrl: this._url, token: TOKEN })
    );
    const lose = () => {
      if (faulty()) {
        throw new StorageError('unreachable', 0);
      }
    };
    const lossy = async <T>(work: () => Promise<T>): Promise<T> => {
      lose();
      const answer = await work();
      lose();
      return answer;
    };
    return {
      read: () => lossy(() => file.read()),
      write: (...args) => lossy(() => file.write(...args))
    };
  }

  private _answers(): Promise<boolean> {
    return fetch(`${this._url}api`).then(
      ({ ok }) => ok,
      () => false
    );
  }

  private _url = '';
  private _process: ChildProcess | undefined;
}

export function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
