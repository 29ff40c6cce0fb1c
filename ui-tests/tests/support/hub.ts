/** A real JupyterHub with users of its own, from `.venv-hub`; it starts in a quarter of a minute. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { HUB_PORT, RUN } from './run';

const ROOT = resolve(__dirname, '..', '..', '..');

export class Hub {
  readonly port = HUB_PORT;
  readonly url = `http://127.0.0.1:${this.port}`;

  async start(): Promise<void> {
    const bin = join(ROOT, '.venv-hub', 'bin');
    this._process = spawn(
      join(bin, 'jupyterhub'),
      ['-f', join(ROOT, 'ui-tests', 'hub', 'jupyterhub_config.py')],
      {
        cwd: this._run,
        // Where it is started from, Node.js is for the proxy.
        env: {
          HUB_RUN: this._run,
          HUB_PORT: String(this.port),
          HUB_PASSWORD: this._password,
          HUB_TOKEN: this._token,
          HOME: this._run,
          // Instead of what is installed: for scripts/promises.py.
          PYTHONPATH: process.env.UI_TESTS_PYTHONPATH ?? '',
          JUPYTER_PATH: process.env.JUPYTER_PATH ?? '',
          PATH: [bin, process.env.PATH].join(':')
        },
        stdio: 'ignore',
        detached: true
      }
    );
    await expect
      .poll(() => this._status('/hub/api'), { timeout: 60_000 })
      .toBe(200);
  }

  async stop(): Promise<void> {
    const hub = this._process;
    if (hub?.pid && hub.exitCode === null) {
      const ended = new Promise(done => hub.once('exit', done));
      // It ends the users' servers and the proxy.
      hub.kill('SIGTERM');
      await Promise.race([
        ended,
        new Promise(done => setTimeout(done, 20_000))
      ]);
      if (hub.exitCode === null && hub.signalCode === null) {
        // With what it has started: the next one needs the ports.
        process.kill(-hub.pid, 'SIGKILL');
      }
    }
  }

  home(user: string): string {
    return join(this._run, user);
  }

  at(user: string, path = ''): string {
    return `${this.url}/user/${user}/${path}`;
  }

  /** In this page's browser, from now on. */
  async logIn(page: Page, user: string): Promise<void> {
    await page.goto(`${this.url}/hub/login`);
    await page.getByLabel('Username:').fill(user);
    await page.getByLabel('Password:').fill(this._password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(url => !url.pathname.startsWith('/hub/login'), {
      waitUntil: 'commit'
    });
    await this.visit(page, user);
  }

  /** To the server and back, for its cookie; Lab itself is not needed for that. */
  async visit(page: Page, user: string): Promise<void> {
    await page.goto(this.at(user, 'lab'), { waitUntil: 'commit' });
    await page.goto('about:blank');
  }

  async logOut(page: Page): Promise<void> {
    await page.goto(`${this.url}/hub/logout`);
    await page.goto('about:blank');
  }

  async startServer(user: string): Promise<void> {
    await this._api('POST', `/users/${user}`, '{}');
    await this._api('POST', `/users/${user}/server`, '{}');
    await expect
      .poll(async () => (await this._user(user)).servers['']?.ready, {
        timeout: 90_000
      })
      .toBe(true);
  }

  async stopServer(user: string): Promise<void> {
    await this._api('DELETE', `/users/${user}/server`);
    await expect
      .poll(async () => (await this._user(user)).servers[''], {
        timeout: 30_000
      })
      .toBeUndefined();
  }

  /** A token with which a user's own programs reach their server. */
  async tokenOf(user: string): Promise<string> {
    const answer = await this._api('POST', `/users/${user}/tokens`, '{}');
    return ((await answer.json()) as { token: string }).token;
  }

  private async _user(
    name: string
  ): Promise<{ servers: Record<string, { ready: boolean }> }> {
    return (await this._api('GET', `/users/${name}`)).json();
  }

  private _api(method: string, path: string, body?: string): Promise<Response> {
    return fetch(`${this.url}/hub/api${path}`, {
      method,
      body,
      headers: { Authorization: `token ${this._token}` }
    });
  }

  private async _status(path: string): Promise<number> {
    return fetch(this.url + path).then(
      ({ status }) => status,
      () => 0
    );
  }

  /** Its own: a second try begins without users. */
  private readonly _run = mkdtempSync(join(RUN, 'hub-'));
  private readonly _token = randomBytes(32).toString('hex');
  private readonly _password = randomBytes(16).toString('hex');
  private _process: ChildProcess | undefined;
}
