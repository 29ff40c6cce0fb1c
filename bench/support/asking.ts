/** A notebook whose kernel asks this page: us for a credential, or anybody by `getpass`. */
import type { Lab } from './test';

/** What the page answers at once, without a box, as soon as the message is there. */
export const PROMPT = 'bench';

/** A notebook that may read the first credential, and in which `getpass` is answered. */
export async function grantedNotebook(lab: Lab): Promise<void> {
  await lab.newNotebook('bench.ipynb');
  const cell = await lab.run(
    'import json, time, getpass\n' +
      'from kernel_connector import get_credential\n' +
      'NAME = "mail-berlin-00000"\n' +
      'asked = get_credential(NAME)'
  );
  await lab.answer('Allow for this kernel');
  await lab.ended(cell);
  await lab.page.evaluate(prompt => {
    const { kernel } = (window.jupyterapp.shell.currentWidget as any)
      .sessionContext.session;
    kernel.anyMessage.connect((_: unknown, { msg, direction }: any) => {
      if (
        direction === 'recv' &&
        msg.header.msg_type === 'input_request' &&
        msg.content.prompt === prompt
      ) {
        kernel.sendInputReply({ status: 'ok', value: 'typed' }, msg.header);
      }
    });
  }, PROMPT);
}

/** Run code in a cell that draws no input boxes; gives what it prints. */
export async function ask(lab: Lab, code: string): Promise<string> {
  await lab.page.evaluate(() => {
    const panel = window.jupyterapp.shell.currentWidget as any;
    const { kernel } = panel.sessionContext.session;
    const { outputArea } = panel.content.widgets.at(-1);
    outputArea.onInputRequest = () => kernel.removeInputGuard();
  });
  const cell = await lab.run(code);
  await cell
    .locator('.jp-OutputArea-output')
    .waitFor({ state: 'attached', timeout: 120_000 });
  await lab.ended(cell);
  return (await cell.locator('.jp-OutputArea-output').textContent())!;
}

/** Otherwise it stays with the server. */
export async function endKernel({ page }: Lab): Promise<void> {
  await page.evaluate(() =>
    (window.jupyterapp.shell.currentWidget as any).sessionContext.shutdown()
  );
}
