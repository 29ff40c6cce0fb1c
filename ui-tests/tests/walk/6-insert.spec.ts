/** Step 6 of the walk: the palette's commands, and completion of names. */
import type { Locator } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { PASSPHRASE, type Lab } from '../support/lab';

/** The palette, filtered. */
async function palette(lab: Lab, query: string): Promise<Locator> {
  const { page } = lab;
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('apputils:activate-command-palette')
  );
  const found = page.locator('.jp-ModalCommandPalette');
  await found.locator('input').fill(query);
  return found;
}

async function fromPalette(lab: Lab, label: string): Promise<void> {
  const found = await palette(lab, label);
  await found
    .locator('.lm-CommandPalette-item')
    .filter({ has: lab.page.getByText(label, { exact: true }) })
    .first()
    .click();
}

test(
  '"Insert Credential" writes the call, and the import once',
  { tag: '@dark' },
  async ({ unlocked: lab, page, tmpPath }) => {
    await lab.add({ name: 'it\'s "quoted"', value: 'x' });
    await lab.newNotebook(`${tmpPath}/a.ipynb`);
    const source = () => lab.cells.first().locator('.cm-content');
    await source().click();
    await page.keyboard.insertText('password = ');
    await fromPalette(lab, 'Insert Credential');
    const pick = page.getByRole('dialog', { name: 'Insert credential' });
    await lab.accessible('.jp-CredentialStore-pick');
    await pick.getByRole('combobox').fill('d');
    await page.keyboard.press('Enter');
    await expect(pick).toHaveCount(0);
    await expect(source()).toHaveText(
      'from kernel_connector import get_credentialpassword = get_credential("db")'
    );
    await page.keyboard.insertText('; ');
    await fromPalette(lab, 'Insert Credential');
    await pick.getByRole('option', { name: 'it\'s "quoted"' }).click();
    await expect(source()).toContainText(
      'get_credential("db"); get_credential("it\'s \\"quoted\\"")'
    );
    expect((await source().textContent())!.split('import').length).toBe(2);
  }
);

test('the commands are in the palette, and say why they cannot', async ({
  lab,
  page
}) => {
  await lab.createStore();
  // Lab's palette leaves out what is disabled; its menus show it, with the reason.
  await page.menu.open('Edit');
  await expect(
    page.locator('.lm-Menu-item.lm-mod-disabled').filter({
      hasText: 'Insert Credential (open a notebook or console first)'
    })
  ).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');

  const found = await palette(lab, 'credential');
  for (const label of [
    'Show Credentials',
    'Add Credential',
    'Lock Credentials'
  ]) {
    await expect(found.getByText(label, { exact: true })).toBeVisible();
  }
  await found.getByText('Lock Credentials', { exact: true }).click();
  await expect(lab.panel.getByRole('button', { name: 'Unlock' })).toBeVisible();
  await fromPalette(lab, 'Unlock Credentials');
  await expect(
    lab.panel.getByRole('textbox', { name: 'Passphrase' })
  ).toBeFocused();
  await lab.unlock();
  // What is done seldom is in the panel's menu as well.
  await lab.panel.getByRole('button', { name: 'More' }).click();
  await expect(
    page.getByRole('menuitem', { name: 'Change Passphrase…' })
  ).toBeVisible();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(
    lab.panel.getByRole('textbox', { name: /^Current passphrase/ })
  ).toBeFocused();
  await lab.accessible('.jp-CredentialStore-shell');
  await page.keyboard.press('Escape');
  await lab.lock();

  await fromPalette(lab, 'Add Credential');
  await lab.unlock();
  await expect(
    lab.panel.getByRole('heading', { name: 'Add credential' })
  ).toBeVisible();
});

test('"Insert Credential" needs a code cell, and follows what is active', async ({
  unlocked: lab,
  page,
  tmpPath
}) => {
  const LABEL = 'Insert Credential';
  const item = page.locator('.lm-Menu-item').filter({ hasText: LABEL });
  const more = lab.panel.getByRole('button', { name: 'More' });
  const changeTo = (type: string) =>
    page.evaluate(
      type =>
        window.jupyterapp.commands.execute(`notebook:change-cell-to-${type}`),
      type
    );
  await lab.newNotebook(`${tmpPath}/a.ipynb`);
  for (const type of ['markdown', 'raw']) {
    await changeTo(type);
    await more.click();
    await expect(item).toHaveText(`${LABEL} (select a code cell first)`);
    await expect(item).toHaveClass(/lm-mod-disabled/);
    await page.keyboard.press('Escape');
  }
  // Lab's palette hides what is disabled.
  const offered = async () =>
    (await palette(lab, LABEL))
      .locator('.lm-CommandPalette-item')
      .filter({ hasText: LABEL });
  await expect(await offered()).toBeHidden();
  await page.keyboard.press('Escape');
  await changeTo('code');
  await expect(await offered()).toBeVisible();
  await page.keyboard.press('Escape');

  await lab.newConsole();
  await more.click();
  await expect(item).toHaveText(LABEL);
  await item.click();
  const pick = page.getByRole('dialog', { name: 'Insert credential' });
  await pick.getByRole('option', { name: 'db' }).click();
  const prompt = page.locator('.jp-CodeConsole-promptCell .cm-content');
  await expect(prompt).toHaveText(
    'from kernel_connector import get_credentialget_credential("db")'
  );
  await expect(prompt).toBeFocused();
  await page.keyboard.press('Shift+Enter');
  await lab.answer('Allow once');
  await expect(lab.consoleOutputs).toHaveText("Secret('••••••••••••')");
});

