/** Pages that do not answer at all: the kernel goes on when the time that it allowed is over. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attack } from '../support/attack';
import { expect, test } from '../support/fixtures';
import { Lab } from '../support/lab';
import { WORK } from '../support/run';

test.describe.configure({ timeout: 120_000 });

/** Asks in two seconds, for three; what came of it, and when, goes into a file. */
const ask = (file: string) => `
import json, pathlib, time
import kernel_connector as kc
time.sleep(2)
begun = time.monotonic()
try:
    said = kc.get_credential("db", timeout=3)
except Exception as error:
    said = f"{type(error).__name__}: {error}"
result = json.dumps([said, time.monotonic() - begun])
pathlib.Path("${file}").write_text(result)`;

const NOBODY =
  'CredentialTimeout: No answer about "db" came in time: the page is closed or has lost its connection. ';

/** Two seconds late at most, but for what a busy machine needs. */
async function timedOut(path: string): Promise<void> {
  await expect.poll(() => existsSync(path), { timeout: 30_000 }).toBe(true);
  const [said, seconds] = JSON.parse(readFileSync(path, 'utf8'));
  expect(said).toContain(NOBODY);
  expect(seconds).toBeGreaterThan(3);
  expect(seconds).toBeLessThan(3 + 2 + 2);
}

test('a page that hangs, and one that crashes, do not hang the kernel', async ({
  unlocked: _,
  browser,
  baseURL,
  tmpPath
}) => {
  const page = await browser.newPage();
  const lab = new Lab(page);
  await page.goto(`${baseURL}/lab/workspaces/silent`);
  await lab.ready();
  await lab.unlock();
  await lab.newNotebook(`${tmpPath}/a.ipynb`);
  const result = (name: string) => join(WORK, tmpPath, name);
  const tools = await page.context().newCDPSession(page);

  await attack('a page whose scripts stand still', async () => {
    await lab.run(ask('hung'));
    await tools.send('Debugger.enable');
    await tools.send('Debugger.pause');
    await timedOut(result('hung'));
    await tools.send('Debugger.disable');
    // It hears of the question now that nobody waits.
    const next = await lab.run('len(kc.get_credential("db"))');
    await lab.answer('Allow once');
    await expect(next.locator('.jp-OutputArea-output')).toHaveText('23');
    await expect(lab.dialog).toHaveCount(0);
  });
  await attack('a page that crashes', async () => {
    await lab.run(ask('crashed'));
    const crashed = page.waitForEvent('crash');
    // Nobody is left to answer.
    void tools.send('Page.crash').catch(() => undefined);
    await crashed;
    await timedOut(result('crashed'));
  });
  await page.close();
});
