/** Content Security Policies that forbid workers or WebAssembly: all goes on, and the panel says so. */
import { attack } from '../support/attack';
import { expect, test } from '../support/fixtures';
import { restrictPage } from '../support/policy';
import { works } from '../support/works';
import type { Page } from '@playwright/test';

// Argon2id in JavaScript takes seconds.
test.describe.configure({ timeout: 180_000 });

/** The extension's scripts come with one, hence its workers: see `support/policy.py`. */
async function restrictWorkers(
  page: Page,
  url: string,
  policy: string
): Promise<void> {
  const value = encodeURIComponent(policy);
  await page.context().addCookies([{ name: 'scripts-policy', value, url }]);
}

/** Whether this can compile WebAssembly; runs in a page or a worker. */
const compiles = () =>
  WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)).then(
    () => true,
    () => false
  );

test('where workers are forbidden the page does their work, and says so', async ({
  lab,
  page,
  tmpPath
}) => {
  // No policy takes WebAssembly from Lab's page: Lab needs 'unsafe-eval', which allows it. Without
  // a worker, Argon2id is done in JavaScript anyhow.
  await restrictPage(page, "worker-src 'none'");
  await attack("policy: worker-src 'none'", async () => {
    await page.goto();
    await works(lab, `${tmpPath}/a.ipynb`);
    await expect(
      lab.panel.getByText('keys are kept in the page itself', { exact: false })
    ).toHaveCount(1);
    expect(page.workers()).toEqual([]);
  });
});

test('where WebAssembly is forbidden keys are derived slowly, and stay in their worker', async ({
  lab,
  page,
  baseURL,
  tmpPath
}) => {
  await restrictWorkers(page, baseURL!, "script-src 'self'");
  await attack('policy: no WebAssembly in the workers', async () => {
    await page.goto();
    await works(lab, `${tmpPath}/a.ipynb`);
    const [custodian, ...others] = page.workers();
    expect(others).toEqual([]);
    expect(await custodian.evaluate(compiles)).toBe(false);
    // Only the custodian says so, once the worker that derives keys has refused.
    await expect(
      lab.panel.getByText('This site forbids WebAssembly', { exact: false })
    ).toHaveCount(1);
    await expect(
      lab.panel.getByText('keys are kept in the page itself', { exact: false })
    ).toHaveCount(0);
  });
});
