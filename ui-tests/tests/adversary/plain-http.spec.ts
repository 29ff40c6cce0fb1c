/** Plain http on a name that is no localhost: browsers hold back crypto.subtle, clipboard and more. */
import { readFileSync } from 'node:fs';
import type { Browser } from '@playwright/test';
import { attack } from '../support/attack';
import { DB, expect, test } from '../support/fixtures';
import { Lab, PASSPHRASE } from '../support/lab';
import { STORE } from '../support/run';
import { works } from '../support/works';

/** Another browser's page, with the panel open. */
async function visit(browser: Browser, baseURL: string): Promise<Lab> {
  const page = await browser.newPage();
  const lab = new Lab(page);
  await lab.watch();
  await page.goto(`${baseURL.replace('localhost', 'plain.test')}/lab`);
  await lab.openPanel();
  expect(
    await page.evaluate(() => [
      window.isSecureContext,
      typeof crypto.subtle,
      typeof navigator.clipboard
    ])
  ).toEqual([false, 'undefined', 'undefined']);
  return lab;
}

/** Once, not less and not more. */
const warned = ({ panel }: Lab) =>
  expect(
    panel.getByText('Not a secure connection', { exact: false })
  ).toHaveCount(1);

test('everything works without a secure context, with one warning', async ({
  unlocked,
  browser,
  baseURL,
  tmpPath
}) => {
  await unlocked.newNotebook(`${tmpPath}/a.ipynb`);
  const lab = await visit(browser, baseURL!);
  const { page } = lab;
  await attack('plain http on another name than localhost', async () => {
    await warned(lab);
    await lab.unlock();
    await warned(lab);
    await lab.add({ name: 'more', value: 'of-it' });
    await lab.openNotebook(`${tmpPath}/a.ipynb`);
    await lab.runToEnd('from kernel_connector import get_credential');
    const cell = await lab.run(
      'get_credential("db") + get_credential("more") == ' +
        JSON.stringify(`${DB.value}of-it`)
    );
    await lab.answer('Allow once');
    await lab.answer('Allow once');
    await expect(cell.locator('.jp-OutputArea-output')).toHaveText('True');

    // Copying goes another way there: what was copied can be pasted.
    await lab.panel.getByRole('button', { name: 'Copy Value of more' }).click();
    await lab.panel.getByRole('button', { name: 'Back' }).click();
    await lab.panel.getByRole('searchbox').focus();
    await page.keyboard.press('Control+V');
    await expect(lab.panel.getByRole('searchbox')).toHaveValue('of-it');
    expect(await lab.inputBoxes()).toEqual([]);
    await lab.lock();
    await warned(lab);
  });
  await page.close();
});

test('a store is made, changed and recovered without a secure context', async ({
  lab: _,
  browser,
  baseURL
}) => {
  const lab = await visit(browser, baseURL!);
  const { panel } = lab;
  await attack('plain http: a new store, and its passphrases', async () => {
    await warned(lab);
    const code = await lab.createStore();
    await lab.add(DB);
    const reveals = async (value: string) => {
      await panel.getByRole('button', { name: 'Reveal Value of db' }).click();
      await expect(panel.getByText(value)).toBeVisible();
    };
    await reveals(DB.value);
    await panel.getByRole('button', { name: 'Edit db' }).click();
    await lab.fill({ user: 'owner' });
    await panel
      .getByRole('textbox', { name: 'Value', exact: true })
      .fill('changed-value');
    await panel.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(panel.getByText('owner', { exact: true })).toBeVisible();
    await reveals('changed-value');

    await lab.lock();
    await panel
      .getByRole('button', { name: 'Forgot it? Use your recovery code' })
      .click();
    await panel.getByRole('textbox', { name: 'Recovery code' }).fill(code);
    await panel.getByRole('button', { name: 'Unlock' }).click();
    const next = await lab.changePassphrase(code, 'another horse staple');
    expect(next).not.toBe(code);
    await lab.lock();
    await lab.unlock('another horse staple');
    await panel.getByRole('button', { name: 'More' }).click();
    await lab.page
      .getByRole('menuitem', { name: 'Change Passphrase…' })
      .click();
    await lab.changePassphrase('another horse staple', PASSPHRASE);
    await lab.lock();
    await lab.unlock();
    await lab.row('db').click();
    await expect(panel.getByText('owner', { exact: true })).toBeVisible();
    await reveals('changed-value');
    await warned(lab);
  });
  await lab.page.close();
});

test('a store of AES-256-GCM is made and read without a secure context', async ({
  lab: _,
  browser,
  baseURL,
  tmpPath
}) => {
  const lab = await visit(browser, baseURL!);
  await attack('plain http: AES without crypto.subtle', async () => {
    await works(lab, `${tmpPath}/a.ipynb`, 'aes');
    const { header } = JSON.parse(readFileSync(STORE, 'utf8'));
    expect(JSON.parse(header).suite).toBe('aes');
    await warned(lab);
  });
  await lab.page.close();
});