test('"Insert Credential" on a locked store goes on after the unlock', async ({
  unlocked: lab,
  page,
  tmpPath
}) => {
  await lab.newNotebook(`${tmpPath}/a.ipynb`);
  await lab.lock();
  // The panel's menu is there, too.
  await lab.panel.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Insert Credential' }).click();
  await lab.unlock();
  const pick = page.getByRole('dialog', { name: 'Insert credential' });
  await expect(pick.getByRole('combobox')).toBeFocused();
  await pick.getByRole('option', { name: 'db' }).click();
  await expect(lab.cells.first().locator('.cm-content')).toContainText(
    'get_credential("db")'
  );
});

test('"Insert Credential" does not go on when a kernel\'s dialog unlocks', async ({
  unlocked: lab,
  page,
  tmpPath
}) => {
  await lab.newNotebook(`${tmpPath}/a.ipynb`);
  await lab.runToEnd('from kernel_connector import get_credential');
  await lab.lock();
  await lab.panel.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Insert Credential' }).click();
  const cell = await lab.run('get_credential("db")');
  await lab.dialog.getByLabel('Passphrase').fill(PASSPHRASE);
  await lab.answer('Unlock and allow once');
  await lab.ended(cell);
  await expect(lab.lockButton).toBeVisible();
  await page.waitForTimeout(500);
  await expect(
    page.getByRole('dialog', { name: 'Insert credential' })
  ).toHaveCount(0);
});

test('"Try it" opens a notebook where there is none', async ({ lab, page }) => {
  await lab.createStore();
  await lab.panel.getByRole('button', { name: 'Try it' }).click();
  const source = lab.cells.first().locator('.cm-content');
  await expect(source).toHaveText(
    'from kernel_connector import get_credentialget_credential("example")',
    { timeout: 30_000 }
  );
  await page.evaluate(async () => {
    const { serviceManager, shell } = window.jupyterapp;
    const { context } = shell.currentWidget as any;
    await serviceManager.contents.delete(context.path);
  });
});

test('"Try it" leaves what is written alone: its cell is a new one, which shows the dialog', async ({
  lab,
  page,
  tmpPath
}) => {
  await lab.createStore();
  await lab.newNotebook(`${tmpPath}/a.ipynb`);
  // More cells than are in view: below the last one.
  await page.evaluate(() => {
    const { content } = window.jupyterapp.shell.currentWidget as any;
    content.model.sharedModel.insertCells(
      1,
      Array.from({ length: 60 }, (_, i) => ({
        cell_type: 'code',
        source: `mine = ${i}`
      }))
    );
    content.activeCellIndex = 60;
  });
  // Another document is in front.
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('launcher:create')
  );
  await lab.panel.getByRole('button', { name: 'Try it' }).click();
  await expect(lab.panel.getByText('Run the cell to try it.')).toBeVisible();
  const sources = () =>
    page.evaluate(() =>
      [...(window.jupyterapp.shell.currentWidget as any).content.model.cells]
        .slice(-2)
        .map(({ sharedModel }) => sharedModel.getSource())
    );
  expect(await sources()).toEqual([
    'mine = 59',
    'from kernel_connector import get_credential\nget_credential("example")'
  ]);
  const cell = lab.notebook.locator('.jp-Cell.jp-mod-active');
  await expect(cell.locator('.cm-content')).toBeFocused();
  await page.keyboard.press('Control+Enter');
  await expect(lab.dialog).toContainText('example');
  await lab.answer('Allow once');
  await expect(cell.locator('.jp-OutputArea-output')).toHaveText(
    "Secret('••••••••••••')"
  );
});

test(
  'completes names while the store is unlocked, and only then',
  { tag: '@dark' },
  async ({ unlocked: lab, page, tmpPath }) => {
    await lab.add({ name: 'db-archive', value: 'x' });
    await lab.newNotebook(`${tmpPath}/a.ipynb`);
    const type = async (code: string) => {
      await lab.cells.first().locator('.cm-content').click();
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText(code);
      await page.keyboard.press('Tab');
    };
    const completer = page.locator('.jp-Completer-item');
    await type('get_credential("d');
    await expect(completer.filter({ hasText: 'db-archive' })).toBeVisible();
    await lab.accessible('.jp-Completer');
    await page.keyboard.press('Escape');
    await lab.lock();
    await type('get_credential("db');
    await page.waitForTimeout(2000);
    await expect(completer.filter({ hasText: 'db-archive' })).toHaveCount(0);
  }
);
