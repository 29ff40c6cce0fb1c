/** Step 5 of the walk: locked, missing, denied, dismissed, timed out; the cell says so at once. */
import { atOnce } from '../support/at-once';
import { DB, expect, test } from '../support/fixtures';
import { PASSPHRASE } from '../support/lab';

test(
  'locked: the dialog takes the passphrase, and goes on',
  { tag: '@dark' },
  async ({ unlocked: lab, tmpPath }) => {
    await lab.newNotebook(`${tmpPath}/a.ipynb`);
    await lab.runToEnd('from kernel_connector import get_credential');
    await lab.lock();
    const cell = await lab.run(`get_credential("db") == "${DB.value}"`);
    const { dialog } = lab;
    const passphrase = dialog.getByLabel('Passphrase');
    await expect(passphrase).toBeFocused();
    await lab.buttonsAligned();
    await lab.accessible('.jp-CredentialStore-consent');
    await passphrase.fill('not the passphrase');
    await dialog.getByRole('button', { name: 'Unlock and allow once' }).click();
    await expect(
      dialog.getByText('That passphrase does not open this store.')
    ).toBeVisible();
    await expect(passphrase).toHaveValue('not the passphrase');
    await expect(passphrase).toHaveAccessibleDescription(
      'That passphrase does not open this store.'
    );
    await passphrase.fill(PASSPHRASE);
    await lab.answer('Unlock and allow once');
    await expect(cell.locator('.jp-OutputArea-output')).toHaveText('True');

    await lab.lock();
    const refused = await lab.run('get_credential("db")');
    await atOnce(lab, () => lab.answer('Deny'));
    await expect(refused.locator('.jp-OutputArea-output')).toHaveText(
      'StoreLocked: The credential store is locked, so "db" cannot be read. ' +
        'Run the cell again and enter the passphrase.'
    );
    expect(await lab.inputBoxes()).toEqual([]);
  }
);

test(
  'missing: the dialog adds it, and answers',
  { tag: '@dark' },
  async ({ unlocked: lab, tmpPath }) => {
    await lab.newNotebook(`${tmpPath}/a.ipynb`);
    await lab.runToEnd('from kernel_connector import get_credential');
    const { dialog } = lab;
    const refused = await lab.run('get_credential("new")');
    await expect(
      dialog.getByText('There is no credential “new”. Add it?')
    ).toBeVisible();
    await lab.buttonsAligned();
    await lab.accessible('.jp-CredentialStore-consent');
    await atOnce(lab, () => lab.answer('Deny'));
    await expect(refused.locator('.jp-OutputArea-output')).toHaveText(
      'CredentialNotFound: There is no credential "new". ' +
        'Add it with the key icon in the sidebar.'
    );

    const cell = await lab.run('get_credential("new") == "brand-new-value"');
    await dialog.getByLabel('Value').fill('brand-new-value');
    await dialog.getByLabel('User name').fill('ada');
    await lab.answer('Save and allow once');
    await expect(cell.locator('.jp-OutputArea-output')).toHaveText('True');
    await lab.openPanel();
    await expect(lab.row('new')).toBeVisible();
    expect(await lab.inputBoxes()).toEqual([]);
  }
);

test(
  'denied, dismissed, timed out: each its own error, in a sentence or two',
  { tag: '@dark' },
  async ({ unlocked: lab, page, tmpPath }) => {
    await lab.newNotebook(`${tmpPath}/a.ipynb`);
    await lab.runToEnd('import kernel_connector as kc');

    const denied = await lab.run('kc.get_credential("db")');
    await lab.dialog.waitFor();
    await lab.buttonsAligned();
    await atOnce(lab, () => lab.answer('Deny'));
    await expect(denied.locator('.jp-OutputArea-output')).toHaveText(
      'CredentialDenied: You denied this notebook "db". Run the cell again to be asked again.'
    );

    const dismissed = await lab.run('kc.get_credential("db")');
    await expect(lab.dialog).toBeVisible();
    await atOnce(lab, () => page.keyboard.press('Escape'));
    await expect(dismissed.locator('.jp-OutputArea-output')).toContainText(
      'CredentialDenied: '
    );

    // Denied twice within a minute: the third dialog offers to stop.
    const third = await lab.run('kc.get_credential("db")');
    await lab.dialog.getByLabel('Don’t ask again for this kernel').check();
    await lab.accessible('.jp-CredentialStore-consent');
    await lab.answer('Deny');
    await lab.ended(third);
    const blocked = await lab.runToEnd('kc.get_credential("db")');
    await expect(blocked.locator('.jp-OutputArea-output')).toContainText(
      'CredentialDenied: "db" was denied without asking'
    );
  }
);

