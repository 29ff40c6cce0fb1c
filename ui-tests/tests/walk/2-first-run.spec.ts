/** Step 2 of the walk: the key in the sidebar, a passphrase, the recovery code, the file. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { expect, test } from '../support/fixtures';
import { PASSPHRASE } from '../support/lab';
import { STORE } from '../support/run';
import { works } from '../support/works';

test.use({
  contextOptions: { permissions: ['clipboard-read', 'clipboard-write'] }
});

test(
  'makes a store, of which only the header can be read',
  { tag: '@dark' },
  async ({ lab }) => {
    const { panel, page } = lab;
    await lab.openPanel();
    const passphrase = panel.getByRole('textbox', {
      name: 'Passphrase',
      exact: true
    });
    const repeat = panel.getByRole('textbox', { name: 'Repeat passphrase' });
    await passphrase.fill('password');
    await expect(panel.getByText('Very weak')).toBeVisible();
    await passphrase.fill(PASSPHRASE);
    await expect(panel.getByText('Strong')).toBeVisible();
    await lab.accessible('.jp-CredentialStore-shell');

    await repeat.fill('something else');
    await panel.getByRole('button', { name: 'Create store' }).click();
    await expect(panel.getByText('The two passphrases differ.')).toBeVisible();
    await expect(repeat).toHaveAccessibleDescription(
      'The two passphrases differ.'
    );
    expect(existsSync(STORE)).toBe(false);

    await repeat.fill(PASSPHRASE);
    await panel.getByRole('button', { name: 'Create store' }).click();
    const code = panel.getByLabel('Recovery code');
    await expect(code).toHaveText(/^\s*(\w{4}-){6,}\w+\s*$/);
    await expect(
      panel.getByRole('heading', { name: 'Your recovery code' })
    ).toBeFocused();
    const recoveryCode = (await code.textContent())!.trim();
    await lab.accessible('.jp-CredentialStore-shell');

    // Shown, but not confirmed: there is no store yet.
    expect(existsSync(STORE)).toBe(false);
    await expect(panel.getByRole('button', { name: 'Finish' })).toBeDisabled();
    await panel.getByLabel('I have kept this code').check();
    await panel.getByRole('button', { name: 'Finish' }).click();
    await expect(panel.getByText('No credentials yet.')).toBeVisible();
    await expect(
      panel
        .locator('.jp-CredentialStore-page')
        .getByRole('button', { name: 'Add credential' })
    ).toBeFocused();
    await lab.accessible('.jp-CredentialStore-shell');

    expect(statSync(STORE).mode & 0o777).toBe(0o600);
    const file = JSON.parse(readFileSync(STORE, 'utf8'));
    expect(Object.keys(file)).toEqual([
      'credentialstore',
      'header',
      'mac',
      'index',
      'entries'
    ]);
    expect(JSON.parse(file.header).suite).toBe('nacl');
    await lab.add({ name: 'a-name-to-find', value: 'a-value-to-find' });
    const text = readFileSync(STORE, 'utf8');
    for (const secret of [
      PASSPHRASE,
      recoveryCode,
      'a-name-to-find',
      'a-value-to-find'
    ]) {
      expect(text).not.toContain(secret);
    }

    // The recovery code opens it, and leads to a new passphrase.
    await lab.lock();
    await panel
      .getByRole('button', { name: 'Forgot it? Use your recovery code' })
      .click();
    await panel
      .getByRole('textbox', { name: 'Recovery code' })
      .fill(recoveryCode.toLowerCase());
    await panel.getByRole('button', { name: 'Unlock' }).click();
    await expect(
      panel.getByRole('heading', { name: 'Change passphrase' })
    ).toBeVisible();
    await lab.accessible('.jp-CredentialStore-shell');
    await lab.holdsNone(PASSPHRASE, recoveryCode);
    await page.reload();
  }
);

test('the recovery code is copied, which is said, and printed alone', async ({
  lab
}) => {
  const { panel, page } = lab;
  const text = await lab.beginStore();
  await panel.getByRole('button', { name: 'Copy' }).click();
  await expect(panel.getByText(/^Copied\. It stays/)).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);

  // Each window that prints, as it is then.
  await page.evaluate(() => {
    const printed: string[] = [];
    Object.assign(window, { printed });
    const stub = (one: Window) => {
      one.print = () => {
        const { body } = one.document;
        const isDrawn = body.getClientRects().length > 0;
        printed.push(isDrawn ? body.innerHTML : 'nothing');
      };
    };
    stub(window);
    const append = document.body.append.bind(document.body);
    document.body.append = (...nodes) => {
      append(...nodes);
      for (const node of nodes) {
        if (node instanceof HTMLIFrameElement) {
          stub(node.contentWindow!);
        }
      }
    };
  });
  await panel.getByRole('button', { name: 'Print' }).click();
  const printed = await page.evaluate<string[]>('printed');
  expect(printed).toHaveLength(1);

  const sheet = await page.context().newPage();
  await sheet.setContent(printed[0]);
  await sheet.emulateMedia({ media: 'print' });
  const shown = (await sheet.locator('body').innerText()).split(/\s*\n\s*/);
  expect(shown[0]).toBe('Recovery code');
  expect(shown.slice(1).join('')).toBe(text);
  await sheet.close();

  // The frame is not to be seen, and gone afterwards.
  const frame = page.locator('body > iframe');
  await expect(frame).toBeHidden();
  await frame.evaluate((one: HTMLIFrameElement) =>
    one.contentWindow!.dispatchEvent(new Event('afterprint'))
  );
  await expect(frame).toHaveCount(0);
  expect(await page.evaluate<string[]>('printed')).toHaveLength(1);
});

test('a store of AES-256-GCM is made, locked, unlocked and read by a kernel', async ({
  lab,
  tmpPath
}) => {
  await works(lab, `${tmpPath}/a.ipynb`, 'aes');
  const { header } = JSON.parse(readFileSync(STORE, 'utf8'));
  expect(JSON.parse(header).suite).toBe('aes');
});

test('a page that is left before the recovery code is confirmed has made nothing', async ({
  lab
}) => {
  const { panel, page } = lab;
  await lab.beginStore();
  await page.reload();
  await lab.openPanel();
  await expect(
    panel.getByRole('button', { name: 'Create store' })
  ).toBeVisible();
  expect(existsSync(STORE)).toBe(false);
});
