/** Steps 4 and 5 of the walk in Notebook 7: the same extension, another front end. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { atOnce } from '../support/at-once';
import { DB, expect, test } from '../support/fixtures';
import { PASSPHRASE, type Lab } from '../support/lab';
import { WORK } from '../support/run';

test.describe.configure({ timeout: 120_000 });

/** A new notebook in Notebook 7, where the store is locked; its kernel has our module. */
async function openNotebook(
  lab: Lab,
  baseURL: string,
  path: string
): Promise<void> {
  const { page } = lab;
  await lab.newNotebook(path);
  await page.evaluate(() =>
    (window.jupyterapp.shell.currentWidget as any).sessionContext.shutdown()
  );
  await page.evaluate(url => {
    location.href = url;
  }, `${baseURL}/notebooks/${path}`);
  await expect(page.locator('#jp-NotebookLogo')).toBeVisible();
  await lab.kernelReady();
  await lab.runToEnd(
    'import time; from kernel_connector import get_credential'
  );
}

const output = (cell: Locator) => cell.locator('.jp-OutputArea-output');

test('Notebook 7 asks, unlocks, adds what is missing, refuses and gives up', async ({
  unlocked: lab,
  page,
  baseURL,
  tmpPath
}) => {
  await openNotebook(lab, baseURL!, `${tmpPath}/seven.ipynb`);
  const { dialog } = lab;
  const locked = await lab.run('get_credential("db")');
  await expect(dialog.getByLabel('Passphrase')).toBeFocused();
  await atOnce(lab, () => lab.answer('Deny'));
  await expect(output(locked)).toHaveText(
    'StoreLocked: The credential store is locked, so "db" cannot be read. ' +
      'Run the cell again and enter the passphrase.'
  );
  const cell = await lab.run(
    `get_credential("db") == ${JSON.stringify(DB.value)}`
  );
  await expect(
    dialog.getByRole('heading', { name: 'seven.ipynb asks for “db”' })
  ).toBeVisible();
  await dialog.getByLabel('Passphrase').fill(PASSPHRASE);
  await lab.answer('Unlock and allow once');
  await expect(output(cell)).toHaveText('True');

  const late = await lab.run(
    'deadline = time.time() + 3; get_credential("db", timeout=3)'
  );
  await atOnce(lab, () => dialog.waitFor(), 'deadline');
  await expect(output(late)).toHaveText(
    'CredentialTimeout: Nobody decided on "db" in time. ' +
      'Run the cell again, or allow a longer timeout.'
  );
  await expect(dialog).toHaveCount(0);

  const refused = await lab.run('get_credential("new")');
  await expect(
    dialog.getByText('There is no credential “new”. Add it?')
  ).toBeVisible();
  await atOnce(lab, () => lab.answer('Deny'));
  await expect(output(refused)).toHaveText(
    'CredentialNotFound: There is no credential "new". ' +
      'Add it with the key icon in the sidebar.'
  );
  const missing = await lab.run('get_credential("new")');
  await dialog.getByLabel('Value').fill('x');
  await lab.answer('Save and allow once');
  await expect(output(missing)).toHaveText("Secret('••••••••••••')");

  const denied = await lab.run('get_credential("db")');
  await dialog.waitFor();
  await atOnce(lab, () => lab.answer('Deny'));
  await expect(output(denied)).toHaveText(
    'CredentialDenied: You denied this notebook "db". Run the cell again to be asked again.'
  );
  const dismissed = await lab.run('get_credential("db")');
  await dialog.waitFor();
  await atOnce(lab, () => page.keyboard.press('Escape'));
  await expect(output(dismissed)).toHaveText(
    'CredentialDenied: You denied this notebook "db". Run the cell again to be asked again.'
  );
  expect(await lab.inputBoxes()).toEqual([]);

  // The panel is there as well.
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('jupyterlab-credential-store:open-panel')
  );
  await expect(lab.row('db')).toBeVisible();
});

test('Notebook 7 keeps to what was allowed, and to no more; the saved notebook tells nothing', async ({
  unlocked: lab,
  page,
  baseURL,
  tmpPath
}) => {
  const path = `${tmpPath}/seven.ipynb`;
  await openNotebook(lab, baseURL!, path);
  const { dialog } = lab;
  const first = await lab.run('first = get_credential("db"); first');
  await dialog.getByLabel('Passphrase').fill(PASSPHRASE);
  await lab.answer('Unlock and allow for this kernel');
  await expect(output(first)).toHaveText("Secret('••••••••••••')");
  const again = await lab.runToEnd('get_credential("db") == first');
  await expect(output(again)).toHaveText('True');

  const restart = async () => {
    await page.evaluate(async () => {
      const panel = window.jupyterapp.shell.currentWidget as any;
      await panel.sessionContext.restartKernel();
    });
    await lab.kernelReady();
    await lab.runToEnd('from kernel_connector import get_credential');
  };
  await restart();
  const always = await lab.run('len(get_credential("db"))');
  await dialog.waitFor();
  await lab.answer('Always allow in this notebook');
  await expect(output(always)).toHaveText(String(DB.value.length));
  await restart();
  const later = await lab.runToEnd('len(get_credential("db"))');
  await expect(output(later)).toHaveText(String(DB.value.length));
  expect(await lab.inputBoxes()).toEqual([]);

  await lab.save();
  const saved = () => readFileSync(join(WORK, path), 'utf8');
  await expect.poll(saved).toContain('len(get_credential');
  for (const secret of [DB.value, PASSPHRASE, 'credentialstore-request']) {
    expect(saved()).not.toContain(secret);
  }
});
