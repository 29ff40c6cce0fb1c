/** What the panel can do outside itself, by Lab's own means. */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Clipboard, Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { MenuSvg } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import { CommandIDs } from '../commands';
import type { ITrackers } from '../insert/target';
import type { IPanelServices } from '../panel';
import type { Session } from '../session';
import type { IStore } from '../store/types';
import { openCommandMenu } from './command-menu';
import { UndoOffers } from './undo';

/** In the panel's menu: what is done seldom. */
const SELDOM = [
  CommandIDs.add,
  CommandIDs.insert,
  CommandIDs.changePassphrase
] as const;

export function panelServices(options: {
  readonly app: JupyterFrontEnd;
  readonly session: Session;
  readonly store: IStore;
  readonly trackers: ITrackers;
  readonly trans: TranslationBundle;
  /** Copies a secret, for as long as the settings say, in ms. */
  copy(text: string, ms: number): Promise<boolean>;
  announce(words: string): void;
}): IPanelServices {
  const { app, session, store, trackers, trans, announce } = options;
  const { commands, shell } = app;
  const undos = new UndoOffers(Notification, trans.__('Undo'));
  session.lockChanged.connect(() => undos.dismissAll());
  const copySecret = (text: string) =>
    options.copy(text, session.preferences.values.clipboardSeconds * 1000);
  return {
    copySecret,
    copyValue: async (id, field) => copySecret(await store.reveal(id, field)),
    copyText: text => Clipboard.copyToSystem(text),
    announce,
    insert: async name =>
      (await import('../insert')).insertCall(name, trackers),
    insertCell: async name => {
      const { openCell, insertCall } = await import('../insert');
      const { notebooks } = trackers;
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
    openMenu: menuOf(commands),
    openCommands: (items, at, closed) =>
      void openCommandMenu(items, at, closed, session.lockChanged),
    kernelGrants: session.kernelGrants
  };
}

/** @returns What opens it below a button. */
function menuOf(commands: CommandRegistry): (button: HTMLElement) => void {
  let menu: MenuSvg | undefined;
  return button => {
    if (!menu) {
      menu = new MenuSvg({ commands });
      for (const command of SELDOM) {
        menu.addItem({ command });
      }
      menu.aboutToClose.connect(() =>
        button.querySelector<HTMLElement>('jp-button')?.focus()
      );
    }
    const { left, bottom } = button.getBoundingClientRect();
    menu.open(left, bottom);
  };
}
