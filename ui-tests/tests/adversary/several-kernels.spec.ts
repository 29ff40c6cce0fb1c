/** Answers that reach the wrong kernel, and kernels that end before they have one. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attack } from '../support/attack';
import { DB, expect } from '../support/fixtures';
import {
  dialogs,
  grant,
  hear,
  heard,
  hostileNotebook,
  rearm,
  start,
  test
} from '../support/hostile';
import type { Lab } from '../support/lab';
import { inputReplies } from '../support/traffic';
import { HOME, WORK } from '../support/run';

test.describe.configure({ timeout: 240_000 });

/** Bring a notebook to the front, though its kernel is busy. */
async function activate({ page }: Lab, path: string): Promise<void> {
  await page.evaluate(async path => {
    await window.jupyterapp.commands.execute('docmanager:open', { path });
  }, path);
}

test('what one kernel was granted is of no use to another', async ({
  hostile: lab,
  tmpPath
}) => {
  await grant(lab);
  await hear(
    lab,
    'Path("stolen").write_text(json.dumps([r.json.decode(), getpass.getpass(r.prompt)]))',
    'r = Crafted()'
  );
  await hostileNotebook(lab, `${tmpPath}/b.ipynb`);
  const thief = `
text, reply = json.loads(Path("stolen").read_text())
thief = Crafted(lambda _: text, request_id=decode(reply)[1:17])`;
  await attack('the reply to another kernel', async () => {
    expect(await hear(lab, 'status(thief, reply)', thief)).toBe(
      'sealed for somebody else'
    );
  });
  await attack('the request of another kernel, sent again', async () => {
    const cell = await start(lab, 'ask(thief)', thief);
    await expect(
      lab.dialog.getByRole('heading', { name: 'b.ipynb asks for “db”' })
    ).toBeVisible();
    await lab.answer('Allow once');
    expect(await heard(lab, cell)).toBe('sealed for somebody else');
  });
  const leftovers = (count: number) => `${thief}
def first_leftovers(prompt, real=getpass.getpass, left=[reply] * ${count}):
    return left.pop() if left else real(prompt)
getpass.getpass = first_leftovers`;
  await attack('two leftover replies before the true one', async () => {
    const cell = await start(
      lab,
      `get_credential("db") == ${JSON.stringify(DB.value)}`,
      leftovers(2)
    );
    await lab.answer('Allow once');
    expect(await heard(lab, cell)).toBe(true);
  });
  await attack('leftover replies without end', async () => {
    const cell = await lab.runToEnd(`${leftovers(99)}\nget_credential("db")`);
    await expect(cell.locator('.jp-OutputArea-output')).toContainText(
      'ProtocolError: '
    );
  });
});

test('two kernels that ask at once are asked about one after the other', async ({
  unlocked: lab,
  page,
  tmpPath
}) => {
  const paths = ['a', 'b'].map(name => `${tmpPath}/${name}.ipynb`);
  for (const path of paths) {
    await hostileNotebook(lab, path);
  }
  for (const path of paths) {
    await activate(lab, path);
    await lab.run(
      'while not Path("go").exists(): time.sleep(0.02)\nsaid = ask(Crafted())'
    );
  }
  await attack('two kernels at once', async () => {
    writeFileSync(join(WORK, tmpPath, 'go'), '');
    for (let i = 0; i < 2; i++) {
      const title = await lab.dialog.getByRole('heading').textContent();
      await lab.answer(title!.startsWith('a.ipynb') ? 'Allow once' : 'Deny');
    }
    expect(await dialogs(page)).toEqual({ most: 1, all: 2 });
    for (const [i, expected] of ['granted', 'denied'].entries()) {
      await activate(lab, paths[i]);
      expect(await hear(lab, 'said')).toBe(expected);
    }
  });
});

