/** R and JavaScript: the walk's steps 4 and 6 in notebooks of other languages. */
import { cpSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DB, expect, test } from '../support/fixtures';
import { WORK } from '../support/run';

// As scripts/kernels.py has installed them.
const KERNELS = dirname(process.env.JUPYTER_PATH ?? '');

const LANGUAGES = [
  {
    kernel: 'ir',
    imports: 'library(kernelconnector)',
    get: 'get_credential("db")',
    equals: `get_credential("db") == "${DB.value}"`,
    yes: 'TRUE'
  },
  {
    kernel: 'deno',
    imports: 'import { getCredential } from "kernel-connector";',
    get: 'await getCredential("db")',
    equals: `(await getCredential("db")).reveal() === "${DB.value}"`,
    yes: 'true'
  }
];

for (const { kernel, imports, get, equals, yes } of LANGUAGES) {
  test(`${kernel}: asks, gets, masks, is denied; the call is written in its language`, async ({
    unlocked: lab,
    page
  }) => {
    test.slow();
    // JavaScript's client is in the folder of the notebook.
    cpSync(join(KERNELS, 'notebook'), join(WORK, kernel), { recursive: true });
    expect(existsSync(join(KERNELS, 'jupyter', 'kernels', kernel))).toBe(true);
    await lab.newNotebook(`${kernel}/a.ipynb`, kernel);

    const cell = lab.cells.first();
    await cell.locator('.cm-content').click();
    await page.evaluate(async () => {
      await window.jupyterapp.commands.execute(
        'jupyterlab-credential-store:insert-credential',
        { name: 'db' }
      );
    });
    await expect(cell.locator('.cm-content')).toHaveText(`${imports}${get}`);
    await page.keyboard.press('Shift+Enter');
    await expect(
      lab.dialog.getByRole('heading', { name: 'a.ipynb asks for “db”' })
    ).toBeVisible();
    await lab.answer('Allow for this kernel');
    const output = cell.locator('.jp-OutputArea-output').first();
    await expect(output).toContainText('Secret');
    await expect(output).not.toContainText(DB.value);

    const equal = await lab.run(equals);
    await expect(equal.locator('.jp-OutputArea-output').first()).toHaveText(
      yes
    );
    const denied = await lab.run(get.replace('db', 'other'));
    await expect(lab.dialog.getByLabel('Value')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(denied.locator('.jp-OutputArea-output').first()).toContainText(
      'There is no credential "other".'
    );
    expect(await lab.inputBoxes()).toEqual([]);
  });
}
