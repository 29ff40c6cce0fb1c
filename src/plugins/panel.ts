/** The sidebar's panel: made at its first use, shown by commands, told of what happens in Lab. */
import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import { IConsoleTracker } from '@jupyterlab/console';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../commands';
import type { ITrackers } from '../insert/target';
// Lab's start needs it, with the gate that it tells where the panel is.
// eslint-disable-next-line jupyter/prefer-lazy-imports
import { PanelShell } from '../panel/shell';
import { ISession, type Session } from '../session';
import { InsertCommand } from './insert-command';
import { addCommands } from './panel-commands';

export const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-credential-store:panel',
  description: 'The Credentials panel and its commands.',
  autoStart: true,
  requires: [ISession],
  optional: [
    ILayoutRestorer,
    ICommandPalette,
    INotebookTracker,
    IConsoleTracker,
    ITranslator
  ],
  activate: (
    app: JupyterFrontEnd,
    session: Session,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    notebooks: INotebookTracker | null,
    consoles: IConsoleTracker | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load(
      'jupyterlab_credential_store'
    );
    const { commands, shell } = app;
    const trackers: ITrackers = {
      notebooks,
      consoles,
      current: () => shell.currentWidget
    };

    const panel: PanelShell = new PanelShell(trans, async () => {
      const [{ CredentialsPanel, SecretClipboard }, services, store] =
        await Promise.all([
          import('../panel'),
          import('./panel-services'),
          session.ready()
        ]);
      panel.showLock(store.state.kind);
      const clipboard = new SecretClipboard();
      const made = services.panelServices({
        app,
        session,
        store,
        trackers,
        trans,
        copy: (text, ms) => clipboard.copy(text, ms),
        announce: words => panel.announce(words)
      });
      return new CredentialsPanel(store, made, trans);
    });
    shell.add(panel, 'left', { rank: 700, type: 'Credentials' });
    restorer?.add(panel, panel.id);
    session.lockChanged.connect(() =>
      panel.showLock(session.store!.state.kind)
    );

    const open = () => {
      shell.activateById(panel.id);
      return panel.panel();
    };
    const insertion = new InsertCommand({
      session,
      trackers,
      trans,
      open,
      warn: message => Notification.warning(message)
    });
    const insert = (name?: string) => insertion.run(name);
    addCommands(commands, { session, trackers, trans, open, insert });
    for (const command of Object.values(CommandIDs)) {
      palette?.addItem({
        command,
        category: trans.__('Credentials'),
        args: { isPalette: true }
      });
    }
    keepEnabled(app, session, trackers);

    // A renamed notebook keeps its grants.
    app.serviceManager.contents.fileChanged.connect((_, change) => {
      const { type, oldValue, newValue } = change;
      if (type === 'rename' && oldValue?.path && newValue?.path) {
        session.movePath(oldValue.path, newValue.path);
      }
    });
  }
};

/** Menus and the palette ask anew whether the commands are enabled. */
function keepEnabled(
  { commands, shell }: JupyterFrontEnd,
  session: Session,
  { notebooks, consoles }: ITrackers
): void {
  session.lockChanged.connect(() => {
    for (const id of Object.values(CommandIDs)) {
      commands.notifyCommandChanged(id);
    }
  });
  const refreshInsert = () => commands.notifyCommandChanged(CommandIDs.insert);
  shell.currentChanged?.connect(refreshInsert);
  // Notebook 7's shell has one document, and tells nothing of it.
  notebooks?.currentChanged.connect(refreshInsert);
  consoles?.currentChanged.connect(refreshInsert);
  // Another cell, or the same as a text.
  notebooks?.activeCellChanged.connect(refreshInsert);
}
