/** The sidebar's panel, and the commands that lead to it or act on the store. */
import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { Clipboard, ICommandPalette, Notification } from '@jupyterlab/apputils';
import { IConsoleTracker } from '@jupyterlab/console';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { MenuSvg } from '@jupyterlab/ui-components';
import { CommandIDs } from '../commands';
// Lab's start needs it, with the gate that it tells where the panel is.
// eslint-disable-next-line jupyter/prefer-lazy-imports
import { PanelShell } from '../panel/shell';
import { ISession, type Session } from '../session';
import { openCommandMenu } from './command-menu';
import { InsertCommand, obstacleTo } from './insert-command';
import { UndoOffers } from './undo';

const NO_ARGUMENTS = { args: { type: 'object', properties: {} } };

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
    const trackers = {
      notebooks,
      consoles,
      current: () => shell.currentWidget
    };
    const undos = new UndoOffers(Notification, trans.__('Undo'));
    session.lockChanged.connect(() => undos.dismissAll());

    const panel: PanelShell = new PanelShell(trans, async () => {
      const [{ CredentialsPanel, SecretClipboard }, store] = await Promise.all([
        import('../panel'),
        session.ready()
      ]);
      panel.showLock(store.state.kind);
      const clipboard = new SecretClipboard();
      const copySecret = (text: string) =>
        clipboard.copy(
          text,
          session.preferences.values.clipboardSeconds * 1000
        );
      return new CredentialsPanel(
        store,
        {
          copySecret,
          copyValue: async (id, field) =>
            copySecret(await store.reveal(id, field)),
          copyText: text => Clipboard.copyToSystem(text),
          announce: words => panel.announce(words),
          insert: async name =>
            (await import('../insert')).insertCall(name, trackers),
          insertCell: async name => {
            const { openCell, insertCall } = await import('../insert');
            return (
              (await openCell(notebooks, id => shell.activateById(id))) &&
              // There, whatever is in front by now.
              insertCall(name, { ...trackers, consoles: null })
            );
          },
          openNotebook: async () =>
            (await import('../insert')).openNotebook(
              commands,
              app.serviceManager.kernelspecs.specs?.default ?? ''
            ),
          offerUndo: (message, action) => undos.offer(message, action),
          openSettings: () =>
            // It searches titles; schema/plugin.json's is translated as this is.
            void commands.execute('settingeditor:open', {
              query: trans.__('Credentials')
            }),
          openMenu: button => openMenu(button),
          openCommands: (items, at, closed) =>
            void openCommandMenu(items, at, closed, session.lockChanged),
          kernelGrants: session.kernelGrants
        },
        trans
      );
    });
    shell.add(panel, 'left', { rank: 700, type: 'Credentials' });
    restorer?.add(panel, panel.id);

    let menu: MenuSvg | undefined;
    const openMenu = (button: HTMLElement) => {
      if (!menu) {
        menu = new MenuSvg({ commands });
        menu.addItem({ command: CommandIDs.add });
        menu.addItem({ command: CommandIDs.insert });
        menu.addItem({ command: CommandIDs.changePassphrase });
        menu.aboutToClose.connect(() =>
          button.querySelector<HTMLElement>('jp-button')?.focus()
        );
      }
      const { left, bottom } = button.getBoundingClientRect();
      menu.open(left, bottom);
    };
    const open = () => {
      shell.activateById(panel.id);
      return panel.panel();
    };
    const insertion = new InsertCommand({
      session,
      trackers,
      trans,
      open,
      // Behind a dialog it was not this panel that was unlocked.
      isOpen: () =>
        panel.isVisible && !document.querySelector('[aria-modal="true"]'),
      warn: message => Notification.warning(message)
    });
    commands.addCommand(CommandIDs.open, {
      describedBy: NO_ARGUMENTS,
      label: trans.__('Show Credentials'),
      caption: trans.__('Open the Credentials panel'),
      execute: async () => {
        await open();
      }
    });
    const name = {
      type: 'string',
      description: trans.__('Name of the credential')
    };
    commands.addCommand(CommandIDs.add, {
      describedBy: { args: { type: 'object', properties: { name } } },
      label: trans.__('Add Credential'),
      caption: trans.__('Add a credential to the store'),
      execute: async args => {
        (await open()).showAdd(nameIn(args) ?? '');
      }
    });
    commands.addCommand(CommandIDs.lock, {
      describedBy: NO_ARGUMENTS,
      label: trans.__('Lock Credentials'),
      caption: trans.__('Forget all keys and values now'),
      isEnabled: () => session.isUnlocked,
      execute: () => session.lock()
    });
    commands.addCommand(CommandIDs.unlock, {
      describedBy: NO_ARGUMENTS,
      label: trans.__('Unlock Credentials'),
      caption: trans.__('Enter the passphrase'),
      isEnabled: () => !session.isUnlocked,
      execute: async () => {
        await open();
      }
    });
    commands.addCommand(CommandIDs.changePassphrase, {
      describedBy: {
        args: { type: 'object', properties: { isPalette: { type: 'boolean' } } }
      },
      label: ({ isPalette }) =>
        isPalette
          ? trans.__('Change Passphrase of Credentials…')
          : trans.__('Change Passphrase…'),
      caption: trans.__('Encrypt everything anew under another passphrase'),
      isEnabled: () => session.isUnlocked,
      execute: async () => {
        (await open()).showPassphrase();
      }
    });
    commands.addCommand(CommandIDs.insert, {
      describedBy: { args: { type: 'object', properties: { name } } },
      label: () => {
        switch (obstacleTo(trackers)) {
          case 'document':
            return trans.__(
              'Insert Credential (open a notebook or console first)'
            );
          case 'cell':
            return trans.__('Insert Credential (select a code cell first)');
          default:
            return trans.__('Insert Credential');
        }
      },
      caption: trans.__('Write the call that reads a credential'),
      isEnabled: () => !obstacleTo(trackers),
      execute: async args => {
        await insertion.run(nameIn(args));
      }
    });
    const refresh = () => {
      for (const id of Object.values(CommandIDs)) {
        commands.notifyCommandChanged(id);
      }
    };
    session.lockChanged.connect(refresh);
    session.lockChanged.connect(() =>
      panel.showLock(session.store!.state.kind)
    );
    const refreshInsert = () =>
      commands.notifyCommandChanged(CommandIDs.insert);
    shell.currentChanged?.connect(refreshInsert);
    // Notebook 7's shell has one document, and tells nothing of it.
    notebooks?.currentChanged.connect(refreshInsert);
    consoles?.currentChanged.connect(refreshInsert);
    // Another cell, or the same as a text.
    notebooks?.activeCellChanged.connect(refreshInsert);
    for (const command of Object.values(CommandIDs)) {
      palette?.addItem({
        command,
        category: trans.__('Credentials'),
        args: { isPalette: true }
      });
    }
    // A renamed notebook keeps its grants.
    app.serviceManager.contents.fileChanged.connect((_, change) => {
      const { type, oldValue, newValue } = change;
      if (type === 'rename' && oldValue?.path && newValue?.path) {
        session.movePath(oldValue.path, newValue.path);
      }
    });
  }
};

function nameIn(args: { readonly name?: unknown }): string | undefined {
  return typeof args.name === 'string' ? args.name : undefined;
}
