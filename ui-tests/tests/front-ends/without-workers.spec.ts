/** A Content Security Policy that forbids workers: the keys live in the page, and the panel says so. */
import { DB, expect, test } from '../support/fixtures';

test('where workers are forbidden the page does their work, and says so', async ({
  lab,
  page,
  tmpPath
}) => {
  await page.route(/\/lab\/?(\?.*)?$/, async route => {
    const response = await route.fetch();
    await route.fulfill({
      response,
      headers: {
        ...response.headers(),
        'content-security-policy': "worker-src 'none'"
      }
    });
  });
  await page.goto();
  // Argon2id in JavaScript takes seconds.
  test.slow();
  await lab.createStore();
  await expect(
    lab.panel.getByText('keys are kept in the page itself', { exact: false })
  ).toBeVisible();
  await lab.add(DB);
  await lab.newNotebook(`${tmpPath}/a.ipynb`);
  const cell = await lab.run(
    'from kernel_connector import get_credential; ' +
      `get_credential("db") == ${JSON.stringify(DB.value)}`
  );
  await lab.answer('Allow once');
  await expect(cell.locator('.jp-OutputArea-output')).toHaveText('True');
});
