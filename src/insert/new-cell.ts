/** A cell of its own for a call, where what a person has written stays as it is. */
import type { INotebookTracker } from '@jupyterlab/notebook';

/**
 * Make an empty code cell active, in front: the active one, or a new one below it. Resolves when it
 * can be written to.
 *
 * @param show - Bring a document to the front.
 * @returns Whether there is a notebook for it.
 */
export async function openCell(
  notebooks: INotebookTracker | null,
  show: (id: string) => void
): Promise<boolean> {
  const notebook = notebooks?.currentWidget;
  const { content } = notebook ?? {};
  const model = content?.model;
  if (!notebook || !content || !model || model.readOnly) {
    return false;
  }
  show(notebook.id);
  const { activeCell, activeCellIndex } = content;
  if (
    activeCell?.model.type !== 'code' ||
    activeCell.model.sharedModel.getSource().trim()
  ) {
    const at = activeCell ? activeCellIndex + 1 : 0;
    model.sharedModel.insertCell(at, {
      cell_type: 'code',
      metadata: { trusted: true }
    });
    content.activeCellIndex = at;
    content.deselectAll();
  }
  const cell = content.activeCell!;
  await content.scrollToCell(cell);
  await cell.ready;
  return true;
}
