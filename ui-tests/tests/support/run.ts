/** Where this run's servers live. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const run = process.env.UI_TESTS_RUN!;
const port = Number(process.env.UI_TESTS_PORT);

/** The home of the server that most tests use. */
export const HOME = join(run, 'home');
/** What its contents API shows. */
export const WORK = join(HOME, 'work');
export const STORE = join(HOME, '.credentialstore');

/** The server that was started as a person does. */
export const INSTALLED = {
  home: join(run, 'installed'),
  url: `http://localhost:${port + 1}`,
  token: 'walk'
};

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
