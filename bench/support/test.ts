/** Opens JupyterLab, as the wheel in .venv has it, with a store of a given size. */
import { randomUUID } from 'node:crypto';
import {
  test as base,
  type BrowserContext,
  type Page,
  type Worker
} from '../../ui-tests/node_modules/@playwright/test';
import { Lab, PASSPHRASE } from '../../ui-tests/tests/support/lab';
import { inPage } from './in-page';
import { place } from './run';

export const EXTENSION = 'jupyterlab-credential-store';
/** Where the server keeps the store. */
export const ROUTE = `/${EXTENSION}/file`;
/** A line of the list. */
export const LINE = '.jp-CredentialStore-shell [role=option]';

export type { Lab, Page };

export const test = base.extend<{
  /** A new page, of a browser that has never been there. `before` is called before it loads. */
  open(size: number, before?: (page: Page) => void): Promise<Lab>;
}>({
  open: async ({ browser, baseURL, viewport }, use) => {
    let context: BrowserContext | undefined;
    await use(async (size, before) => {
      await context?.close();
      place(size);
      context = await browser.newContext({ baseURL, viewport });
      const page = await context.newPage();
      const lab = new Lab(page);
      // What the tests record would slow what is measured.
      page.removeAllListeners();
      before?.(page);
      await page.addInitScript(inPage, EXTENSION);
      await page.goto(`/lab/workspaces/${randomUUID()}?token=bench`);
      await page.waitForFunction(() => !!window.jupyterapp);
      await page.evaluate(async () => {
        await window.jupyterapp.restored;
        bench.started = performance.now();
      });
      await page.waitForLoadState('networkidle');
      return lab;
    });
    await context?.close();
  }
});

/** The worker that holds the keys; the panel is to be opened first. */
export async function custodian({ page }: Lab): Promise<Worker> {
  const isOurs = (worker: Worker) => worker.url().includes(EXTENSION);
  return page.workers().find(isOurs) ?? page.waitForEvent('worker', isOurs);
}

/**
 * Unlock the store in an open panel, when the person has typed.
 *
 * @returns When the list was in the document, and how long its frame took.
 */
export async function unlock({ page }: Lab): Promise<IListed> {
  await page.waitForSelector(PASSWORD);
  // Meanwhile the product prepares.
  await page.waitForTimeout(400);
  return page.evaluate(
    async ([field, line, passphrase]) => {
      const input = document.querySelector<HTMLInputElement>(field)!;
      input.value = passphrase;
      const appears = bench.appears(line);
      input.form!.requestSubmit();
      const at = await appears;
      const { took } = await bench.frame();
      return { at, took };
    },
    [PASSWORD, LINE, PASSPHRASE]
  );
}

export interface IListed {
  readonly at: number;
  readonly took: number;
}

export const PASSWORD = '.jp-CredentialStore-shell input[type=password]';
