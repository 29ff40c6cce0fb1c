/** Step 7 of the walk: the store locks itself, and leaves nothing behind. */
import { DB, expect, test } from '../support/fixtures';
import { PASSPHRASE, type Lab } from '../support/lab';

async function forgotten(lab: Lab): Promise<void> {
  await expect(lab.panel.getByRole('button', { name: 'Unlock' })).toBeVisible();
  await lab.holdsNone(DB.value, `${DB.user}"`, '>db<', '"db"', PASSPHRASE);
}

test(
  'a lock leaves no value, name, passphrase or search behind',
  { tag: '@dark' },
  async ({ unlocked: lab }) => {
    const { panel } = lab;
    await panel.getByRole('searchbox').fill('readonly');
    await lab.row('db').click();
    await panel.getByRole('button', { name: 'Reveal Value of db' }).click();
    await expect(panel.getByText(DB.value)).toBeVisible();
    await lab.lock();
    await forgotten(lab);
    await lab.accessible('.jp-CredentialStore-shell');
    await lab.unlock();
    await expect(panel.getByRole('searchbox')).toHaveValue('');
  }
);

test(
  'a lock is seen and announced while the sidebar is closed',
  { tag: '@dark' },
  async ({ unlocked: lab, page }) => {
    const tab = (state: string) =>
      page.getByRole('tab', { name: `Credentials (${state})`, exact: true });
    const dot = (state: string) =>
      tab(state)
        .locator('.lm-TabBar-tabIcon')
        .evaluate(node => getComputedStyle(node, '::after').content);
    const live = page.locator('body > .jp-CredentialStore-live');
    expect(await dot('unlocked')).toBe('""');
    await tab('unlocked').click();
    await expect(lab.panel).toBeHidden();
    await page.evaluate(() =>
      window.jupyterapp.commands.execute(
        'jupyterlab-credential-store:lock-store'
      )
    );
    await expect(tab('locked')).toBeVisible();
    expect(await dot('locked')).toBe('none');
    await expect(live).toHaveText('Store locked');
    await lab.unlock();
    await expect(tab('unlocked')).toBeVisible();
    await expect(live).toHaveText('Store unlocked');
    // Once: what the panel shows is no region.
    await expect(
      page.locator('[aria-live=polite]').filter({ hasText: 'Store unlocked' })
    ).toHaveCount(1);
    await page.reload();
    await lab.openPanel();
    await expect(tab('locked')).toBeVisible();
  }
);

test('what was deleted is not named after a lock', async ({
  unlocked: lab,
  page
}) => {
  await lab.row('db').hover();
  await lab.fromMenu('db', 'Delete');
  await expect(page.getByText('Deleted db.').first()).toBeVisible();
  await lab.lock();
  await expect(page.getByText('Deleted db.')).toHaveCount(0);
  await forgotten(lab);
});

test('under another passphrase all can be changed at once, and the old one opens nothing', async ({
  unlocked: lab,
  page
}) => {
  const { panel } = lab;
  const next = 'another horse staple';
  await panel.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Change Passphrase…' }).click();
  await lab.changePassphrase(PASSPHRASE, next);
  await lab.row('db').click();
  await panel.getByRole('button', { name: 'Edit db' }).click();
  await lab.fill({ user: 'owner' });
  await panel.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(panel.getByText('Saved db')).toBeVisible();
  await lab.lock();
  await panel
    .getByRole('textbox', { name: 'Passphrase', exact: true })
    .fill(PASSPHRASE);
  await panel.getByRole('button', { name: 'Unlock' }).click();
  await expect(
    panel.getByText('That passphrase does not open this store.')
  ).toBeVisible();
  await lab.unlock(next);
  await expect(lab.row('db')).toContainText('owner');
});

test('the page that is loaded again is locked', async ({
  unlocked: lab,
  page
}) => {
  await page.reload();
  await lab.openPanel();
  await forgotten(lab);
});

test.describe('after an adjustable time', () => {
  test.use({ storeSettings: { autoLockMinutes: 0.1 } });

  test('without use it locks by itself', async ({ unlocked: lab }) => {
    await expect(lab.lockButton).toBeVisible();
    await expect(lab.panel.getByRole('button', { name: 'Unlock' })).toBeVisible(
      { timeout: 15_000 }
    );
    await forgotten(lab);
  });
});
