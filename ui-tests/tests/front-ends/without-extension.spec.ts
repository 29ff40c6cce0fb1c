/** A JupyterLab without the extension: the sentence shows, and what is typed is never a value. */
import { expect, test } from '../support/fixtures';

test('plain Lab shows a box that says not to type, and NoFrontend is raised', async ({
  lab,
  page,
  tmpPath
}) => {
  // Without its code the extension is not there.
  await page.route('**/lab/extensions/jupyterlab-credential-store/**', route =>
    route.abort()
  );
  await page.goto();
  await expect(page.getByRole('tab', { name: /^Credentials/ })).toHaveCount(0);
  await lab.newClient(`${tmpPath}/a.ipynb`);
  for (const typed of ['', 'hunter2', 'A'.repeat(2000)]) {
    const cell = await lab.run('value = get_credential("db")');
    const box = cell.locator('.jp-Stdin-input');
    await expect(cell.locator('.jp-Stdin-prompt')).toContainText(
      'Do not type a secret here.'
    );
    await box.fill(typed);
    await box.press('Enter');
    await expect(
      cell
        .locator(
          '.jp-RenderedText[data-mime-type="application/vnd.jupyter.stderr"], .jp-OutputArea-output'
        )
        .last()
    ).toContainText('NoFrontend: Nothing here can hand out "db"');
  }
  const cell = await lab.run('value');
  await expect(cell.locator('.jp-OutputArea-output')).toContainText(
    'NameError'
  );
});
