/** A server that lacks our extension: the file is kept through the contents API, and all else goes on. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DB, expect, test } from '../support/fixtures';
import { PASSPHRASE } from '../support/lab';
import { OwnServer } from '../support/own-server';
import { OWN } from '../support/run';

test.describe.configure({ timeout: 120_000 });

test('the store is a file among the notebooks, the panel says so, and kernels are served', async ({
  browser
}) => {
  const server = new OwnServer(OWN.home, [
    '--ServerApp.jpserver_extensions=jupyterlab_credential_store=False'
  ]);
  const file = join(server.work, 'credentialstore.json');
  // Of an earlier try.
  rmSync(file, { force: true });
  const page = await browser.newPage();
  try {
    await server.start();
    const lab = await server.visit(page);
    const told = () =>
      expect(
        lab.panel.getByText('The server lacks the extension', { exact: false })
      ).toHaveCount(1);
    const code = await lab.createStore();
    await told();
    await lab.add(DB);
    await expect
      .poll(() => Object.keys(JSON.parse(readFileSync(file, 'utf8')).entries))
      .toHaveLength(1);
    const text = readFileSync(file, 'utf8');
    for (const secret of [PASSPHRASE, code, DB.value, DB.user]) {
      expect(text).not.toContain(secret);
    }
    expect(existsSync(join(server.home, '.credentialstore'))).toBe(false);

    await lab.newNotebook('a.ipynb');
    const cell = await lab.run(
      'from kernel_connector import get_credential; ' +
        `get_credential("db") == ${JSON.stringify(DB.value)}`
    );
    await lab.answer('Allow once');
    await expect(cell.locator('.jp-OutputArea-output')).toHaveText('True');
    expect(await lab.inputBoxes()).toEqual([]);

    // It is there for who comes back.
    await lab.reload();
    await lab.unlock();
    await told();
    await lab.row('db').click();
    await lab.panel.getByRole('button', { name: 'Reveal Value of db' }).click();
    await expect(lab.panel.getByText(DB.value)).toBeVisible();
  } finally {
    await page.close();
    await server.stop();
  }
});
