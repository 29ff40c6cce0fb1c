/** A page of JupyterLab without a store on its server, in the project's theme. */
import { galata, test as galataTest } from '@jupyterlab/galata';
import { Lab } from './lab';
import { forgetStore } from './run';

export { expect } from '@jupyterlab/galata';

export interface IOptions {
  theme: 'JupyterLab Light' | 'JupyterLab Dark';
  /** The extension's settings. */
  storeSettings: Record<string, unknown>;
}

const THEMES = '@jupyterlab/apputils-extension:themes';

export const test = galataTest.extend<
  IOptions & {
    /** A page whose server has no store. */
    lab: Lab;
    /** As `lab`, with a store that has the credential DB, unlocked. */
    unlocked: Lab;
  }
>({
  theme: ['JupyterLab Light', { option: true }],
  storeSettings: [{}, { option: true }],
  mockSettings: async ({ theme, storeSettings }, use) => {
    await use({
      ...galata.DEFAULT_SETTINGS,
      [THEMES]: { ...galata.DEFAULT_SETTINGS[THEMES], theme },
      'jupyterlab-credential-store:plugin': storeSettings
    });
  },
  autoGoto: false,
  // Galata's stand-ins for these would answer in the server's place.
  kernels: ({ request: _ }, use) => use(null),
  sessions: ({ request: _ }, use) => use(null),
  terminals: ({ request: _ }, use) => use(null),
  lab: async ({ page, request, baseURL }, use) => {
    forgetStore();
    const lab = new Lab(page);
    await lab.watch();
    await page.goto();
    await use(lab);
    const kernels = await request.get(`${baseURL}/api/kernels`);
    for (const { id } of await kernels.json()) {
      await request.delete(`${baseURL}/api/kernels/${id}`);
    }
  },
  unlocked: async ({ lab }, use) => {
    await lab.createStore();
    await lab.add(DB);
    await lab.back();
    await use(lab);
  }
});

export const DB = {
  name: 'db',
  value: 'hunter2-of-the-database',
  user: 'readonly'
};
