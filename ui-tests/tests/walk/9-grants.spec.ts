/** Step 9 of the walk: what a notebook may read is listed, and can be taken back. */
import { expect, test } from '../support/fixtures';

test(
  '"always" holds over lock and reload, until it is revoked',
  { tag: '@dark' },
  async ({ unlocked: lab, tmpPath }) => {
    const path = `${tmpPath}/march.ipynb`;
    await lab.newClient(path);
    const first = await lab.run('len(get_credential("db"))');
    await lab.answer('Always allow in this notebook');
    await lab.ended(first);

    const access = lab.panel.locator('.jp-CredentialStore-access');
    await expect(access.locator('summary')).toHaveText('Access (1)');
    await access.locator('summary').click();
    await expect(access.getByText(path)).toBeVisible();
    await expect(access.getByText('db', { exact: true })).toBeVisible();
    await expect(access.getByText(/^since .+, last used .+/)).toBeVisible();
    await lab.accessible('.jp-CredentialStore-shell');

    await lab.reload();
    await lab.unlock();
    await lab.openNotebook(path);
    const second = await lab.run('len(get_credential("db"))');
    await expect(second.locator('.jp-OutputArea-output')).toHaveText('23');
    await expect(lab.dialog).toHaveCount(0);

    await access.locator('summary').click();
    await access.getByRole('button', { name: `Revoke db for ${path}` }).click();
    await expect(access.locator('summary')).toHaveText('Access (0)');
    await lab.run('len(get_credential("db"))');
    await expect(lab.dialog).toBeVisible();
    await lab.answer('Deny');
  }
);

test(
  '"for this kernel" is listed too, and ends with a restart or by hand',
  { tag: '@dark' },
  async ({ unlocked: lab, page, tmpPath }) => {
    const path = `${tmpPath}/april.ipynb`;
    await lab.newClient(path);
    const access = lab.panel.locator('.jp-CredentialStore-access');
    const summary = access.locator('summary');
    const allow = async () => {
      const cell = await lab.run('len(get_credential("db"))');
      await lab.answer('Allow for this kernel');
      await lab.ended(cell);
      await expect(summary).toHaveText('Access (1)');
    };

    await allow();
    await summary.click();
    await expect(
      access.getByText(/^this run of Python 3 .+ only, since .+, last used .+/)
    ).toBeVisible();
    await lab.accessible('.jp-CredentialStore-shell');
    await access.getByRole('button', { name: `Revoke db for ${path}` }).click();
    await expect(summary).toHaveText('Access (0)');
    await expect(summary).toBeFocused();

    await allow();
    await page.evaluate(async () => {
      const panel = window.jupyterapp.shell.currentWidget as any;
      await panel.sessionContext.restartKernel();
    });
    await expect(summary).toHaveText('Access (0)');
  }
);
