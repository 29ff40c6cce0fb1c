/** On a real JupyterHub: each user's own store, log out and stopped servers in the middle of work. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { attack } from '../support/attack';
import { DB } from '../support/fixtures';
import { Hub } from '../support/hub';
import { Lab, PASSPHRASE } from '../support/lab';
import { FILE_ROUTE } from '../support/run';
import { holds } from '../support/traffic';

const ROUTE = 'jupyterlab-credential-store/file';
const FILE = '.credentialstore';
const OURS = 'x-credential-store-path';
/** What a server says to a write that lacks the page's token: the person's right is another matter. */
const XSRF = /'_xsrf' argument missing|XSRF cookie does not match/;
const NOT_SAVED =
  'Not saved yet. You are logged out, or your server was stopped.';

// One hub, and what one test does is there in the next.
test.describe.configure({ mode: 'serial', timeout: 150_000 });

const hub = new Hub();
let alice: Lab;
let bob: Lab;
/** Another tab of Alice's. */
let tab: Page;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(180_000);
  await hub.start();
  await Promise.all([hub.startServer('alice'), hub.startServer('bob')]);
  alice = await enter(await browser.newContext(), 'alice');
  bob = await enter(await browser.newContext(), 'bob');
  tab = await alice.page.context().newPage();
});

test.afterAll(async () => {
  await alice?.page.context().close();
  await bob?.page.context().close();
  await hub.stop();
});

/** A user's Lab, in front. */
async function enter(context: BrowserContext, user: string): Promise<Lab> {
  const lab = new Lab(await context.newPage());
  await hub.logIn(lab.page, user);
  await lab.page.goto(hub.at(user, 'lab'));
  await lab.ready();
  await lab.page.addLocatorHandler(
    // What Lab itself says where a server does not answer.
    lab.page.locator('.jp-Dialog').getByRole('button', { name: 'Dismiss' }),
    button => button.click()
  );
  return lab;
}

function stored(user = 'alice'): string {
  return readFileSync(join(hub.home(user), FILE), 'utf8');
}

/** Adds a credential; its save waits before it leaves the browser. */
async function saveHeld(lab: Lab, name: string): Promise<() => void> {
  let release!: () => void;
  const released = new Promise<void>(done => (release = done));
  let reached!: () => void;
  const waiting = new Promise<void>(done => (reached = done));
  await lab.page.route(FILE_ROUTE, async route => {
    if (route.request().method() === 'PUT') {
      reached();
      await released;
    }
    await route.continue();
  });
  await lab.add({ name, value: 'x' });
  await waiting;
  return release;
}

/** A person reads that an edit is not stored, comes back, and has it stored. */
async function savedAgain(lab: Lab, before: string): Promise<void> {
  const notice = lab.panel.locator('.jp-CredentialStore-notice');
  await notice.getByRole('button', { name: 'Try again' }).click();
  await expect(notice).toHaveCount(0);
  expect(stored()).not.toBe(before);
}

test('each user has a store of their own, below the base URL', async () => {
  await alice.createStore();
  await alice.add(DB);
  await alice.newNotebook('a.ipynb');
  const cell = await alice.run(
    'from kernel_connector import get_credential; ' +
      `get_credential("db") == "${DB.value}"`
  );
  await alice.answer('Always allow in this notebook');
  await expect(cell.locator('.jp-OutputArea-output')).toHaveText('True');
  await alice.save();
  expect(statSync(join(hub.home('alice'), FILE)).mode & 0o777).toBe(0o600);
  expect(
    alice.traffic.bodies.some(body => body.includes(`/user/alice/${ROUTE}`))
  ).toBe(true);

  await bob.openPanel();
  await expect(
    bob.panel.getByRole('button', { name: 'Create store' })
  ).toBeVisible();
  await bob.createStore('another passphrase altogether');
  await bob.add({ name: 'bobs', value: 'bobs-own-value' });
  await expect(bob.row('db')).toHaveCount(0);
});

