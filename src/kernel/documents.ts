/** Which document a kernel connection belongs to, from the page's own state. */
import type { IConsoleTracker } from '@jupyterlab/console';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel } from '@jupyterlab/services';
import type { Widget } from '@lumino/widgets';
import type { IDocument } from './request-queue';

interface ITrackers {
  readonly notebooks: INotebookTracker | null;
  readonly consoles: IConsoleTracker | null;
  activate(widget: Widget): void;
  /** When a kernel was started, if that is known. */
  startOf(connection: Kernel.IKernelConnection): number | undefined;
  readonly unknown: string;
}

export function describe(
  connection: Kernel.IKernelConnection,
  { notebooks, consoles, activate, startOf, unknown }: ITrackers
): IDocument {
  const kernelSince = startOf(connection);
  const from = (
    widget: Widget | undefined | null,
    context: ISessionContext | undefined,
    kind: 'notebook' | 'console'
  ): IDocument | null =>
    widget && context
      ? {
          path: context.path,
          name: context.name || context.path,
          kind,
          kernelName: context.kernelDisplayName,
          kernelSince,
          show: () => activate(widget),
          // It may wait for its turn to ask.
          get isVisible() {
            return widget.isVisible;
          }
        }
      : null;
  // The connection itself tells two documents on one kernel apart; its id is the second best.
  for (const same of [
    (k?: Kernel.IKernelConnection | null) =>
      k?.clientId === connection.clientId,
    (k?: Kernel.IKernelConnection | null) => k?.id === connection.id
  ]) {
    const notebook = notebooks?.find(w =>
      same(w.sessionContext.session?.kernel)
    );
    const console = consoles?.find(w => same(w.sessionContext.session?.kernel));
    const found =
      from(notebook, notebook?.sessionContext, 'notebook') ??
      from(console, console?.sessionContext, 'console');
    if (found) {
      return found;
    }
  }
  return {
    path: `kernel:${connection.id}`,
    name: unknown,
    kind: 'unknown',
    kernelName: connection.name,
    kernelSince,
    show: () => undefined,
    isVisible: true
  };
}
