/**
 * `make pictures`: docs/consent.png for the README, and every state of the panel and the dialog in
 * ui-tests/pictures, for people to look at. No checks.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DB, test, type IOptions } from '../support/fixtures';
import type { Lab } from '../support/lab';
import { STORE } from '../support/run';

const DOCS = resolve(__dirname, '../../../docs');
const GALLERY = resolve(__dirname, '../../pictures');

/** The left half of the page, or the dialog. */
async function shoot(lab: Lab, name: string): Promise<void> {
  const { theme } = test.info().project.use as Partial<IOptions>;
  const suffix = theme === 'JupyterLab Dark' ? 'dark' : 'light';
  // The pointer and the caret come and go.
  await lab.page.waitForTimeout(400);
  await lab.page.screenshot({
    path: join(GALLERY, `${name}-${suffix}.png`),
    clip: { x: 0, y: 0, width: 640, height: 640 },
    caret: 'hide'
  });
}

async function dialog(lab: Lab, name: string): Promise<void> {
  const { theme } = test.info().project.use as Partial<IOptions>;
  const suffix = theme === 'JupyterLab Dark' ? 'dark' : 'light';
  await lab.dialog.waitFor();
  await lab.page.waitForTimeout(800);
  await lab.page.screenshot({
    path: join(GALLERY, `${name}-${suffix}.png`),
    caret: 'hide'
  });
}

test('the panel', async ({ lab, page }) => {
  test.slow();
  const { panel } = lab;
  await page
    .getByRole('tab', { name: /Running Terminals/ })
    .first()
    .click();
  await shoot(lab, '00-labs-own-running-panel');
  await lab.openPanel();
  const passphrase = panel.getByRole('textbox', {
    name: 'Passphrase',
    exact: true
  });
  await shoot(lab, '01-first-run');
  await passphrase.fill('correct horse');
  await panel
    .getByRole('textbox', { name: 'Repeat passphrase' })
    .fill('something else');
  await panel.getByRole('button', { name: 'Create store' }).click();
  await shoot(lab, '02-first-run-error');
  await panel
    .getByRole('textbox', { name: 'Repeat passphrase' })
    .fill('correct horse');
  await panel.getByRole('button', { name: 'Create store' }).click();
  await panel.getByLabel('Recovery code').waitFor();
  await shoot(lab, '03-recovery-code');
  await panel.getByLabel('I have kept this code').check();
  await panel.getByRole('button', { name: 'Finish' }).click();
  await panel.getByText('No credentials yet.').waitFor();
  await shoot(lab, '04-empty');
  await panel
    .locator('.jp-CredentialStore-page')
    .getByRole('button', { name: 'Add credential' })
    .click();
  await shoot(lab, '05-form');
  await lab.fill({
    ...DB,
    url: 'db.example.org',
    notes: 'ask Ada',
    tags: 'work, sql'
  });
  await panel.getByRole('button', { name: '+ Add field' }).click();
  await panel.getByRole('textbox', { name: 'Name of field 2' }).fill('host');
  await panel.getByLabel('Hidden').uncheck();
  await panel
    .getByRole('textbox', { name: 'Value of field 2', exact: true })
    .fill('10.0.0.7');
  await shoot(lab, '06-form-filled');
  await panel.getByRole('button', { name: 'Save', exact: true }).click();
  await panel.getByRole('heading', { name: 'db' }).waitFor();
  await shoot(lab, '07-detail');
  await panel.getByRole('button', { name: 'Reveal Value of db' }).click();
  await shoot(lab, '08-detail-revealed');
  await lab.back();
  await shoot(lab, '09-list-of-one');
  for (const [name, user, tags] of [
    ['openai', 'api', 'llm'],
    ['s3-archive', '', 'backup, cold'],
    [
      'a-very-long-name-of-a-credential-that-does-not-fit-into-the-sidebar',
      'somebody.with.a.long.name@example.org',
      'one, two, three'
    ],
    ['github', 'ada', '']
  ]) {
    await lab.add({ name, value: 'x', user, tags });
    await lab.back();
  }
  await lab.row('github').hover();
  await shoot(lab, '10-list');
  await panel
    .getByRole('searchbox', { name: 'Search credentials' })
    .fill('nothing like it');
  await shoot(lab, '11-no-match');
  await panel.getByRole('searchbox', { name: 'Search credentials' }).fill('');
  await lab.row('github').hover();
  await lab.fromMenu('github', 'Delete');
  await shoot(lab, '12-deleted');
  await panel.getByRole('listbox').focus();
  await page.keyboard.press('ArrowRight');
  await shoot(lab, '12-keyboard');
  await panel.getByRole('button', { name: 'More' }).click();
  await shoot(lab, '12-menu');
  await page.getByRole('menuitem', { name: 'Change Passphrase…' }).click();
  await panel
    .getByRole('textbox', { name: 'New passphrase', exact: true })
    .fill('abcd');
  await panel.getByRole('button', { name: 'Change passphrase' }).click();
  await panel.getByRole('alert').waitFor();
  await shoot(lab, '13-change-passphrase');
  await lab.back();
  await panel.getByText('Access (0)').click();
  await shoot(lab, '14-access-empty');
  await lab.lock();
  await shoot(lab, '15-locked');
  await passphrase.fill('wrong passphrase');
  await panel.getByRole('button', { name: 'Unlock' }).click();
  await panel.getByRole('alert').waitFor();
  await shoot(lab, '16-wrong-passphrase');
  writeFileSync(STORE, 'not a store');
  await page.reload();
  await lab.openPanel();
  await shoot(lab, '17-foreign');
});

test('the dialog', async ({ unlocked: lab, page }) => {
  test.slow();
  await lab.newNotebook('analysis.ipynb');
  await lab.runToEnd(
    '# Sales of March\nfrom kernel_connector import get_credential'
  );
  await lab.run(
    'password = get_credential("db", reason="load the March figures")'
  );
  await dialog(lab, '20-asks');
  const { theme } = test.info().project.use as Partial<IOptions>;
  if (theme !== 'JupyterLab Dark') {
    await page.screenshot({
      path: join(DOCS, 'consent.png'),
      caret: 'hide'
    });
  }
  await lab.answer('Always allow in this notebook');
  await lab.add({ name: 'other', value: 'x' });
  await lab.back();
  await lab.run('get_credential("other")');
  await lab.answer('Allow for this kernel');
  await lab.panel.locator('summary', { hasText: 'Access' }).click();
  await shoot(lab, '21-access');
  await lab.run('get_credential("new")');
  await dialog(lab, '22-missing');
  await lab.answer('Deny');
  await lab.run(
    'import kernel_connector as kc; kc.get_credentials("db", "api", "s3", reason="\\u202Eevil")'
  );
  await dialog(lab, '23-several');
  await lab.answer('Deny');
  await lab.run('get_credential("a-third")');
  await dialog(lab, '24-third');
  await lab.answer('Deny');
  await lab.lock();
  await lab.run('get_credential("db")');
  await dialog(lab, '25-locked');
  await lab.answer('Deny');
  await page.waitForTimeout(500);
  await page.screenshot({ path: join(GALLERY, '26-errors.png') });
});
