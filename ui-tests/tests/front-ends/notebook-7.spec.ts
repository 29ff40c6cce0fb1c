/** Steps 4 and 5 of the walk in Notebook 7: the same extension, another front end. */
import { DB, expect, test } from '../support/fixtures';
import { PASSPHRASE } from '../support/lab';

test('Notebook 7 asks, unlocks, hands out, denies and gives up', async ({
  unlocked: lab,
  page,
  baseURL,
  tmpPath
}) => {
  const path = `${tmpPath}/seven.ipynb`;
  await lab.newNotebook(path);
  await page.evaluate(() =>
    (window.jupyterapp.shell.currentWidget as any).sessionContext.shutdown()
  );
  await page.evaluate(url => {
    location.href = url;
  }, `${baseURL}/notebooks/${path}`);
  await expect(page.locator('#jp-NotebookLogo')).toBeVisible();
  await lab.kernelReady();

  const { dialog } = lab;
  await lab.runToEnd('from kernel_connector import get_credential');
  const cell = await lab.run(
    `get_credential("db") == ${JSON.stringify(DB.value)}`
  );
  await expect(
    dialog.getByRole('heading', { name: 'seven.ipynb asks for “db”' })
  ).toBeVisible();
  await dialog.getByLabel('Passphrase').fill(PASSPHRASE);
  await lab.answer('Unlock and allow once');
  await expect(cell.locator('.jp-OutputArea-output')).toHaveText('True');

  const missing = await lab.run('get_credential("new")');
  await dialog.getByLabel('Value').fill('x');
  await lab.answer('Save and allow once');
  await expect(missing.locator('.jp-OutputArea-output')).toHaveText(
    "Secret('••••••••••••')"
  );
  const denied = await lab.run('get_credential("db")');
  await lab.answer('Deny');
  await expect(denied.locator('.jp-OutputArea-output')).toHaveText(
    'CredentialDenied: You denied this notebook "db". Run the cell again to be asked again.'
  );
  const dismissed = await lab.run('get_credential("db")');
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await expect(dismissed.locator('.jp-OutputArea-output')).toHaveText(
    'CredentialDenied: You denied this notebook "db". Run the cell again to be asked again.'
  );
  const late = await lab.run('get_credential("db", timeout=2)');
  await expect(dialog).toBeVisible();
  await expect(late.locator('.jp-OutputArea-output')).toHaveText(
    'CredentialTimeout: Nobody decided on "db" in time. ' +
      'Run the cell again, or allow a longer timeout.'
  );
  await expect(dialog).toHaveCount(0);
  expect(await lab.inputBoxes()).toEqual([]);

  // The panel is there as well.
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('jupyterlab-credential-store:open-panel')
  );
  await expect(lab.row('db')).toBeVisible();
});