test('a time-out ends the question', async ({ unlocked: lab, tmpPath }) => {
  await lab.newNotebook(`${tmpPath}/a.ipynb`);
  await lab.runToEnd('import time; import kernel_connector as kc');
  const late = await lab.run(
    'deadline = time.time() + 3; kc.get_credential("db", timeout=3)'
  );
  await atOnce(lab, () => lab.dialog.waitFor(), 'deadline');
  await expect(late.locator('.jp-OutputArea-output')).toHaveText(
    'CredentialTimeout: Nobody decided on "db" in time. ' +
      'Run the cell again, or allow a longer timeout.'
  );
  await expect(lab.dialog).toHaveCount(0);
});

test('a notebook whose tab is hidden is shown from the dialog, which stays', async ({
  unlocked: lab,
  page,
  tmpPath
}) => {
  await lab.newNotebook(`${tmpPath}/asks.ipynb`);
  await lab.runToEnd('from kernel_connector import get_credential');
  await lab.run('import time; time.sleep(10); get_credential("db") and 7');
  await lab.newNotebook(`${tmpPath}/other.ipynb`);
  const { dialog } = lab;
  const shows = dialog.getByRole('button', { name: 'Show notebook' });
  await expect(shows).toBeVisible({ timeout: 20_000 });
  await lab.accessible('.jp-CredentialStore-consent');
  const place = await dialog.boundingBox();
  await shows.click();
  await expect(
    page.getByRole('tab', { name: 'asks.ipynb', selected: true })
  ).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Deny' })).toBeFocused();
  expect(await dialog.boundingBox()).toEqual(place);
  await lab.answer('Allow once');
  await expect(lab.notebook.locator('.jp-OutputArea-output').last()).toHaveText(
    '7'
  );
});

test('in a code console, too: locked, missing, dismissed, timed out', async ({
  unlocked: lab,
  page
}) => {
  const { dialog } = lab;
  await lab.newConsole();
  const says = async (
    code: string,
    then: () => Promise<void>,
    text: string,
    deadline?: string
  ) => {
    const before = await lab.consoleOutputs.count();
    await lab.runInConsole(code);
    await dialog.waitFor();
    await atOnce(lab, then, deadline);
    await expect(dialog).toHaveCount(0);
    await expect(lab.consoleOutputs).toHaveCount(before + 1);
    await expect(lab.consoleOutputs.last()).toHaveText(text);
  };
  await says(
    'import kernel_connector as kc; kc.get_credential("db")',
    () => page.keyboard.press('Escape'),
    'CredentialDenied: You denied this notebook "db". Run the cell again to be asked again.'
  );
  await says(
    'import time; deadline = time.time() + 3; kc.get_credential("db", timeout=3)',
    async () => undefined,
    'CredentialTimeout: Nobody decided on "db" in time. ' +
      'Run the cell again, or allow a longer timeout.',
    'deadline'
  );
  await says(
    'kc.get_credential("new")',
    () => lab.answer('Deny'),
    'CredentialNotFound: There is no credential "new". ' +
      'Add it with the key icon in the sidebar.'
  );
  await lab.lock();
  await says(
    'kc.get_credential("db")',
    async () => {
      await dialog.getByLabel('Don’t ask again for this kernel').waitFor();
      await lab.answer('Deny');
    },
    'StoreLocked: The credential store is locked, so "db" cannot be read. ' +
      'Run the cell again and enter the passphrase.'
  );
  await says(
    `kc.get_credential("db") == ${JSON.stringify(DB.value)}`,
    async () => {
      await dialog.getByLabel('Passphrase').fill(PASSPHRASE);
      await lab.answer('Unlock and allow once');
    },
    'True'
  );
  await says(
    'kc.get_credential("new") == "brand-new"',
    async () => {
      await dialog.getByLabel('Value').fill('brand-new');
      await lab.answer('Save and allow once');
    },
    'True'
  );
  expect(await lab.inputBoxes()).toEqual([]);
});
