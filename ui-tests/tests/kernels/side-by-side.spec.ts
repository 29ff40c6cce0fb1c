/** What else kernels do goes on as ever: inputs, interrupts, restarts, several documents. */
import { DB, expect, test } from '../support/fixtures';
import type { Lab } from '../support/lab';

const IMPORT = 'from kernel_connector import get_credential';

/** Run a command of Lab's, though a dialog is up. */
async function command(lab: Lab, id: string): Promise<void> {
  await lab.page.evaluate(
    id => void window.jupyterapp.commands.execute(id),
    id
  );
}

async function type(lab: Lab, prompt: string, text: string): Promise<void> {
  const box = lab.notebook
    .locator('.jp-Stdin')
    .filter({ hasText: prompt })
    .locator('.jp-Stdin-input');
  await box.fill(text);
  await box.press('Enter');
}

test('input() and getpass() between two requests get their boxes', async ({
  unlocked: lab,
  tmpPath
}) => {
  await lab.newNotebook(`${tmpPath}/a.ipynb`);
  await lab.runToEnd(`import getpass\n${IMPORT}`);
  const cell = await lab.run(
    [
      'a = get_credential("db")',
      'b = input("who? ")',
      'c = getpass.getpass("word? ")',
      'd = get_credential("db")',
      '(a == d, b, c)'
    ].join('\n')
  );
  await lab.answer('Allow for this kernel');
  await type(lab, 'who?', 'ada');
  await type(lab, 'word?', 'typed');
  await lab.ended(cell);
  await expect(
    cell.locator('.jp-OutputArea-executeResult .jp-OutputArea-output')
  ).toHaveText("(True, 'ada', 'typed')");
  const boxes = await lab.inputBoxes();
  expect(boxes).toHaveLength(2);
  expect(boxes[0]).toContain('who?');
  expect(boxes[1]).toContain('word?');
});

test('an interrupt takes the dialog away, and the kernel goes on', async ({
  unlocked: lab,
  tmpPath
}) => {
  await lab.newNotebook(`${tmpPath}/a.ipynb`);
  await lab.runToEnd(IMPORT);
  const cell = await lab.run('get_credential("db")');
  await expect(lab.dialog).toBeVisible();
  await command(lab, 'notebook:interrupt-kernel');
  await lab.ended(cell);
  await expect(cell.locator('.jp-OutputArea-output')).toContainText(
    'KeyboardInterrupt'
  );
  await expect(lab.dialog).toHaveCount(0);
  const next = await lab.run('get_credential("db") == input("?")');
  await lab.answer('Allow once');
  await type(lab, '?', DB.value);
  await expect(
    next.locator('.jp-OutputArea-executeResult .jp-OutputArea-output')
  ).toHaveText('True');
});

test('a restart takes the dialog and the grants away', async ({
  unlocked: lab,
  tmpPath
}) => {
  await lab.newNotebook(`${tmpPath}/a.ipynb`);
  await lab.runToEnd(IMPORT);
  const granted = await lab.run('len(get_credential("db"))');
  await lab.answer('Allow for this kernel');
  await lab.ended(granted);
  await lab.runToEnd('len(get_credential("db"))');

  await lab.run('get_credential("other")');
  await expect(lab.dialog).toBeVisible();
  await lab.page.evaluate(async () => {
    const { sessionContext } = window.jupyterapp.shell.currentWidget as any;
    await sessionContext.restartKernel();
  });
  await expect(lab.dialog).toHaveCount(0);
  await lab.kernelReady();
  await lab.runToEnd(IMPORT);
  await lab.run('len(get_credential("db"))');
  await expect(lab.dialog).toBeVisible();
  await lab.answer('Deny');
});

test('a dropped connection does not lose the answer', async ({
  unlocked: lab,
  tmpPath
}) => {
  await lab.newNotebook(`${tmpPath}/a.ipynb`);
  await lab.runToEnd(IMPORT);
  const cell = await lab.run('len(get_credential("db"))');
  await expect(lab.dialog).toBeVisible();
  await lab.page.evaluate(async () => {
    const { kernel } = (window.jupyterapp.shell.currentWidget as any)
      .sessionContext.session;
    await kernel.reconnect();
  });
  await lab.answer('Allow once');
  await expect(cell.locator('.jp-OutputArea-output')).toHaveText(
    String(DB.value.length)
  );
});

test('two documents on one kernel are two askers', async ({
  unlocked: lab,
  page,
  tmpPath
}) => {
  await lab.newNotebook(`${tmpPath}/a.ipynb`);
  await lab.runToEnd(IMPORT);
  const first = await lab.run('len(get_credential("db"))');
  await lab.answer('Allow for this kernel');
  await lab.ended(first);

  await page.evaluate(async () => {
    const { commands, shell } = window.jupyterapp;
    const { id } = (shell.currentWidget as any).sessionContext.session.kernel;
    const panel = await commands.execute('console:create', {
      kernelPreference: { id },
      activate: true
    });
    await panel.sessionContext.ready;
    await panel.sessionContext.session.kernel.info;
  });
  await lab.runInConsole('len(get_credential("db"))');
  await expect(lab.dialog.getByText('Console', { exact: true })).toBeVisible();
  await lab.answer('Allow once');
  await expect(
    page.locator('.jp-CodeConsole-content .jp-OutputArea-output').last()
  ).toHaveText(String(DB.value.length));
  expect(await lab.inputBoxes()).toEqual([]);
});

test('a page that closes denies what it was asked', async ({
  unlocked: lab,
  tmpPath
}) => {
  const path = `${tmpPath}/a.ipynb`;
  await lab.newNotebook(path);
  await lab.runToEnd(IMPORT);
  await lab.run(
    'try:\n  get_credential("db")\nexcept Exception as error:\n  what = repr(error)'
  );
  await expect(lab.dialog).toBeVisible();
  await lab.save();
  await lab.reload();
  await lab.openNotebook(path);
  const cell = await lab.run('what');
  await expect(cell.locator('.jp-OutputArea-output')).toContainText(
    'CredentialDenied'
  );
});

test('200 requests in one cell, and not one box', async ({
  unlocked: lab,
  tmpPath
}) => {
  await lab.newNotebook(`${tmpPath}/a.ipynb`);
  await lab.runToEnd(IMPORT);
  const cell = await lab.run(
    '{str(get_credential("db")) for _ in range(200)} == ' +
      `{${JSON.stringify(DB.value)}}`
  );
  await lab.answer('Allow for this kernel');
  await expect(cell.locator('.jp-OutputArea-output')).toHaveText('True');
  expect(await lab.inputBoxes()).toEqual([]);
});

test('background work is told why it cannot ask', async ({
  unlocked: lab,
  tmpPath
}) => {
  await lab.newNotebook(`${tmpPath}/a.ipynb`);
  const cell = await lab.run(
    [
      IMPORT,
      'import asyncio',
      'async def later():',
      '    await asyncio.sleep(0.5)',
      '    try:',
      '        get_credential("db")',
      '    except Exception as error:',
      '        global said',
      '        said = str(error)',
      'task = asyncio.ensure_future(later())'
    ].join('\n')
  );
  await lab.ended(cell);
  await lab.page.waitForTimeout(1500);
  const said = await lab.run('said');
  await expect(said.locator('.jp-OutputArea-output')).toContainText(
    'can only be asked for while a cell runs'
  );
});
