/** Connections that break, and tabs that save at once. `src/server/writers.spec.ts` does it at length. */
import type { WebSocketRoute } from '@playwright/test';
import { attack } from '../support/attack';
import { expect, test } from '../support/fixtures';
import { Lab } from '../support/lab';
import { OwnServer } from '../support/own-server';
import { FILE_ROUTE, HOME } from '../support/run';

/** Of each page; a person's edits take their time. */
const EDITS = process.env.ADVERSARY === 'full' ? 100 : 5;
/** For the two tests of it: a second and a half for each, twice on a busy machine. */
const SAVING = 120_000 + EDITS * 6000;

test('a connection that drops between dialog and answer leaves no kernel hanging', async ({
  unlocked: lab,
  page,
  tmpPath
}) => {
  let isDown = false;
  const open = new Set<[WebSocketRoute, WebSocketRoute]>();
  await page.routeWebSocket(/\/channels/, socket => {
    if (isDown) {
      void socket.close();
      return;
    }
    open.add([socket, socket.connectToServer()]);
  });
  await lab.newClient(`${tmpPath}/a.ipynb`);
  await attack('connection dropped before the answer', async () => {
    const cell = await lab.run('len(get_credential("db", timeout=5))');
    await expect(lab.dialog).toBeVisible();
    isDown = true;
    for (const [socket, server] of open) {
      await server.close();
      await socket.close();
    }
    open.clear();
    await lab.answer('Allow once');
    isDown = false;
    // The answer, or an error that says so: the server keeps for the page what it has missed.
    await expect(cell.locator('.jp-OutputArea-output')).toHaveText(
      /^\d+$|^Credential(Timeout|Denied): /,
      { timeout: 30_000 }
    );
    const next = await lab.runToEnd('1 + 1');
    await expect(next.locator('.jp-OutputArea-output')).toHaveText('2');
  });
});

test('a save whose reply is lost is stored once, and said', async ({
  unlocked: lab,
  page
}) => {
  await attack('reply to a save lost', async () => {
    let lost = 0;
    await page.route(FILE_ROUTE, async route => {
      if (route.request().method() === 'PUT' && !lost++) {
        await route.fetch();
        await route.abort();
      } else {
        await route.continue();
      }
    });
    await lab.add({ name: 'once', value: 'x' });
    const notice = lab.panel.getByText('Not saved yet.');
    await expect(notice).toBeVisible();
    await lab.panel.getByRole('button', { name: 'Try again' }).click();
    await expect(notice).toHaveCount(0);
    expect(lost).toBeGreaterThan(0);
  });
  await lab.lock();
  await lab.unlock();
  await expect(lab.panel.getByRole('option')).toHaveCount(2);
  await expect(lab.row('once')).toBeVisible();
});

/** Edits in each of two pages, and what both see afterwards. */
async function saveAtOnce(one: Lab, other: Lab): Promise<void> {
  const add = async (tab: Lab, letter: string) => {
    for (let number = 1; number <= EDITS; number++) {
      await tab.add({ name: `${letter}${number}`, value: 'x' });
      await tab.back();
    }
  };
  await Promise.all([add(one, 'a'), add(other, 'b')]);
  const look = async (tab: Lab) => {
    await tab.lock();
    await tab.unlock();
    // Not all rows are drawn, but each knows how many there are.
    await expect(tab.panel.getByRole('option').first()).toHaveAttribute(
      'aria-setsize',
      String(1 + 2 * EDITS)
    );
  };
  await Promise.all([look(one), look(other)]);
}

test('two tabs save at once: nothing of either is lost', async ({
  unlocked: lab,
  page,
  baseURL
}) => {
  test.setTimeout(SAVING);
  const other = new Lab(await page.context().newPage());
  await other.page.goto(`${baseURL}/lab/workspaces/other`);
  await other.ready();
  await other.unlock();
  await attack('two tabs save at once', () => saveAtOnce(lab, other));
});

test('two servers save into one file at once: nothing of either is lost', async ({
  unlocked: lab,
  browser
}) => {
  test.setTimeout(SAVING);
  const server = new OwnServer(HOME);
  const page = await browser.newPage();
  try {
    await server.start();
    const other = await server.visit(page);
    await other.unlock();
    await attack('two servers save at once', () => saveAtOnce(lab, other));
  } finally {
    await page.close();
    await server.stop();
  }
});
