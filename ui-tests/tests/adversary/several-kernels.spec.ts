/** Answers that reach the wrong kernel, and kernels that ask at once. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attack } from '../support/attack';
import { DB, expect, test } from '../support/fixtures';
import {
  countDialogs,
  dialogs,
  grant,
  hear,
  heard,
  hostileNotebook,
  start
} from '../support/hostile';
import type { Lab } from '../support/lab';
import { WORK } from '../support/run';

test.describe.configure({ timeout: 240_000 });
test.beforeEach(({ page }) => countDialogs(page));

/** Bring a notebook to the front, though its kernel is busy. */
async function activate({ page }: Lab, path: string): Promise<void> {
  await page.evaluate(async path => {
    await window.jupyterapp.commands.execute('docmanager:open', { path });
  }, path);
}

test('what one kernel was granted is of no use to another', async ({
  unlocked: lab,
  tmpPath
}) => {
  await hostileNotebook(lab, `${tmpPath}/a.ipynb`);
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
