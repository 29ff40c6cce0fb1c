/** What Lab's start costs, and the first use in a page that has loaded nothing of ours. */
import { spawnSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { PASSPHRASE } from '../ui-tests/tests/support/lab';
import { KEEPASS, KEEPASSXC, LARGEST, report, times } from './support/run';
import {
  EXTENSION,
  LINE,
  PASSWORD,
  test,
  unlock,
  type Lab,
  type Page
} from './support/test';

/** Constants that ciphers, hashes and curves do not do without, as minifiers leave them. */
const CRYPTOGRAPHY =
  /\b(1116352408|1779033703|121665|56129|0x428a2f98|0x6a09e667)\b|expand 32-byte k|argon2|WebAssembly/gi;

interface IFile {
  readonly url: string;
  readonly body: Buffer;
}

/** Scripts and the like that a page and its workers have loaded. */
class Loaded {
  constructor(page: Page) {
    page.on('response', response => {
      const url = new URL(response.url());
      if (/\.(js|css|wasm)$/.test(url.pathname)) {
        this._coming.set(response.url(), response.body());
      }
    });
    page.on('worker', worker => this._workers.add(worker.url()));
  }

  /** What has come since the last call: ours, and Lab's own. */
  async take(): Promise<{ ours: IFile[]; labs: IFile[] }> {
    const files: IFile[] = [];
    for (const [url, body] of this._coming) {
      files.push({ url, body: await body });
    }
    this._coming.clear();
    return {
      ours: files.filter(({ url }) =>
        url.includes(`/extensions/${EXTENSION}/`)
      ),
      labs: files.filter(({ url }) => !url.includes('/extensions/'))
    };
  }

  isWorker(url: string): boolean {
    return this._workers.has(url);
  }

  private readonly _coming = new Map<string, Promise<Buffer>>();
  private readonly _workers = new Set<string>();
}

const raw = ({ body }: IFile) => body.length / 1000;
const gzip = ({ body }: IFile) => gzipSync(body, { level: 9 }).length / 1000;
const hits = ({ body }: IFile) =>
  body.toString('latin1').match(CRYPTOGRAPHY)?.length ?? 0;

function sum(files: IFile[], size: (file: IFile) => number): number {
  return files.reduce((total, file) => total + size(file), 0);
}

/** Open the panel, unlock as soon as that is possible, and see the list. */
function coldUnlock({ page }: Lab): Promise<number> {
  return page.evaluate(
    async ([field, line, passphrase]) => {
      const start = bench.now();
      void window.jupyterapp.commands.execute(
        'jupyterlab-credential-store:open-panel'
      );
      await bench.appears(field);
      const input = document.querySelector<HTMLInputElement>(field)!;
      input.value = passphrase;
      const appears = bench.appears(line);
      input.form!.requestSubmit();
      const at = await appears;
      const { took } = await bench.frame();
      return at - start + took;
    },
    [PASSWORD, LINE, PASSPHRASE]
  );
}

/** The peer: the whole of a process that lists a database. */
function keepassxc(): number {
  const start = performance.now();
  const { status } = spawnSync(KEEPASSXC, ['ls', '--quiet', KEEPASS], {
    input: `${PASSPHRASE}\n`,
    maxBuffer: 2 ** 24
  });
  if (status) {
    throw new Error(`keepassxc-cli ended with ${status}`);
  }
  return performance.now() - start;
}

test('what is loaded', async ({ open }) => {
  let loaded!: Loaded;
  const lab = await open(10, page => {
    loaded = new Loaded(page);
  });
  const start = await loaded.take();
  await lab.openPanel();
  await unlock(lab);
  await lab.page.waitForLoadState('networkidle');
  const { ours } = await loaded.take();
  const inPage = await lab.page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name }) => name)
  );
  const [ofPage, ofWorkers] = [true, false].map(wanted =>
    ours.filter(
      ({ url }) => (inPage.includes(url) && !loaded.isWorker(url)) === wanted
    )
  );
  const row = (
    what: string,
    files: IFile[],
    how: 'gzip' | 'raw',
    most?: number
  ) => {
    const size = how === 'gzip' ? gzip : raw;
    report({
      what: `${what}, ${how}`,
      unit: 'kB',
      ours: [sum(files, size)],
      peer: {
        name: 'what Lab itself loads when it starts',
        values: [sum(start.labs, size)]
      },
      ...(most && { target: { of: 'median', most } }),
      note: `${files.length} files`
    });
  };
  row('loaded when Lab starts', start.ours, 'gzip', 15);
  row('loaded when Lab starts', start.ours, 'raw', 45);
  report({
    what: 'traces of cryptography in what is loaded when Lab starts',
    unit: 'hits',
    ours: [sum(start.ours, hits)],
    peer: {
      name: 'the same search in what our workers load',
      values: [sum(ofWorkers, hits)]
    },
    target: { of: 'median', most: 0 }
  });
  row('loaded at first use, by the page', ofPage, 'gzip');
  row('loaded at first use, by the page', ofPage, 'raw');
  row('loaded at first use, by the workers', ofWorkers, 'gzip', 60);
  row('loaded at first use, by the workers', ofWorkers, 'raw');
});

test('start and first use', async ({ open }) => {
  const activate: number[] = [];
  const starts: number[] = [];
  const cold: number[] = [];
  const peer: number[] = [];
  for (let i = 0; i < times(8); i++) {
    const lab = await open(LARGEST);
    const page = await lab.page.evaluate(() => bench);
    activate.push(page.activate);
    starts.push(page.started);
    cold.push(await coldUnlock(lab));
    if (KEEPASSXC) {
      peer.push(keepassxc());
    }
  }
  report({
    what: 'activate of all our plugins',
    unit: 'ms',
    ours: activate,
    peer: { name: 'Lab, from navigation to restored', values: starts },
    target: { of: 'median', most: 5 }
  });
  report({
    what: 'cold unlock in all: the panel opened, unlocked, the list on screen',
    entries: LARGEST,
    unit: 'ms',
    ours: cold,
    peer: {
      name: 'keepassxc-cli ls, a database at the same KDF cost',
      values: peer
    },
    target: { of: 'ratio', most: 0.4 }
  });
});
