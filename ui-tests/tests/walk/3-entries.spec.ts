/** Step 3 of the walk: credentials are added, read, changed, found and deleted. */
import type { Locator } from '@playwright/test';
import { DB, expect, test } from '../support/fixtures';
import { Lab } from '../support/lab';
import { FILE_ROUTE } from '../support/run';

test.use({
  storeSettings: { clipboardSeconds: 2 },
  contextOptions: { permissions: ['clipboard-read', 'clipboard-write'] }
});

test(
  'keeps a credential with all its parts, and hands them out one at a time',
  { tag: '@dark' },
  async ({ lab }) => {
    const { panel, page } = lab;
    await lab.createStore();
    await panel
      .locator('.jp-CredentialStore-page')
      .getByRole('button', { name: 'Add credential' })
      .click();
    await lab.fill({
      ...DB,
      url: 'db.example.org',
      notes: 'ask Ada',
      tags: 'work, sql'
    });
    await panel.getByRole('button', { name: '+ Add field' }).click();
    await panel.getByRole('textbox', { name: 'Name of field 2' }).fill('host');
    await panel.getByLabel('Hidden').uncheck();
    await panel
      .getByRole('textbox', { name: 'Value of field 2', exact: true })
      .fill('10.0.0.7');
    await lab.accessible('.jp-CredentialStore-shell');
    await panel.getByRole('button', { name: 'Save', exact: true }).click();

    await expect(panel.getByRole('heading', { name: 'db' })).toBeVisible();
    for (const text of [
      DB.user,
      'db.example.org',
      'ask Ada',
      'sql',
      '10.0.0.7'
    ]) {
      await expect(panel.getByText(text, { exact: true })).toBeVisible();
    }
    await expect(panel.getByText('••••••••••••', { exact: true })).toHaveCount(
      1
    );
    await lab.holdsNone(DB.value);
    await lab.accessible('.jp-CredentialStore-shell');

    await panel.getByRole('button', { name: 'Reveal Value of db' }).click();
    await expect(panel.getByText(DB.value)).toBeVisible();
    await panel.getByRole('button', { name: 'Hide Value of db' }).click();
    await lab.holdsNone(DB.value);

    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    await panel.getByRole('button', { name: 'Copy Value of db' }).click();
    await expect.poll(clipboard).toBe(DB.value);
    await expect.poll(clipboard).toBe(' ');
    // What the person copied meanwhile stays.
    await panel.getByRole('button', { name: 'Copy Value of db' }).click();
    await expect.poll(clipboard).toBe(DB.value);
    await page.evaluate(() => navigator.clipboard.writeText('mine'));
    await page.waitForTimeout(2500);
    expect(await clipboard()).toBe('mine');
  }
);

