/** Lab's page with a Content Security Policy of a test's choice. */
import type { Page } from '@playwright/test';

export async function restrictPage(page: Page, policy: string): Promise<void> {
  await page.route(/\/lab\/?(\?.*)?$/, async route => {
    const response = await route.fetch();
    const headers = { ...response.headers() };
    headers['content-security-policy'] = policy;
    await route.fulfill({ response, headers });
  });
}