test('a write without the token of the page is refused', async () => {
  const before = stored();
  /** Within Alice's page, with her cookies. */
  const put = (headers: Record<string, string>, query = '') =>
    alice.page.evaluate(
      async ([url, headers]) => {
        const response = await fetch(url, {
          method: 'PUT',
          body: '{"credentialstore":1,"x":1}',
          headers: { 'If-Match': '"x"', ...headers }
        });
        return [response.status, await response.text()] as const;
      },
      [hub.at('alice', ROUTE) + query, headers] as const
    );
  const token = await alice.page.evaluate(
    () => /\b_xsrf=([^;]*)/.exec(document.cookie)![1]
  );
  // It gets through: that no such version is there is another matter.
  expect((await put({ 'X-XSRFToken': token }))[0]).toBe(412);
  const refused = async (...sent: Parameters<typeof put>) => {
    const [status, said] = await put(...sent);
    expect(status).toBe(403);
    expect(said).toMatch(XSRF);
  };
  await attack('XSRF: no token', () => refused({}));
  await attack('XSRF: a wrong token', () =>
    refused({ 'X-XSRFToken': `${token.slice(0, -2)}xx` })
  );
  await attack('XSRF: the token of another user', async () => {
    const other = await bob.page.evaluate(
      () => /\b_xsrf=([^;]*)/.exec(document.cookie)![1]
    );
    await refused({ 'X-XSRFToken': other });
    await refused({}, `?_xsrf=${other}`);
  });
  expect(stored()).toBe(before);
});

test('one user reaches nothing of the other’s', async () => {
  const before = stored();
  const context = bob.page.context();
  const send = (
    path: string,
    headers: Record<string, string>,
    method: string
  ) =>
    context.request.fetch(hub.at('alice', path), {
      method,
      headers,
      maxRedirects: 0,
      ...(method === 'PUT' && { data: '{"credentialstore":1}' })
    });
  const nothing = async (
    path: string,
    headers: Record<string, string> = {},
    method = 'GET'
  ) => {
    const response = await send(path, headers, method);
    expect(response.status(), path).toBe(403);
    expect(response.headers()).not.toHaveProperty(OURS);
    // Not for want of a page's token, which would hide whether the person may write.
    expect(await response.json()).toEqual({
      message: 'Forbidden',
      reason: null
    });
  };
  /** With a token that passes: her server hands one to whoever is refused for theirs. */
  const tokenFor = async (headers: Record<string, string>) => {
    const wrong = { ...headers, 'X-XSRFToken': 'wrong' };
    const response = await send(ROUTE, wrong, 'PUT');
    const given = /_xsrf=([^;]+)/.exec(response.headers()['set-cookie'])![1];
    expect((await response.json()).message).toMatch(XSRF);
    return {
      'X-XSRFToken': given,
      ...('Cookie' in headers && {
        Cookie: `${headers.Cookie}; _xsrf=${given}`
      })
    };
  };
  const kernels = await alice.page.request.get(hub.at('alice', 'api/kernels'));
  const channels = `api/kernels/${(await kernels.json())[0].id}/channels`;
  const all = async (headers: Record<string, string> = {}) => {
    for (const path of [ROUTE, 'api/contents/a.ipynb', 'api/kernels']) {
      await nothing(path, headers);
    }
    const page = 'Authorization' in headers ? {} : await tokenFor(headers);
    const put = { ...headers, ...page, 'If-None-Match': '*' };
    await nothing(ROUTE, put, 'PUT');
  };
  await attack('another user: by URL', () => all());
  await attack('another user: by cookie', async () => {
    const cookies = await context.cookies(hub.at('bob'));
    const header = cookies.map(({ name, value }) => `${name}=${value}`);
    const renamed = header.join('; ').replace('user-bob', 'user-alice');
    for (const Cookie of [header.join('; '), renamed]) {
      await all({ Cookie });
    }
  });
  await attack('another user: by token', async () => {
    const Authorization = `token ${await hub.tokenOf('bob')}`;
    const own = await context.request.get(hub.at('bob', ROUTE), {
      headers: { Authorization }
    });
    expect(own.status()).toBe(200);
    await all({ Authorization });
  });
  await attack('another user: by the WebSocket of a kernel', async () => {
    const url = hub.at('alice', channels).replace('http', 'ws');
    /** Within a page, with its cookies. */
    const opens = (page: Page, query = '') =>
      page.evaluate(
        url =>
          new Promise<boolean>(resolve => {
            const socket = new WebSocket(url);
            socket.onopen = () => resolve(true);
            socket.onerror = () => resolve(false);
          }),
        url + query
      );
    // It is there: its owner reaches it.
    expect(await opens(alice.page)).toBe(true);
    expect(await opens(bob.page)).toBe(false);
    const token = await hub.tokenOf('bob');
    expect(await opens(bob.page, `?token=${token}`)).toBe(false);
  });
  await attack('another user: by the hub’s API', async () => {
    const Authorization = `token ${await hub.tokenOf('bob')}`;
    const status = async (path: string, method = 'GET') => {
      const response = await fetch(`${hub.url}/hub/api/users/${path}`, {
        method,
        headers: { Authorization }
      });
      return response.status;
    };
    expect(await status('bob')).toBe(200);
    for (const [path, method] of [
      ['alice', 'GET'],
      ['alice/tokens', 'GET'],
      ['alice/tokens', 'POST'],
      ['alice/server', 'DELETE']
    ]) {
      expect([403, 404], path).toContain(await status(path, method));
    }
  });
  await attack('another user: by file, as the same user of the system', () => {
    // All that stands between two who share an account is what the file is made of.
    for (const secret of [PASSPHRASE, DB.value, DB.user]) {
      expect(holds(Buffer.from(before), secret)).toBe(false);
    }
    return Promise.resolve();
  });
  expect(stored()).toBe(before);
});

