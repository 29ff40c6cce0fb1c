/** A JupyterLab that one test starts for itself, beside those that run all the time. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { Lab } from './lab';
import { OWN } from './run';

const BIN = resolve(__dirname, '../../../.venv/bin');
const TOKEN = 'own';

export class OwnServer {
  /**
   * @param home - Of the server, with the store's file; another server may have it, too.
   * @param options - More of the command's.
   */
  constructor(
    readonly home = OWN.home,
    private readonly _options: readonly string[] = []
  ) {}

  /** What its contents API shows. */
  readonly work = join(OWN.home, 'work');

  async start(): Promise<void> {
    mkdirSync(this.work, { recursive: true });
    this._process = spawn(
      join(BIN, 'jupyter-lab'),
      [
        `--port=${OWN.port}`,
        ...['--allow-root', '--no-browser', '--port-retries=0'],
        `--IdentityProvider.token=${TOKEN}`,
        `--ServerApp.root_dir=${this.work}`,
        '--LabApp.expose_app_in_browser=True',
        ...this._options
      ],
      {
        env: { HOME: this.home, PATH: BIN, PYTHONPATH: '' },
        stdio: 'ignore'
      }
    );
    const answers = () =>
      fetch(`${OWN.url}/api`).then(
        ({ ok }) => ok,
        () => false
      );
    await expect.poll(answers, { timeout: 60_000 }).toBe(true);
  }

  async stop(): Promise<void> {
    const server = this._process;
    if (server && server.exitCode === null) {
      const ended = new Promise(done => server.once('exit', done));
      // With its kernels.
      server.kill('SIGTERM');
      await ended;
    }
  }

  /** Its Lab, in a page that has been nowhere yet. */
  async visit(page: Page): Promise<Lab> {
    const lab = new Lab(page);
    await lab.watch();
    await page.goto(`${OWN.url}/lab?token=${TOKEN}`);
    await lab.ready();
    return lab;
  }

  private _process: ChildProcess | undefined;
}
