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

/** Run code in a cell that draws no input boxes; gives the first that it prints. */
export async function ask(lab: Lab, code: string): Promise<string> {
  const area = await lab.page.evaluateHandle(() => {
    const panel = window.jupyterapp.shell.currentWidget as any;
    const { kernel } = panel.sessionContext.session;
    const { outputArea } = panel.content.widgets.at(-1);
    outputArea.onInputRequest = () => kernel.removeInputGuard();
    return outputArea;
  });
  await lab.run(code);
  // Not by looking again and again: that would disturb what is measured.
  const output = await area.evaluate(
    ({ model }) =>
      new Promise<{ text?: string; evalue?: string }>(resolve => {
        const look = () => model.length && resolve(model.get(0).toJSON());
        model.changed.connect(look);
        look();
      })
  );
  if (output.text === undefined) {
    throw new Error(output.evalue);
  }
  return output.text;
}

/** Otherwise it stays with the server. */
export async function endKernel({ page }: Lab): Promise<void> {
  await page.evaluate(() =>
    (window.jupyterapp.shell.currentWidget as any).sessionContext.shutdown()
  );
}
