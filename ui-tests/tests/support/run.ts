/** Where this run's servers live: each of Playwright's workers has its own, in homes of their own. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// What is chosen here reaches the workers by the environment.
process.env.UI_TESTS_RUN ??= mkdtempSync(join(tmpdir(), 'credential-store-'));
process.env.UI_TESTS_PORT ??= String(20000 + (process.pid % 20000));
export const RUN = process.env.UI_TESTS_RUN;
export const HUB_PORT = Number(process.env.UI_TESTS_PORT);

/** As many as this machine class has cores. */
export const WORKERS = 2;

export interface IServer {
  home: string;
  port: number;
  url: string;
}

function server(name: string, offset: number): IServer {
  const port = HUB_PORT + offset;
  return { home: join(RUN, name), port, url: `http://localhost:${port}` };
}

/**
 * The servers of a worker: one that records, one that was started as a person does, and one that
 * only tests start which need another.
 */
export function servers(worker: number): {
  recording: IServer;
  installed: IServer;
  own: IServer;
} {
  return {
    recording: server(`home-${worker}`, 10 + worker),
    installed: server(`installed-${worker}`, 20 + worker),
    own: server(`own-${worker}`, 30 + worker)
  };
}

const all = servers(Number(process.env.TEST_PARALLEL_INDEX ?? 0));

/** The home of the server that most tests use. */
export const HOME = all.recording.home;
/** What its contents API shows. */
export const WORK = join(HOME, 'work');
export const STORE = join(HOME, '.credentialstore');
export const URL = all.recording.url;

export const INSTALLED = { ...all.installed, token: 'walk' };

/** Where nothing listens unless a test starts it. */
export const OWN = all.own;

/** Where the page reads and writes the store; Lab adds the time to the address. */
export const FILE_ROUTE = /jupyterlab-credential-store\/file(\?|$)/;

/** No store, and no copy of one. */
export function forgetStore(home = HOME): void {
  for (const name of readdirSync(home)) {
    if (name.startsWith('.credentialstore')) {
      rmSync(join(home, name), { recursive: true });
    }
  }
}

/** What the server saw so far: its HTTP requests, and its kernels' sockets. */
export function recorded(suffix: string): Buffer {
  const folder = join(HOME, 'record');
  const names = readdirSync(folder).filter(name => name.endsWith(suffix));
  return Buffer.concat(names.map(name => readFileSync(join(folder, name))));
}
