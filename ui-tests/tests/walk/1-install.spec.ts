/** Step 1 of the walk: what `pip install` of the wheels gives, without Node.js. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { DB, type IOptions } from '../support/fixtures';
import { Lab, PASSPHRASE } from '../support/lab';
import { forgetStore, INSTALLED } from '../support/run';

test(
  'the wheels work in an environment of their own',
  { tag: '@dark' },
  async ({ page }, { project }) => {
    forgetStore(INSTALLED.home);
    const lab = new Lab(page);
    await lab.watch();
    await page.goto(`${INSTALLED.url}/lab?token=${INSTALLED.token}`);
    await lab.ready();
    await lab.openPanel();
    await page.evaluate(
      theme =>
        window.jupyterapp.commands.execute('apputils:change-theme', { theme }),
      (project.use as Partial<IOptions>).theme ?? 'JupyterLab Light'
    );
    await lab.createStore();
    await lab.add(DB);
    await lab.accessible('.jp-CredentialStore-shell');
    await lab.newNotebook('fresh.ipynb');
    const cell = await lab.run(
      'import shutil; from kernel_connector import get_credential; ' +
        '(shutil.which("node"), get_credential("db") == ' +
        JSON.stringify(DB.value) +
        ')'
    );
    await lab.dialog.waitFor();
    await lab.accessible('.jp-CredentialStore-consent');
    await lab.answer('Allow once');
    await expect(cell.locator('.jp-OutputArea-output')).toHaveText(
      '(None, True)'
    );
    expect(await lab.inputBoxes()).toEqual([]);

    const store = join(INSTALLED.home, '.credentialstore');
    expect(existsSync(store)).toBe(true);
    expect(statSync(store).mode & 0o777).toBe(0o600);
    const text = readFileSync(store, 'utf8');
    for (const secret of [PASSPHRASE, DB.value, DB.user]) {
      expect(text).not.toContain(secret);
    }
  }
);
