/** Plain http on a name that is no localhost: browsers hold back crypto.subtle, clipboard and more. */
import { attack } from '../support/attack';
import { DB, expect, test } from '../support/fixtures';
import { Lab } from '../support/lab';

test('everything works without a secure context, with one warning', async ({
  unlocked,
  browser,
  baseURL,
  tmpPath
}) => {
  await unlocked.newNotebook(`${tmpPath}/a.ipynb`);
  const page = await browser.newPage();
  const lab = new Lab(page);
  await lab.watch();
  await page.goto(`${baseURL!.replace('localhost', 'plain.test')}/lab`);
  await lab.openPanel();
  expect(
    await page.evaluate(() => [
      window.isSecureContext,
      typeof crypto.subtle,
      typeof navigator.clipboard
    ])
  ).toEqual([false, 'undefined', 'undefined']);
  const warning = () =>
    expect(
      lab.panel.getByText('Not a secure connection', { exact: false })
    ).toHaveCount(1);
  await attack('plain http on another name than localhost', async () => {
    await warning();
    await lab.unlock();
    await warning();
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
    await warning();
  });
  await page.close();
});
