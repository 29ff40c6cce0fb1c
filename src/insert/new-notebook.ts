/** A new notebook, for a call that has no cell to be written to. */
import type { NotebookPanel } from '@jupyterlab/notebook';

/** How long a kernel may take to tell its language, in ms. */
const READY_MS = 15_000;
/** A cell's type before its language is known. */
const NO_LANGUAGE = 'text/plain';

const COMMAND = 'notebook:create-new';

export interface INotebookMaker {
  hasCommand(id: string): boolean;
  execute(id: string, args: { kernelName: string }): Promise<unknown>;
}

/**
 * Resolves when its cell can be written to.
 *
 * @param kernelName - Empty: the person chooses.
 * @returns Whether there is one now.
 */
export async function openNotebook(
  commands: INotebookMaker,
  kernelName: string
): Promise<boolean> {
  if (!commands.hasCommand(COMMAND)) {
    return false;
  }
  // Another front end may open it in a page of its own.
  const made = await commands.execute(COMMAND, { kernelName });
  const notebook = made as Partial<NotebookPanel> | undefined;
  if (!notebook?.content || !notebook.context) {
    return false;
  }
  await notebook.context.ready;
  const cell = notebook.content.activeCell;
  if (!cell) {
    return false;
  }
  await cell.ready;
  const { model } = cell;
  if (model.mimeType === NO_LANGUAGE) {
    // What is to be imported depends on it.
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, READY_MS);
      model.mimeTypeChanged.connect(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
  return true;
}
