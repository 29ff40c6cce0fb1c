/** Step 5 of the walk: locked, missing, denied, dismissed, timed out; the cell says so at once. */
import type { Locator } from '@playwright/test';
import { atOnce } from '../support/at-once';
import { DB, expect, test } from '../support/fixtures';
import { Lab, PASSPHRASE } from '../support/lab';

/** Follows what a button says; and while it says something else, where it and its siblings are. */
function watchFooter(button: Element): () => {
  words: string[];
  places: string[];
} {
  const words = new Set<string>();
  const places = new Set<string>();
  const first = button.textContent;
  const look = () => {
    const now = button.textContent;
    words.add(now);
    if (words.size === 1 || now !== first) {
      const all = [...button.parentElement!.children];
      places.add(JSON.stringify(all.map(one => one.getBoundingClientRect())));
    }
    if (button.isConnected) {
      requestAnimationFrame(look);
    }
  };
  look();
  return () => ({ words: [...words], places: [...places] });
}

test(
  'locked: the dialog takes the passphrase, and goes on',
  { tag: '@dark' },
  async ({ unlocked: lab, tmpPath }) => {
    await lab.newClient(`${tmpPath}/a.ipynb`);
    await lab.lock();
    const cell = await lab.run(`get_credential("db") == "${DB.value}"`);
    const { dialog } = lab;
    const passphrase = dialog.getByLabel('Passphrase');
    await expect(passphrase).toBeFocused();
    await lab.buttonsAligned();
    await lab.accessible('.jp-CredentialStore-consent');
    await passphrase.fill('not the passphrase');
    const always = dialog.getByRole('button', { name: /always/ });
    await expect(always).toHaveAttribute('aria-disabled', 'false');
    const seen = await always.evaluateHandle(watchFooter);
    await always.click();
    await expect(
      dialog.getByText('That passphrase does not open this store.')
    ).toBeVisible();
    await expect(passphrase).toHaveValue('not the passphrase');
    await expect(passphrase).toHaveAccessibleDescription(
      'That passphrase does not open this store.'
    );
    // It says what goes on, and nothing has moved for that.
    const { words, places } = await seen.evaluate(seen => seen());
    expect(words).toContain('Unlocking…');
    expect(places).toHaveLength(1);
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
    await lab.newClient(`${tmpPath}/a.ipynb`);
    const { dialog } = lab;
    const refused = await lab.run('get_credential("dv")');
    await expect(
      dialog.getByText('There is no credential “dv”. Add it?')
    ).toBeVisible();
    await lab.buttonsAligned();
    await lab.accessible('.jp-CredentialStore-consent');
    await atOnce(lab, () => lab.answer('Deny'));
    await expect(refused.locator('.jp-OutputArea-output')).toHaveText(
      'CredentialNotFound: There is no credential "dv". ' +
        'Add it with the key icon in the sidebar.'
    );

    // Only what this notebook was given before is offered to it.
    const given = await lab.run('get_credential("db") and 7');
    await lab.answer('Allow once');
    await lab.ended(given);
    const slip = await lab.run('get_credential("dv")');
    await lab.answer('Deny');
    await expect(slip.locator('.jp-OutputArea-output')).toHaveText(
      'CredentialNotFound: There is no credential "dv". Did you mean "db"? ' +
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

test('removed in another tab while the dialog asks: it is not given', async ({
  unlocked: lab,
  page,
  baseURL,
  tmpPath
}) => {
  const other = new Lab(await page.context().newPage());
  await other.page.goto(`${baseURL}/lab/workspaces/other`);
  await other.ready();
  await other.openPanel();
  await other.unlock();
  await lab.newNotebook(`${tmpPath}/a.ipynb`);
  await lab.runToEnd('from kernel_connector import get_credential');
  const { dialog } = lab;
  const notFound = /^CredentialNotFound: There is no credential "db"/;
  const remove = async () => {
    await other.row('db').hover();
    await other.fromMenu('db', 'Delete');
    await expect(other.row('db')).toHaveCount(0);
  };

  const unheard = await lab.run('get_credential("db")');
  await expect(dialog).toBeVisible();
  await remove();
  await lab.answer('Allow once');
  await expect(unheard.locator('.jp-OutputArea-output')).toHaveText(notFound);

  await other.page.getByRole('button', { name: 'Undo' }).click();
  await expect(other.row('db')).toBeVisible();
  const seen = await lab.run('get_credential("db")');
  await expect(dialog.getByText('not in the store')).toHaveCount(0);
  await remove();
  // As when the person comes back to this tab.
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(
    dialog.getByText('There is no credential “db”. Add it?')
  ).toBeVisible();
  await lab.answer('Deny');
  await expect(seen.locator('.jp-OutputArea-output')).toHaveText(notFound);
  await other.page.close();
});

test('a field that is not there is named, with those that are', async ({
  unlocked: lab,
  tmpPath
}) => {
  await lab.newNotebook(`${tmpPath}/a.ipynb`);
  await lab.runToEnd('from kernel_connector import get_credential');
  const cell = await lab.run('get_credential("db", "port")');
  await expect(lab.dialog.getByRole('alert')).toHaveText(
    '“db” has no field “port”. It has “value”. Deny, and name one of these in ' +
      'the code, or add the field in the Credentials panel.'
  );
  await lab.accessible('.jp-CredentialStore-consent');
  await lab.answer('Deny');
  await expect(cell.locator('.jp-OutputArea-output')).toContainText(
    'CredentialNotFound: '
  );
});

test('what is half-typed in the dialog survives a lock and a time-out', async ({
  unlocked: lab,
  page,
  tmpPath
}) => {
  test.slow();
  await lab.newClient(`${tmpPath}/a.ipynb`, 'import kernel_connector as kc');
  const { dialog, panel } = lab;
  const value = dialog.getByLabel('Value');
  const user = dialog.getByLabel('User name');
  const late = await lab.run('kc.get_credential("new", timeout=15)');
  await value.fill('half-typed-val');
  await user.fill('ada');
  // Nobody locks in the middle of a word: typing keeps the store open.
  await page.waitForTimeout(500);
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('jupyterlab-credential-store:lock-store')
  );
  await dialog.getByLabel('Passphrase').fill(PASSPHRASE);
  const unlock = dialog.getByRole('button', { name: 'Unlock and allow once' });
  await expect(unlock).toHaveAttribute('aria-disabled', 'false');
  await unlock.click();
  await expect(value).toHaveValue('half-typed-val');
  await expect(user).toHaveValue('ada');
  await expect(late.locator('.jp-OutputArea-output')).toContainText(
    'CredentialTimeout: ',
    { timeout: 20_000 }
  );
  await lab.holdsNone(PASSPHRASE);
  await expect(
    panel.getByRole('textbox', { name: 'Name', exact: true })
  ).toHaveValue('new');
  await panel.getByRole('button', { name: 'Cancel' }).click();

  // Without a lock in between, it waits for the person.
  const again = await lab.run('kc.get_credential("new", timeout=3)');
  await value.fill('half-typed-value');
  await lab.ended(again);
  await expect(dialog).toHaveCount(0);
  await lab.holdsNone('half-typed-val');
  await panel.getByRole('button', { name: 'Continue' }).click();
  await expect(
    panel.getByRole('textbox', { name: 'Value', exact: true })
  ).toHaveValue('half-typed-value');
  await panel.getByRole('button', { name: 'Cancel' }).click();

  // What is denied is not wanted.
  await lab.run('kc.get_credential("new")');
  await value.fill('half-typed-value');
  await page.waitForTimeout(500);
  await lab.answer('Deny');
  await expect(lab.row('db')).toBeVisible();
  await expect(panel.getByText('An entry is unfinished.')).toHaveCount(0);
});

test('what a person types as the dialog comes up goes nowhere', async ({
  unlocked: lab,
  page,
  tmpPath
}) => {
  test.slow();
  await lab.newClient(
    `${tmpPath}/a.ipynb`,
    'import time; from kernel_connector import get_credential'
  );
  const { dialog } = lab;
  /** A sentence, from before the dialog is there until after, and Enter. */
  const typeThrough = async (code: string, target: Locator) => {
    const cell = await lab.run(`time.sleep(1); ${code}`);
    await lab.cells.last().locator('.cm-content').click();
    const words = 'the quick brown fox jumps over the lazy dog ';
    await page.keyboard.type(words, { delay: 50 });
    await expect(dialog).toBeVisible();
    await page.keyboard.type(words, { delay: 50 });
    await page.keyboard.press('Enter');
    await expect(target).toBeFocused();
    await expect(dialog.getByRole('alert')).toHaveCount(0);
    await expect(cell.locator('.jp-InputPrompt')).toHaveText('[*]:');
    return cell;
  };
  const deny = dialog.getByRole('button', { name: 'Deny' });
  const given = await typeThrough('get_credential("db") and 7', deny);
  await lab.answer('Allow once');
  await expect(given.locator('.jp-OutputArea-output')).toHaveText('7');

  const value = dialog.getByLabel('Value');
  const missing = await typeThrough('get_credential("new")', value);
  await expect(value).toHaveValue('');
  // The field is the person's now.
  await page.keyboard.type('kept');
  await expect(value).toHaveValue('kept');
  await lab.answer('Deny');
  await expect(missing.locator('.jp-OutputArea-output')).toContainText(
    'CredentialNotFound: '
  );
  await lab.openPanel();
  await expect(lab.panel.getByRole('option')).toHaveCount(1);

  await lab.lock();
  const passphrase = dialog.getByLabel('Passphrase');
  const locked = await typeThrough('get_credential("db")', passphrase);
  await expect(passphrase).toHaveValue('');
  await lab.answer('Deny');
  await expect(locked.locator('.jp-OutputArea-output')).toContainText(
    'StoreLocked: '
  );

  // Who chooses the field types into it at once.
  await lab.run('get_credential("db") and 7');
  await passphrase.click();
  await page.keyboard.type(PASSPHRASE);
  await lab.answer('Unlock and allow once');
  await expect(lab.notebook.locator('.jp-OutputArea-output').last()).toHaveText(
    '7'
  );
});

test(
  'denied, dismissed, timed out: each its own error, in a sentence or two',
  { tag: '@dark' },
  async ({ unlocked: lab, page, tmpPath }) => {
    await lab.newClient(`${tmpPath}/a.ipynb`, 'import kernel_connector as kc');

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
  await lab.newClient(
    `${tmpPath}/a.ipynb`,
    'import time; import kernel_connector as kc'
  );
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

test(
  'several at once: one dialog, which marks what is in the store',
  { tag: '@dark' },
  async ({ unlocked: lab, tmpPath }) => {
    await lab.newClient(`${tmpPath}/a.ipynb`, 'import kernel_connector as kc');
    const both = await lab.run('len(kc.get_credentials("db", "new"))');
    await expect(lab.dialog).toHaveCount(1);
    const items = lab.dialog.getByRole('listitem');
    await expect(items).toHaveText(['“db”', '“new” – not in the store']);
    await expect(items.nth(0).locator('[data-icon$=":check"]')).toBeVisible();
    await expect(items.nth(1).locator('[data-icon$=":close"]')).toBeVisible();
    await lab.accessible('.jp-CredentialStore-consent');
    await lab.dialog.getByLabel('Value').fill('brand-new');
    await lab.answer('Save and allow once');
    await expect(both.locator('.jp-OutputArea-output')).toHaveText('2');
  }
);

test('a notebook whose tab is hidden is shown from the dialog, which stays', async ({
  unlocked: lab,
  page,
  tmpPath
}) => {
  await lab.newClient(`${tmpPath}/asks.ipynb`);
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