test('a restart that the page has not seen ends what was granted', async ({
  hostile: lab,
  page,
  request,
  baseURL
}) => {
  const kernel = () =>
    page.evaluateHandle(
      () =>
        (window.jupyterapp.shell.currentWidget as any).sessionContext.session
          .kernel
    );
  /** Restarts the kernel while the page has no connection to it, and does something meanwhile. */
  const restart = async (meanwhile = async () => {}) => {
    const connection = await kernel();
    const id = await connection.evaluate(one => {
      one._clearSocket();
      return one.id;
    });
    const done = await request.post(`${baseURL}/api/kernels/${id}/restart`);
    expect(done.ok()).toBe(true);
    await meanwhile();
    await connection.evaluate(one => one.reconnect());
  };
  /** All replies that reach this run without its having asked. */
  const leftovers = () =>
    hear(lab, '[status(Crafted(), text) for text in replies(9, 2)]');
  const replied = () => inputReplies(lab.traffic.frames).length;
  /** Nothing was given that would last. The panel may hear of the restart with this question only. */
  const asksAnew = async () => {
    const cell = await start(lab, 'ask(Crafted())');
    await expect(lab.dialog).toBeVisible();
    await lab.answer('Deny');
    expect(await heard(lab, cell)).toBe('denied');
  };
  await grant(lab);
  await attack('a grant, then a restart without the page', async () => {
    await restart();
    await rearm(lab);
    await asksAnew();
  });
  await attack('a restart while the person decides', async () => {
    await lab.run('ask(Crafted())');
    await expect(lab.dialog).toBeVisible();
    const before = replied();
    await restart();
    await expect(lab.dialog).toHaveCount(0);
    await rearm(lab);
    expect(replied()).toBe(before);
    expect(await leftovers()).toEqual([]);
    await asksAnew();
  });
  await attack('a click while a restart is under way', async () => {
    await lab.run('ask(Crafted())');
    await expect(lab.dialog).toBeVisible();
    const before = replied();
    await restart(() => lab.answer('Allow for this kernel'));
    await rearm(lab);
    expect(replied()).toBe(before);
    expect(await leftovers()).toEqual([]);
    await asksAnew();
  });
});

test('a kernel that dies takes its question with it', async ({
  hostile: lab,
  page
}) => {
  for (const [name, code] of [
    ['ends itself', 'threading.Timer(2, os._exit, [1]).start()'],
    [
      'is killed',
      'threading.Timer(2, os.kill, [os.getpid(), signal.SIGKILL]).start()'
    ]
  ]) {
    await attack(`a kernel that ${name} while the person decides`, async () => {
      // Not DB, which the kernel may read.
      await lab.run(
        `import signal, threading\n${code}\nask(Crafted(str, "another"))`
      );
      await expect(lab.dialog).toBeVisible();
      await expect(lab.dialog).toHaveCount(0);
      await page.getByRole('button', { name: 'Ok', exact: true }).click();
      await rearm(lab);
      await grant(lab);
      expect(await hear(lab, 'ask(Crafted())')).toBe('granted');
    });
  }
});

test('a kernel that is shut down takes its question with it', async ({
  hostile: lab,
  page,
  tmpPath
}) => {
  await attack(
    'a kernel that is shut down while the person decides',
    async () => {
      await lab.run('ask(Crafted(str, "another"))');
      await expect(lab.dialog).toBeVisible();
      const before = inputReplies(lab.traffic.frames).length;
      await page.evaluate(() =>
        (window.jupyterapp.shell.currentWidget as any).sessionContext.shutdown()
      );
      await expect(lab.dialog).toHaveCount(0);
      expect(inputReplies(lab.traffic.frames)).toHaveLength(before);
    }
  );
  // The next kernel asks as ever.
  await hostileNotebook(lab, `${tmpPath}/b.ipynb`);
  await grant(lab);
});

test('a kernel that stays dead takes its question with it', async ({
  unlocked: lab,
  page,
  request,
  baseURL,
  tmpPath
}) => {
  const where = `${tmpPath}/a.ipynb`;
  await page.addLocatorHandler(
    // What Lab says about a kernel that has died, once for each time.
    page.getByRole('button', { name: 'Ok', exact: true }),
    button => button.click(),
    { noWaitAfter: true }
  );
  const startup = join(HOME, '.ipython', 'profile_default', 'startup');
  mkdirSync(startup, { recursive: true });
  await hostileNotebook(lab, where);
  const sessions = await request.get(`${baseURL}/api/sessions`);
  const { kernel } = (await sessions.json()).find(
    ({ path }: { path: string }) => path === where
  );
  try {
    await attack(
      'a kernel that dies, and dies again at every start',
      async () => {
        // Whatever the server starts in its place.
        writeFileSync(join(startup, 'die.py'), 'import os; os._exit(1)');
        await lab.run(
          'import threading\nthreading.Timer(2, os._exit, [1]).start()\nask(Crafted(str, "another"))'
        );
        await expect(lab.dialog).toBeVisible();
        await expect(lab.dialog).toHaveCount(0);
        // The server has given up.
        const state = async () => {
          const found = await request.get(
            `${baseURL}/api/kernels/${kernel.id}`
          );
          return found.ok() ? (await found.json()).execution_state : 'dead';
        };
        await expect.poll(state, { timeout: 120_000 }).toBe('dead');
        await expect(lab.dialog).toHaveCount(0);
      }
    );
  } finally {
    rmSync(join(startup, 'die.py'));
  }
  await hostileNotebook(lab, `${tmpPath}/b.ipynb`);
  await grant(lab);
  expect(await hear(lab, 'ask(Crafted())')).toBe('granted');
});
