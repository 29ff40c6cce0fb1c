/** Answers kernels: the hook is set when Lab starts, the rest is loaded with the first request. */
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { IConsoleTracker } from '@jupyterlab/console';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../commands';
import { intercept } from '../kernel/interceptor';
import { ISession, type Session } from '../session';
import { KernelStarts } from '../kernel/starts';
import type { RequestQueue } from '../kernel/request-queue';

export const kernelPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-credential-store:kernel',
  description: 'Answers the kernels’ requests for credentials.',
  autoStart: true,
  requires: [ISession],
  optional: [INotebookTracker, IConsoleTracker, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    session: Session,
    notebooks: INotebookTracker | null,
    consoles: IConsoleTracker | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load(
      'jupyterlab_credential_store'
    );
    const { sessions } = app.serviceManager;
    const starts = new KernelStarts(() => sessions.running());
    let queue: Promise<RequestQueue> | undefined;
    const load = async (): Promise<RequestQueue> => {
      const [store, { makeQueue }] = await Promise.all([
        session.ready(),
        import('../kernel')
      ]);
      const made = makeQueue({
        store,
        grants: session.kernelGrants,
        trans,
        notebooks,
        consoles,
        activate: widget => app.shell.activateById(widget.id),
        startOf: connection => starts.of(connection),
        preferences: () => {
          const { armingDelay, defaultConsent } = session.preferences.values;
          return { armingDelayMs: armingDelay, defaultConsent };
        },
        noStore: name =>
          Notification.warning(
            trans.__(
              '%1 asks for a credential, but there is no store that could be read.',
              name
            ),
            {
              actions: [
                {
                  label: trans.__('Show Credentials'),
                  callback: () => void app.commands.execute(CommandIDs.open)
                }
              ]
            }
          )
      });
      window.addEventListener('pagehide', () => made.closeAll());
      return made;
    };
    intercept(
      async (connection, message) => {
        queue ??= load();
        let made: RequestQueue;
        try {
          // Not `then`, which a script in an output may have replaced.
          made = await queue;
        } catch {
          queue = undefined;
          // Nothing could be loaded: a kernel must not wait for ever.
          connection.sendInputReply(
            { status: 'ok', value: '' },
            message.header
          );
          return;
        }
        await made.handle(connection, message);
      },
      connection => starts.watch(connection)
    );
  }
};
