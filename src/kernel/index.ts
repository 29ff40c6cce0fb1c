/** What is loaded with the first request: the queue, the dialog, and who asks. */
import type { IConsoleTracker } from '@jupyterlab/console';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';
import { gate } from '../custodian/the-gate';
import type { IStore } from '../store/types';
import { askConsent } from './consent-dialog';
import type { IConsentOptions } from './consent-view';
import { describe } from './documents';
import type { KernelGrants } from './grants';
import { RequestQueue } from './request-queue';
import { visibleText } from './visible-text';

export function makeQueue(options: {
  store: IStore;
  grants: KernelGrants;
  trans: TranslationBundle;
  notebooks: INotebookTracker | null;
  consoles: IConsoleTracker | null;
  activate(widget: Widget): void;
  startOf(connection: Kernel.IKernelConnection): number | undefined;
  preferences(): IConsentOptions;
  noStore(name: string): void;
}): RequestQueue {
  const { store, grants, trans, notebooks, consoles } = options;
  const { activate, startOf } = options;
  const unknown = trans.__('An unknown document');
  return new RequestQueue({
    store,
    grants,
    describe: connection =>
      describe(connection, {
        notebooks,
        consoles,
        activate,
        startOf,
        unknown
      }),
    ask: question =>
      askConsent(question, store, options.preferences(), trans, gate.present),
    noStore: ({ name }) => options.noStore(visibleText(name))
  });
}
