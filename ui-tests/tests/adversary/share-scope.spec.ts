/** Another extension offers packages of our libraries' names: Lab hands them to none of our code. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { attack } from '../support/attack';
import { expect, test } from '../support/fixtures';
import { restrictPage } from '../support/policy';
import { works } from '../support/works';

const PACKAGE = JSON.parse(
  readFileSync(resolve(__dirname, '../../../package.json'), 'utf8')
);
const NAMES = Object.keys(PACKAGE.jupyterlab.sharedPackages);

/**
 * Offers packages as an extension that comes before ours does; before the page loads. The page's
 * `shareScope` then says which were asked for, and what somebody else than the attacker offers.
 */
async function offer(page: Page): Promise<void> {
  // The highest version that fits wins.
  const versions = NAMES.map(name => {
    const [, major] = /(\d+)/.exec(PACKAGE.dependencies[name])!;
    return [name, `${major}.999.0`] as const;
  });
  await page.addInitScript(versions => {
    const taken: string[] = [];
    let scope: any;
    (window as any).shareScope = {
      taken,
      offered: () =>
        versions.flatMap(([name]) =>
          Object.entries<any>(scope[name])
            .filter(([, { from }]) => from !== 'attacker')
            .map(([version]) => `${name} ${version}`)
        )
    };
    const entry = (name: string) => ({
      from: 'attacker',
      loaded: 1,
      get: () => {
        taken.push(name);
        const module: any = new Proxy(() => module, {
          get: (_, part) => (part === 'then' ? undefined : module),
          construct: () => module
        });
        return () => module;
      }
    });
    // Where Lab looks for what an extension has loaded.
    let ours: any;
    (window as any)._JUPYTERLAB = Object.defineProperty(
      {},
      'jupyterlab-credential-store',
      {
        enumerable: true,
        get: () => ours,
        set: container => {
          const init = (given: any) => {
            scope = given;
            for (const [name, version] of versions) {
              scope[name] = { ...scope[name], [version]: entry(name) };
            }
            return container.init(scope);
          };
          ours = { get: container.get, init };
        }
      }
    );
  }, versions);
}

test.describe.configure({ timeout: 180_000 });

for (const [where, policy] of [
  ['a worker', ''],
  ['the page itself', "worker-src 'none'"]
]) {
  test(`where ${where} does the cryptography, another extension’s is never taken`, async ({
    lab,
    page,
    tmpPath
  }) => {
    expect(NAMES).toContain('tweetnacl');
    await offer(page);
    if (policy) {
      await restrictPage(page, policy);
    }
    await attack(`packages in the share scope: ${where}`, async () => {
      await page.goto();
      await works(lab, `${tmpPath}/a.ipynb`);
      expect(
        await page.evaluate(() => {
          const { taken, offered } = (window as any).shareScope;
          return { taken, offered: offered() };
        })
      ).toEqual({ taken: [], offered: [] });
    });
  });
}
