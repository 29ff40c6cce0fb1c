/** A script in a notebook's output, against the dialog and the panel of the same page. */
import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { attack } from '../support/attack';
import { DB, expect, test } from '../support/fixtures';
import { PASSPHRASE, type Lab } from '../support/lab';
import { STORE } from '../support/run';
import { SCRIPT } from './script';

const ALLOW = '.jp-CredentialStore-consentFooter button:nth-child(n+2)';
const ASK = `from kernel_connector import CredentialError, get_credential
try:
    print("GOT", len(get_credential("db")))
except CredentialError as error:
    print("NOT", type(error).__name__)`;

/** A notebook whose output brings the script. */
async function infect(lab: Lab, path: string): Promise<void> {
  await lab.newNotebook(path);
  await lab.runToEnd(
    `from IPython.display import Javascript, display\ndisplay(Javascript(${JSON.stringify(SCRIPT)}))`
  );
  await lab.page.waitForFunction(() => 'evil' in globalThis);
}

const output = (cell: Locator) => cell.locator('.jp-OutputArea-output');
const allowOnce = ({ dialog }: Lab) =>
  dialog.getByRole('button', { name: 'Allow once' });

/** The dialog is up, and can be answered; or, to someone's dismay, not. */
async function ask(lab: Lab, armed = true): Promise<Locator> {
  const cell = await lab.run(ASK);
  await expect(allowOnce(lab)).toHaveAttribute(
    'aria-disabled',
    armed ? 'false' : 'true'
  );
  return cell;
}

async function center(locator: Locator): Promise<[number, number]> {
  const { x, y, width, height } = (await locator.boundingBox())!;
  return [x + width / 2, y + height / 2];
}

const callAll = (page: Page, names: string[]) =>
  page.evaluate(names => evil.callAll(names), names);

/** How calls were refused, since the last time. */
const refusals = (page: Page) =>
  page.evaluate(() => [...new Set(evil.refused.splice(0))].sort());