test('edits, renames, duplicates and deletes, with undo', async ({
  unlocked: lab
}) => {
  const { panel, page } = lab;
  await lab.row('db').click();
  await panel.getByRole('button', { name: 'Edit db' }).click();
  // The value is there to be read, and corrected, for as long as it is wanted.
  const value = panel.getByRole('textbox', { name: 'Value', exact: true });
  await panel.getByRole('button', { name: 'Show Value' }).click();
  await expect(value).toHaveValue(DB.value);
  await panel.getByRole('button', { name: 'Hide Value' }).click();
  await expect(value).toHaveValue('');
  await lab.fill({ name: 'database' });
  await panel
    .getByRole('textbox', { name: 'Name', exact: true })
    .press('Enter');
  await expect(panel.getByRole('heading', { name: 'database' })).toBeVisible();
  // The value was not touched.
  await panel.getByRole('button', { name: 'Reveal Value of database' }).click();
  await expect(panel.getByText(DB.value)).toBeVisible();

  await lab.fromMenu('database', 'Duplicate');
  await expect(
    panel.getByRole('heading', { name: /database.+/ })
  ).toBeVisible();
  await lab.back();
  await expect(panel.getByRole('option')).toHaveCount(2);

  await lab.row('database').hover();
  await lab.fromMenu('database', 'Delete');
  await expect(panel.getByRole('option')).toHaveCount(1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(panel.getByRole('option')).toHaveCount(2);

  // A name that is taken.
  await lab.add({ name: 'other', value: 'x' });
  await panel.getByRole('button', { name: 'Edit other' }).click();
  await lab.fill({ name: 'database' });
  await panel.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(
    panel.getByRole('textbox', { name: 'Name', exact: true })
  ).toHaveAccessibleDescription(/name/);
});

test('what two tabs have changed is there twice, each row with what is its own', async ({
  unlocked: lab,
  page,
  baseURL
}) => {
  const other = new Lab(await page.context().newPage());
  await other.page.goto(`${baseURL}/lab/workspaces/other`);
  await other.ready();
  await other.unlock();
  for (const [tab, user] of [
    [lab, 'mine'],
    [other, 'theirs']
  ] as const) {
    await tab.row('db').click();
    await tab.panel.getByRole('button', { name: 'Edit db' }).click();
    await tab.fill({ user, value: `value of ${user}` });
  }
  for (const tab of [other, lab]) {
    await tab.panel.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(tab.panel.getByText('Saved db')).toBeVisible();
  }
  const { panel } = lab;
  await expect(panel.getByText(/^Nothing lost: merged/)).toBeVisible();
  const shows = async (name: string, user: string) => {
    await expect(
      panel.getByRole('heading', { name, exact: true })
    ).toBeVisible();
    await expect(panel.getByText(user, { exact: true })).toBeVisible();
    await panel
      .getByRole('button', { name: `Reveal Value of ${name}` })
      .click();
    await expect(panel.getByText(`value of ${user}`)).toBeVisible();
  };
  // The page that was open when they met.
  await shows('db', 'theirs');
  await lab.back();
  for (const [name, user] of [
    ['db', 'theirs'],
    ['db (2)', 'mine']
  ]) {
    await expect(lab.row(name)).toContainText(user);
    await lab.row(name).click();
    await shows(name, user);
    await lab.back();
  }
  await panel.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(panel.getByRole('option')).toHaveCount(1);
  await expect(lab.row('db (2)')).toContainText('mine');
});

test('finds by name, user name, tag and URL as one types', async ({
  unlocked: lab
}) => {
  const { panel } = lab;
  await lab.add({ name: 'openai', value: 'x', tags: 'llm' });
  await lab.add({ name: 's3', value: 'x', url: 'https://minio.example.org' });
  await lab.back();
  const search = panel.getByRole('searchbox', { name: 'Search credentials' });
  for (const [query, name] of [
    ['ope', 'openai'],
    ['llm', 'openai'],
    ['minio', 's3'],
    ['readonly', 'db']
  ]) {
    await search.fill(query);
    await expect(panel.getByRole('option')).toHaveCount(1);
    await expect(lab.row(name)).toBeVisible();
  }
  await search.fill('nothing like it');
  await expect(
    panel.getByText('No credential matches “nothing like it”.')
  ).toBeVisible();
  await panel.getByRole('button', { name: 'Add “nothing like it”' }).click();
  await expect(
    panel.getByRole('textbox', { name: 'Name', exact: true })
  ).toHaveValue('nothing like it');
});

test(
  'the list is worked with keys alone',
  { tag: '@dark' },
  async ({ unlocked: lab }) => {
    const { panel, page } = lab;
    await lab.add({ name: 'openai', value: 'x' });
    await lab.back();
    await panel.getByRole('listbox').focus();
    await page.keyboard.press('ArrowDown');
    await expect(lab.row('openai')).toHaveAttribute('aria-selected', 'true');
    await expect(lab.row('openai')).toHaveAttribute('aria-posinset', '2');
    await page.keyboard.press('Enter');
    await expect(panel.getByRole('heading', { name: 'openai' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(panel.getByRole('listbox')).toBeFocused();
    await expect(lab.row('openai')).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('e');
    await expect(panel.getByRole('heading', { name: /^Edit / })).toBeVisible();
    await panel.getByRole('button', { name: 'Cancel' }).click();
    await expect(panel.getByRole('heading', { name: 'openai' })).toBeVisible();
    await page.keyboard.press('Escape');

    // A row's buttons, by Tab or the right arrow.
    await expect(panel.getByRole('listbox')).toBeFocused();
    await lab.accessible('.jp-CredentialStore-shell');
    await page.keyboard.press('Tab');
    const copy = panel.getByRole('button', { name: 'Copy code for openai' });
    await expect(copy).toBeFocused();
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect(
      panel.getByRole('button', { name: 'Menu for db', exact: true })
    ).toBeFocused();
    await lab.accessible('.jp-CredentialStore-shell');
    await page.keyboard.press('Enter');
    await expect(page.locator('.lm-Menu')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(panel.getByRole('listbox')).toBeFocused();
    await page.keyboard.press('Delete');
    await expect(panel.getByRole('option')).toHaveCount(1);
    await expect(panel.getByRole('listbox')).toBeFocused();

    await page.keyboard.press('/');
    const search = panel.getByRole('searchbox');
    await expect(search).toBeFocused();
    await page.keyboard.type('open');
    await page.keyboard.press('Enter');
    await expect(panel.getByRole('heading', { name: 'openai' })).toBeVisible();
    await lab.accessible('.jp-CredentialStore-shell');
  }
);

test(
  'a row has a menu, by its button, by the right one and by a key',
  { tag: '@dark' },
  async ({ unlocked: lab }) => {
    const { panel, page } = lab;
    // Lab's own menu bar has an "Edit" as well.
    const item = (name: string) =>
      page.locator('.lm-Menu').getByRole('menuitem', { name, exact: true });
    await lab.row('db').click({ button: 'right' });
    for (const name of [
      'Copy code',
      'Insert into notebook',
      'Edit',
      'Duplicate',
      'Delete'
    ]) {
      await expect(item(name)).toBeVisible();
    }
    await lab.accessible('.lm-Menu');
    await item('Open').click();
    await expect(panel.getByRole('heading', { name: 'db' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(panel.getByRole('listbox')).toBeFocused();
    await page.keyboard.press('Shift+F10');
    await expect(item('Open')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(item('Open')).toHaveCount(0);
    await expect(panel.getByRole('listbox')).toBeFocused();
    await lab.row('db').hover();
    await lab.fromMenu('db', 'Open');
    await expect(panel.getByRole('heading', { name: 'db' })).toBeVisible();
    const menu = panel.getByRole('button', { name: 'Menu for db' });
    await menu.click();
    await expect(item('Duplicate')).toBeVisible();
    await expect(item('Open')).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(menu).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(panel.getByRole('listbox')).toBeFocused();
    await page.keyboard.press('Shift+F10');
    await item('Delete').click();
    await expect(panel.getByRole('option')).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
    await lab.accessible('.Toastify');
  }
);

test('in high contrast lines show what colours do elsewhere', async ({
  unlocked: lab
}) => {
  const { panel, page } = lab;
  await lab.add({ name: 'openai', value: 'x' });
  await lab.back();
  await page.emulateMedia({ forcedColors: 'active' });
  const line = (target: Locator) =>
    target.evaluate(node => {
      const { outlineStyle, outlineWidth, outlineColor } =
        getComputedStyle(node);
      const { backgroundColor } = getComputedStyle(document.body);
      return outlineStyle === 'none' || outlineColor === backgroundColor
        ? 0
        : parseFloat(outlineWidth);
    });
  const list = panel.getByRole('listbox');
  await page.mouse.move(600, 400);
  await panel.getByRole('searchbox').focus();
  expect(await line(panel.getByRole('searchbox'))).toBeGreaterThan(0);
  expect(await line(lab.row('openai'))).toBe(0);

  // The list itself, and the row that is selected there, more strongly than the one pointed at.
  await page.keyboard.press('Tab');
  await expect(list).toBeFocused();
  await expect(lab.row('openai')).toHaveAttribute('aria-selected', 'true');
  expect(await line(list.locator('..'))).toBeGreaterThan(0);
  expect(await line(lab.row('openai'))).toBe(2);
  await lab.row('db').hover();
  expect(await line(lab.row('db'))).toBe(1);

  const copy = panel.getByRole('button', { name: 'Copy code for openai' });
  await page.keyboard.press('Tab');
  await expect(copy).toBeFocused();
  expect(await line(copy)).toBeGreaterThan(0);
  const { borderTopStyle, borderTopWidth } = await copy.evaluate(node => {
    const { borderTopStyle, borderTopWidth } = getComputedStyle(node);
    return { borderTopStyle, borderTopWidth };
  });
  expect([borderTopStyle, borderTopWidth]).toEqual(['solid', '1px']);
  // What is drawn is seen: the icons, and the key that shows the store's state.
  const fill = await copy
    .locator('svg [fill]')
    .first()
    .evaluate(node => [
      getComputedStyle(node).fill,
      getComputedStyle(document.body).backgroundColor
    ]);
  expect(fill[0]).not.toBe(fill[1]);
  const dot = await page
    .getByRole('tab', { name: 'Credentials (unlocked)' })
    .locator('.lm-TabBar-tabIcon')
    .evaluate(node => getComputedStyle(node, '::after').borderTopWidth);
  expect(dot).toBe('4px');
});

test('a half-typed entry outlives a lock, a click elsewhere and a failed save', async ({
  unlocked: lab,
  tmpPath
}) => {
  const { panel, page } = lab;
  await lab.newNotebook(`${tmpPath}/a.ipynb`);
  const half = { name: 'half', value: 'half-typed-value', user: 'ada' };
  await panel
    .locator('.jp-Toolbar')
    .getByRole('button', { name: 'Add credential' })
    .click();
  await lab.fill(half);
  await lab.back();
  await expect(panel.getByText('Unfinished entry')).toBeVisible();
  await panel
    .locator('.jp-Toolbar')
    .getByRole('button', { name: 'Add credential' })
    .click();
  const name = panel.getByRole('textbox', { name: 'Name', exact: true });
  const value = panel.getByRole('textbox', { name: 'Value', exact: true });
  const user = panel.getByRole('textbox', { name: 'User name', exact: true });
  const kept = async () => {
    await expect(name).toHaveValue(half.name);
    await expect(value).toHaveValue(half.value);
    await expect(user).toHaveValue(half.user);
  };
  await kept();

  await lab.runToEnd('1 + 1');
  await kept();
  await page.getByRole('tab', { name: /File Browser/ }).click();
  await expect(panel).toBeHidden();
  await lab.cells.first().locator('.cm-content').click();
  await lab.openPanel();
  await kept();

  await lab.lock();
  await lab.holdsNone(half.name + '"', half.value, half.user + '"');
  await lab.unlock();
  await kept();

  await page.route(FILE_ROUTE, route =>
    route.request().method() === 'PUT' ? route.abort() : route.fallback()
  );
  await panel.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(panel.getByText('Not saved yet.')).toBeVisible();
  await page.unroute(FILE_ROUTE);
  await panel.getByRole('button', { name: 'Try again' }).click();
  await expect(panel.getByText('Not saved yet.')).toHaveCount(0);
  await lab.lock();
  await lab.unlock();
  await expect(lab.row('half')).toBeVisible();
});

test('a key of several lines is pasted, and read by a kernel, with all of them', async ({
  unlocked: lab,
  page,
  tmpPath
}) => {
  const { panel } = lab;
  const key = '-----BEGIN KEY-----\nabc\ndef\n-----END KEY-----\n';
  await page.evaluate(text => navigator.clipboard.writeText(text), key);
  await panel
    .locator('.jp-Toolbar')
    .getByRole('button', { name: 'Add credential' })
    .click();
  await lab.fill({ name: 'pem' });
  const value = panel.getByRole('textbox', { name: 'Value', exact: true });
  await value.click();
  await page.keyboard.press('Control+V');
  await expect(value).toHaveValue(key);
  await expect(value).toHaveCSS('-webkit-text-security', 'disc');
  await lab.accessible('.jp-CredentialStore-shell');
  await panel.getByRole('button', { name: 'Save', exact: true }).click();
  await lab.newNotebook(`${tmpPath}/a.ipynb`);
  const cell = await lab.run(
    `import kernel_connector as kc; kc.get_credential("pem") == ${JSON.stringify(key)}`
  );
  await lab.answer('Allow once');
  await expect(cell.locator('.jp-OutputArea-output')).toHaveText('True');
});