test('logged out in the middle of a save: said, kept, and saved after logging in', async () => {
  const before = stored();
  const release = await saveHeld(alice, 'late');
  await hub.logOut(tab);
  release();
  await expect(alice.panel.getByText(NOT_SAVED)).toBeVisible();
  expect(stored()).toBe(before);
  await hub.logIn(tab, 'alice');
  await savedAgain(alice, before);
});

test('server stopped and started again: kept, and saved; grants of the store last', async () => {
  await alice.newClient('b.ipynb');
  const granted = await alice.run('len(get_credential("db"))');
  await alice.answer('Allow for this kernel');
  await alice.ended(granted);
  await alice.save();

  const before = stored();
  await hub.stopServer('alice');
  await alice.openPanel();
  await alice.panel.getByRole('button', { name: 'Back' }).click();
  await alice.add({ name: 'later', value: 'x' });
  await expect(alice.panel.getByText(NOT_SAVED)).toBeVisible();
  expect(stored()).toBe(before);
  await hub.startServer('alice');
  await hub.visit(tab, 'alice');
  await savedAgain(alice, before);
  // The worker is the same, and open.
  await expect(alice.lockButton).toBeVisible();

  // Another kernel: what was allowed for the one that is gone is asked anew.
  await alice.page.evaluate(() =>
    window.jupyterapp.commands.execute('application:close-all')
  );
  await alice.openNotebook('b.ipynb');
  await alice.runToEnd('from kernel_connector import get_credential');
  const asked = await alice.run('get_credential("db")');
  await alice.answer('Deny');
  await expect(asked.locator('.jp-OutputArea-output')).toContainText(
    'CredentialDenied'
  );
  // What was allowed for ever is in the store.
  await alice.openNotebook('a.ipynb');
  const cell = await alice.runToEnd(
    'from kernel_connector import get_credential; len(get_credential("db"))'
  );
  await expect(cell.locator('.jp-OutputArea-output')).toHaveText(
    String(DB.value.length)
  );

  await alice.reload();
  await alice.unlock();
  for (const name of ['db', 'late', 'later']) {
    await expect(alice.row(name)).toBeVisible();
  }
  // The same store as before, as the pin has it.
  await expect(alice.panel.locator('.jp-CredentialStore-notice')).toHaveCount(
    0
  );
});

test('a browser that two users share tells neither of the other', async () => {
  const context = alice.page.context();
  await alice.page.close();
  await hub.logOut(tab);
  const shared = await enter(context, 'bob');
  await shared.unlock('another passphrase altogether');
  await expect(shared.row('bobs')).toBeVisible();
  await expect(shared.panel.locator('.jp-CredentialStore-notice')).toHaveCount(
    0
  );
  await expect(shared.row('db')).toHaveCount(0);
  const kept = await shared.page.evaluate(() =>
    JSON.stringify({ ...localStorage, ...sessionStorage })
  );
  for (const secret of [PASSPHRASE, DB.value]) {
    expect(holds(Buffer.from(kept), secret)).toBe(false);
  }
});