/** The script makes a request, and says that all entries it can find are allowed. */
async function ownRequest(lab: Lab, connection: string): Promise<string[]> {
  const { page } = lab;
  const cell = await lab.runToEnd(
    'from kernel_connector.protocol import Request, Want\n' +
      'print(Request([Want("db")]).prompt)'
  );
  const prompt = (await output(cell).textContent())!.trim();
  const granted = await page.evaluate(() => evil.ids());
  const [, id] = /"entries":\{"([\w-]{22})"/.exec(readFileSync(STORE, 'utf8'))!;
  expect(granted).toContain(id);
  const request = { prompt, connection, path: 'a.ipynb', granted };
  return page.evaluate(async request => {
    const before = evil.got.length;
    await evil.callAll(['exchange', 'call'], ['receive', request]);
    return evil.got
      .slice(before)
      .filter(text => /"kind":"(ask|reply)"/.test(text));
  }, request);
}

test.describe.configure({ timeout: 150_000 });

test('no script in the page gives consent', async ({
  unlocked: lab,
  page,
  tmpPath
}) => {
  await infect(lab, `${tmpPath}/a.ipynb`);

  /** The kernel is told that the person has not agreed, whatever became of the dialog. */
  const refused = (
    name: string,
    attempt: () => Promise<unknown>,
    armed?: boolean
  ) =>
    attack(name, async () => {
      const cell = await ask(lab, armed);
      await attempt();
      await page.waitForTimeout(200);
      if (await lab.dialog.isVisible()) {
        await page.evaluate(() => {
          document.querySelectorAll('.evil').forEach(node => node.remove());
        });
        await lab.answer('Deny');
      }
      await expect(output(cell)).toHaveText('NOT CredentialDenied');
    });

  /** All that could give consent, once something was pressed. */
  const callConsent = async () => {
    const names = ['admits', 'decide', 'exchange'];
    expect(await callAll(page, [...names, 'call', 'grant'])).toEqual(names);
    expect(await refusals(page)).toEqual([
      'grant: not-pressed',
      'reveal: not-pressed'
    ]);
  };

  await refused('click() and made-up events of mouse and keys', () =>
    page.evaluate(selector => evil.pretend(selector), ALLOW)
  );
  await refused('the handlers that React keeps at the buttons', () =>
    page.evaluate(selector => evil.react(selector), ALLOW)
  );
  await refused('what decides, found through React', async () => {
    expect(await callAll(page, ['decide'])).toEqual(['decide']);
  });
  await refused('what asks the custodian, found anywhere', async () => {
    expect(
      await callAll(page, ['grant', 'exchange', 'call', 'resume', 'admits'])
    ).toEqual(['admits', 'exchange', 'resume']);
    expect(await refusals(page)).toEqual([
      'grant: not-pressed',
      'reveal: not-pressed'
    ]);
  });
  await refused('the focus put on the button for the next key', async () => {
    await page.evaluate(
      selector => document.querySelectorAll<HTMLElement>(selector)[2].focus(),
      ALLOW
    );
    await page.keyboard.press('Enter');
    await page.keyboard.press(' ');
  });
  await refused('a label for the button, clicked by the person', async () => {
    await page.evaluate(selector => {
      const label = document.createElement('label');
      const button = document.querySelectorAll(selector)[2];
      button.id = 'target';
      label.htmlFor = 'target';
      label.className = 'evil';
      label.append('Play');
      label.style.cssText =
        'position:fixed;left:8px;top:200px;z-index:999999;background:white';
      document.body.append(label);
    }, ALLOW);
    await page.locator('label.evil').click();
  });
  /** The browser tells of it after a while. */
  const coverWith = async (style: string) => {
    await page.evaluate(style => {
      const cover = document.createElement('div');
      cover.className = 'evil';
      cover.style.cssText = `position:fixed;z-index:999999;pointer-events:none;${style}`;
      document.body.append(cover);
    }, style);
    await page.waitForTimeout(400);
  };
  for (const [name, style] of [
    ['a cover that lets the click through', 'inset:0;background:white'],
    ['a cover over the text alone', 'inset:0 0 50% 0;background:white']
  ]) {
    await refused(`${name}, clicked by the person`, async () => {
      const at = await center(allowOnce(lab));
      await coverWith(style);
      await page.mouse.click(...at);
    });
  }
  for (const style of ['opacity:0.02', 'filter:blur(9px)', 'scale:0.1']) {
    await refused(`the dialog restyled (${style}), clicked`, async () => {
      await lab.dialog.evaluate(
        (dialog, style) => void (dialog.style.cssText = style),
        style
      );
      await page.waitForTimeout(400);
      await page.mouse.click(...(await center(allowOnce(lab))));
      await lab.dialog.evaluate(dialog => dialog.removeAttribute('style'));
    });
  }
  await refused('a cover that goes away under the pointer', async () => {
    const at = await center(allowOnce(lab));
    await page.evaluate(() => {
      const cover = document.createElement('div');
      cover.className = 'evil';
      cover.style.cssText = 'position:fixed;inset:0;z-index:999999';
      cover.addEventListener('pointermove', () => cover.remove());
      document.body.append(cover);
    });
    await page.waitForTimeout(400);
    await page.mouse.click(...at);
  });
  for (const [name, style] of [
    ['shifted', 'translate: DXpx DYpx'],
    ['laid elsewhere', 'position: relative; left: DXpx; top: DYpx']
  ]) {
    await refused(`the dialog ${name} under the pointer, clicked`, async () => {
      const at: [number, number] = [700, 640];
      await page.mouse.move(at[0] - 40, at[1]);
      const [x, y] = await center(allowOnce(lab));
      const there = style
        .replace('DX', String(at[0] - x))
        .replace('DY', String(at[1] - y));
      await lab.dialog.evaluate((dialog, there) => {
        const move = () => void (dialog.style.cssText = there);
        addEventListener('pointermove', move, { capture: true, once: true });
      }, there);
      await page.mouse.move(...at);
      // Where the person meant to press nothing.
      await page.mouse.down();
      await page.mouse.up();
      expect(await center(allowOnce(lab))).toEqual(at);
      await lab.dialog.evaluate(dialog => dialog.removeAttribute('style'));
    });
  }
  /** Built-ins lie in the script's favour meanwhile. */
  const lying = async (attempt: () => Promise<unknown>) => {
    const honest = await page.evaluateHandle(
      allow => evil.lie(document.querySelectorAll(allow)[0], ''),
      ALLOW
    );
    try {
      await attempt();
    } finally {
      await honest.evaluate(restore => restore());
    }
  };
  await refused('built-ins that lie, and made-up events', () =>
    lying(() => page.evaluate(selector => evil.pretend(selector), ALLOW))
  );
  await refused('built-ins that lie, and a press on another button', () =>
    lying(async () => {
      await page.evaluate(() => document.body.append(evil.button));
      await page.getByRole('button', { name: 'Play' }).click();
      await callConsent();
      await page.evaluate(() => evil.button.remove());
    })
  );
  await refused('built-ins that lie, and a cover that is clicked', () =>
    lying(async () => {
      const at = await center(allowOnce(lab));
      await coverWith('inset:0;background:white');
      await page.mouse.click(...at);
    })
  );
  await refused('a button of the script’s for the same request', async () => {
    await page.evaluate(() => document.body.append(evil.button));
    expect(await callAll(page, ['present'])).toEqual(['present']);
    await page.getByRole('button', { name: 'Play' }).click();
    await callConsent();
  });
  const next = 'a button of the script’s for the next request';
  const press = async () => {
    await page.getByRole('button', { name: 'Play' }).click();
    await callConsent();
    await page.evaluate(() => evil.button.remove());
  };
  // It was presented with the last one, before ours: nobody's button works.
  await refused(next, press, false);

  // The person is heard all the same.
  const byMouse = await ask(lab);
  await lab.answer('Allow once');
  await expect(output(byMouse)).toHaveText('GOT 23');
  const byKeys = await ask(lab);
  for (let i = 0; i < 3; i++) {
    await page.keyboard.press('Tab');
  }
  await expect(allowOnce(lab)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(output(byKeys)).toHaveText('GOT 23');
});

test('no script in the page gets a value that is not on the screen', async ({
  unlocked: lab,
  page,
  tmpPath
}) => {
  await infect(lab, `${tmpPath}/a.ipynb`);
  await lab.row(DB.name).click();
  const eye = lab.panel.getByRole('button', { name: 'Reveal Value of db' });
  await expect(eye).toBeVisible();

  const refused = (name: string, attempt: () => Promise<unknown>) =>
    attack(name, async () => {
      await attempt();
      await page.waitForTimeout(200);
      const found = await page.evaluate(
        value => [
          ...evil.got.filter(text => text.includes(value)),
          ...(evil.reaches(value) ? ['in reach'] : [])
        ],
        DB.value
      );
      expect(found).toEqual([]);
    });

  await refused('looking everywhere', async () => undefined);
  await refused('click() and made-up events on the eye', () =>
    page.evaluate(selector => evil.pretend(selector), '[aria-label*="Value"]')
  );
  await refused('the handlers that React keeps at the eye', () =>
    page.evaluate(selector => evil.react(selector), '[aria-label*="Value"]')
  );
  await refused('what asks the custodian, found anywhere', async () => {
    expect(
      await callAll(page, ['reveal', 'exchange', 'call', 'copyValue', 'admits'])
    ).toEqual(['admits', 'copyValue', 'exchange', 'reveal']);
    expect(await refusals(page)).toEqual(['reveal: not-pressed']);
  });
  await refused('a press of the person’s on another button', async () => {
    await page.evaluate(() => document.body.append(evil.button));
    await page.getByRole('button', { name: 'Play' }).click();
    expect(
      await callAll(page, ['reveal', 'exchange', 'call', 'copyValue'])
    ).toEqual(['copyValue', 'exchange', 'reveal']);
    expect(await refusals(page)).toEqual(['reveal: not-pressed']);
    await page.evaluate(() => evil.button.remove());
  });
  await refused(
    'a request of its own, all entries said to be granted',
    async () => {
      const outcomes = await ownRequest(lab, 'evil');
      expect(outcomes.length).toBeGreaterThan(0);
      expect(outcomes.filter(text => text.includes('"granted":true'))).toEqual(
        []
      );
    }
  );
  await refused('a request in the name of a run that has ended', async () => {
    const cell = await lab.run(ASK);
    await lab.answer('Allow for this kernel');
    await expect(output(cell)).toHaveText('GOT 23');
    const connection = await page.evaluate(async () => {
      const { sessionContext } = window.jupyterapp.shell.currentWidget as any;
      const { clientId } = sessionContext.session.kernel;
      await sessionContext.restartKernel();
      return clientId as string;
    });
    await lab.kernelReady();
    const outcomes = await ownRequest(lab, connection);
    expect(outcomes.length).toBeGreaterThan(0);
    expect(outcomes.filter(text => text.includes('"granted":true'))).toEqual(
      []
    );
  });
  await refused('the file, from the server', () =>
    page.evaluate(async () => {
      const response = await fetch('/jupyterlab-credential-store/file');
      evil.got.push(await response.text());
    })
  );
  await refused('a worker of its own of our script', async () => {
    const url = page.workers().map(worker => worker.url());
    expect(url.length).toBeGreaterThan(0);
    await page.evaluate(
      async url => {
        const file = await fetch('/jupyterlab-credential-store/file');
        const bytes = await file.arrayBuffer();
        const worker = new Worker(url);
        worker.onmessage = ({ data }) =>
          void evil.got.push(JSON.stringify(data));
        const etag = file.headers.get('ETag');
        const calls = [
          ['load', { file: bytes, etag }],
          ['list', {}],
          ['reveal', { id: '', field: 0 }],
          ['grant', { handle: 1, scope: 'once' }]
        ];
        calls.forEach(([op, args], id) => worker.postMessage({ id, op, args }));
        await new Promise(resolve => setTimeout(resolve, 1000));
        worker.terminate();
      },
      url.find(url => url.includes('credential'))!
    );
  });

  // The person is heard all the same, and what is on the screen can be read.
  await eye.click();
  await expect(lab.panel.getByText(DB.value)).toBeVisible();
  expect(await page.evaluate(value => evil.reaches(value), DB.value)).toBe(
    true
  );
});

test('what a script replaces once Lab has started sees no secret', async ({
  unlocked: lab,
  page,
  tmpPath
}) => {
  const CANARY = 'typed-at-a-plain-prompt';
  await infect(lab, `${tmpPath}/a.ipynb`);
  await page.evaluate(
    secrets => evil.patch(...secrets),
    [DB.value, PASSPHRASE, CANARY]
  );
  const seen = async () => [
    ...new Set(await page.evaluate(() => [...evil.seen]))
  ];

  // The spies work: each sees what it is given, and one of them what a plain input() carries.
  expect(await page.evaluate(text => evil.blind(text), CANARY)).toEqual([]);
  await page.evaluate(() => evil.seen.splice(0));
  await lab.run('answer = input("plain ")');
  const box = page.locator('.jp-Stdin-input');
  await box.fill(CANARY);
  await box.press('Enter');
  await expect(box).toHaveCount(0);
  await expect.poll(seen).toContain(`WebSocket.send: ${CANARY}`);

  const secrets = async () =>
    (await seen()).filter(text => !text.endsWith(CANARY));
  await attack('spies on an unlock in the panel', async () => {
    await lab.lock();
    await lab.unlock();
    expect(await secrets()).toEqual([]);
  });
  await attack('spies on a copied value', async () => {
    await lab.row(DB.name).click();
    await lab.panel.getByRole('button', { name: 'Copy Value of db' }).click();
    await expect(lab.panel.getByText('Copied Value')).toBeVisible();
    expect(await secrets()).toEqual([]);
  });
  await attack('spies on an unlock and a grant in the dialog', async () => {
    await lab.lock();
    const cell = await lab.run(ASK);
    await lab.dialog.getByLabel('Passphrase').fill(PASSPHRASE);
    await lab.answer('Unlock and allow once');
    await expect(output(cell)).toHaveText('GOT 23');
    expect(await secrets()).toEqual([]);
  });
});

test('a script that runs before the store is first used comes in between nowhere', async ({
  lab,
  page,
  tmpPath
}) => {
  await infect(lab, `${tmpPath}/a.ipynb`);
  const got = () => page.evaluate(() => [...evil.got]);

  await attack('a worker of its own in place of ours', async () => {
    const addresses = await page.evaluate(() => evil.supplant());
    expect(addresses).toBeGreaterThan(0);
    // It works: whoever asks the browser for a worker gets this one.
    await page.evaluate(() => new Worker('/any').postMessage('heard'));
    await expect.poll(got).toEqual(['here', '"heard"']);
    await lab.createStore();
    await lab.add(DB);
    await lab.back();
    await lab.lock();
    await lab.unlock();
    expect(await got()).toEqual(['here', '"heard"']);
  });
  await attack('our worker given up, and the keys in the page', async () => {
    const urls = page.workers().map(worker => worker.url());
    expect(urls.filter(url => url.includes('credential'))).not.toEqual([]);
    await expect(lab.panel.getByText('This site forbids workers')).toHaveCount(
      0
    );
    expect(await page.evaluate(text => evil.reaches(text), DB.value)).toBe(
      false
    );
  });
});
