/** Step 10 of the walk: what went wrong, and what is in doubt, is said so that everybody can read it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '../support/fixtures';
import { FILE_ROUTE, STORE } from '../support/run';

const ANOTHER = resolve(
  __dirname,
  '../../../spec/vectors/golden/1-nacl-python.credentialstore'
);

test(
  'the panel’s errors and banners have no fault that axe finds',
  { tag: '@dark' },
  async ({ unlocked: lab, page }) => {
    const { panel } = lab;
    const readable = () => lab.accessible('.jp-CredentialStore-shell');
    const save = panel.getByRole('button', { name: 'Save', exact: true });

    await lab.add({ name: 'other', value: 'x' });
    await panel.getByRole('button', { name: 'Edit other' }).click();
    await lab.fill({ name: 'db' });
    await save.click();
    await expect(
      panel.getByRole('textbox', { name: 'Name', exact: true })
    ).toHaveAccessibleDescription(
      'There is a credential of that name already.'
    );
    await readable();
    await lab.back();
    await expect(panel.getByText('Unfinished entry')).toBeVisible();
    await readable();

    await page.route(FILE_ROUTE, route =>
      route.request().method() === 'PUT' ? route.abort() : route.fallback()
    );
    await panel.getByRole('button', { name: 'Continue' }).click();
    await lab.fill({ name: 'unsaved' });
    await save.click();
    await expect(panel.getByText('Not saved yet.')).toBeVisible();
    await readable();
    await page.unroute(FILE_ROUTE);
    await panel.getByRole('button', { name: 'Try again' }).click();
    await expect(panel.getByText('Not saved yet.')).toHaveCount(0);

    await lab.lock();
    await panel
      .getByRole('textbox', { name: 'Passphrase', exact: true })
      .fill('not the passphrase');
    await panel.getByRole('button', { name: 'Unlock' }).click();
    await expect(panel.getByRole('alert')).toHaveText(
      'That passphrase does not open this store.'
    );
    await readable();

    for (const [content, words] of [
      [readFileSync(ANOTHER, 'utf8'), 'Another store than'],
      ['[default]\n', 'is not a credential store.']
    ]) {
      writeFileSync(STORE, content);
      await lab.reload();
      await lab.openPanel();
      await expect(
        panel.getByText(words, { exact: false }).first()
      ).toBeVisible();
      await readable();
    }
  }
);
