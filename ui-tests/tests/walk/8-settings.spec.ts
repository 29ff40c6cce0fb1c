/** Step 8 of the walk: settings, the file's path, keys alone. */
import { expect, test } from '../support/fixtures';

test.use({ storeSettings: { armingDelay: 5000, defaultConsent: 'kernel' } });

test(
  'the settings are in the settings editor, the path is in the panel',
  { tag: '@dark' },
  async ({ unlocked: lab, page }) => {
    await expect(lab.panel.getByText('~/.credentialstore')).toBeVisible();
    await lab.panel.getByRole('button', { name: 'Settings' }).click();
    const editor = page.locator('.jp-SettingsPanel');
    for (const title of [
      'Lock after',
      'Clear the clipboard after',
      'Default answer',
      'Pause before you can allow'
    ]) {
      await expect(editor.getByText(title, { exact: true })).toBeVisible();
    }
    await lab.accessible('.jp-CredentialStore-shell');
  }
);

test('the menu opens the panel, and a shortcut does', async ({ lab, page }) => {
  await page.menu.clickMenuItem('View>Show Credentials');
  await expect(lab.panel).toBeVisible();
  await page.getByRole('tab', { name: /File Browser/ }).click();
  await expect(lab.panel).toBeHidden();
  await page.keyboard.press('Alt+Shift+K');
  await expect(lab.panel).toBeVisible();
});

test(
  'the dialog is answered with keys, once its buttons are armed',
  { tag: '@dark' },
  async ({ unlocked: lab, page, tmpPath }) => {
    await lab.newClient(`${tmpPath}/a.ipynb`);
    const cell = await lab.run('len(get_credential("db"))');
    const allow = lab.dialog.getByRole('button', {
      name: 'Allow for this kernel'
    });
    await expect(allow).toHaveClass(/jp-mod-accept/);
    // Not armed yet: a hasty click does nothing.
    await allow.click({ force: true });
    await expect(lab.dialog).toBeVisible();
    await lab.accessible('.jp-CredentialStore-consent');
    await expect(allow).not.toHaveAttribute('aria-disabled', 'true');
    await lab.accessible('.jp-CredentialStore-consent');
    await lab.dialog.getByRole('button', { name: 'Deny' }).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await expect(allow).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(cell.locator('.jp-OutputArea-output')).toHaveText('23');
  }
);
