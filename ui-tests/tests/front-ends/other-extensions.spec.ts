/** Another extension runs code of its own, and answers what that code asks: it is not asked for ours. */
import { DB, expect, test } from '../support/fixtures';

const CODE = `
from kernel_connector import get_credential
value = get_credential("db")
print(len(value), input("plain "))`;

test.describe.configure({ timeout: 120_000 });

for (const [whose, isClone] of [
  ['the notebook’s connection', false],
  ['a connection of its own', true]
] as const) {
  test(`code that is run through ${whose} gets its credential from the dialog`, async ({
    unlocked: lab,
    page,
    tmpPath
  }) => {
    await lab.newNotebook(`${tmpPath}/a.ipynb`);
    const run = await page.evaluateHandle(
      ([code, isClone]) => {
        const app = window.jupyterapp;
        const { kernel } = (app.shell.currentWidget as any).sessionContext
          .session;
        const connection = isClone
          ? app.serviceManager.kernels.connectTo({ model: kernel.model })
          : kernel;
        const heard: string[] = [];
        const printed: string[] = [];
        const future = connection.requestExecute({ code, allow_stdin: true });
        future.onStdin = ({ header, content }: any) => {
          heard.push(content.prompt);
          connection.sendInputReply({ status: 'ok', value: 'typed' }, header);
        };
        future.onIOPub = ({ content }: any) => {
          printed.push(content.text ?? content.evalue ?? '');
        };
        return { heard, printed, done: future.done };
      },
      [CODE, isClone] as const
    );
    await expect(
      lab.dialog.getByRole('heading', { name: /asks for “db”/ })
    ).toBeVisible();
    await lab.answer('Allow once');
    const { heard, printed } = await run.evaluate(
      async ({ heard, printed, done }) => {
        await done;
        return { heard, printed: printed.join('') };
      }
    );
    expect(heard).toEqual(['plain ']);
    expect(printed).toBe(`${DB.value.length} typed\n`);
    expect(await lab.inputBoxes()).toEqual([]);
    // The kernel goes on with its notebook.
    const next = await lab.runToEnd(`value == ${JSON.stringify(DB.value)}`);
    await expect(next.locator('.jp-OutputArea-output')).toHaveText('True');
  });
}
