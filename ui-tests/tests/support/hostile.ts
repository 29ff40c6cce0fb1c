/** A notebook whose kernel is the attacker: support/hostile.py, and what it says it has heard. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test as storeTest } from './fixtures';
import type { Lab } from './lab';

declare global {
  interface Window {
    dialogs: { most: number; all: number };
  }
}

const SOURCE = readFileSync(
  resolve(__dirname, '../../support/hostile.py'),
  'utf8'
);

/** A page whose dialogs are counted. */
export const test = storeTest.extend<{
  /** As `unlocked`, with a.ipynb in front, whose kernel is hostile. */
  hostile: Lab;
}>({
  page: async ({ page }, use) => {
    await countDialogs(page);
    await use(page);
  },
  hostile: async ({ unlocked, tmpPath }, use) => {
    await hostileNotebook(unlocked, `${tmpPath}/a.ipynb`);
    await use(unlocked);
  }
});

/** Counts the dialogs that there ever were, and that there were at once. Before the page loads. */
async function countDialogs(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.dialogs = { most: 0, all: 0 };
    const known = new WeakSet<Element>();
    new MutationObserver(() => {
      const now = document.querySelectorAll('.jp-CredentialStore-consent');
      window.dialogs.most = Math.max(window.dialogs.most, now.length);
      for (const dialog of now) {
        window.dialogs.all += known.has(dialog) ? 0 : 1;
        known.add(dialog);
      }
    }).observe(document, { subtree: true, childList: true });
  });
}

/** How many dialogs there were, ever and at once, since the last time. */
export function dialogs(page: Page): Promise<{ most: number; all: number }> {
  return page.evaluate(() => {
    const counted = window.dialogs;
    window.dialogs = { most: 0, all: 0 };
    return counted;
  });
}

/** A new notebook, in front, with a hostile kernel. */
export async function hostileNotebook(lab: Lab, path: string): Promise<void> {
  await lab.newNotebook(path);
  await arm(lab);
}

/** Waits for a kernel that is starting again, and makes it hostile once more. */
export async function rearm(lab: Lab): Promise<void> {
  // It answers before it tells anybody that it is idle.
  await expect(() =>
    lab.page.evaluate(async () => {
      const { kernel } = (window.jupyterapp.shell.currentWidget as any)
        .sessionContext.session;
      const tooLate = new Promise((_, reject) =>
        setTimeout(reject, 3000, new Error('no answer'))
      );
      await Promise.race([kernel.requestKernelInfo(), tooLate]);
    })
  ).toPass({ timeout: 60_000 });
  await arm(lab);
}

async function arm(lab: Lab): Promise<void> {
  await lab.runToEnd(
    `exec(${JSON.stringify(SOURCE)})\nfrom kernel_connector import get_credential`
  );
}

/** Start an expression in the kernel; `heard` gives its value. */
export function start(
  lab: Lab,
  expression: string,
  before = ''
): Promise<Locator> {
  return lab.run(`${before}\nprint(json.dumps(${expression}))`);
}

export async function heard(lab: Lab, cell: Locator): Promise<any> {
  // A thousand requests take their time on a machine that has other work.
  await expect(cell.locator('.jp-InputPrompt')).toHaveText(/\[\d+\]:/, {
    timeout: 150_000
  });
  const output = cell.locator('.jp-OutputArea-output');
  await expect(output).toHaveCount(1);
  return JSON.parse((await output.textContent())!);
}

/** From here on, a well-formed request for DB is answered without a question. */
export async function grant(lab: Lab): Promise<void> {
  const cell = await start(lab, 'ask(Crafted())');
  await lab.answer('Allow for this kernel');
  expect(await heard(lab, cell)).toBe('granted');
}

/** The value of an expression in the kernel. */
export async function hear(
  lab: Lab,
  expression: string,
  before = ''
): Promise<any> {
  return heard(lab, await start(lab, expression, before));
}
