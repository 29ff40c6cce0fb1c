/** What every view gets: the model, the words, and what the panel can do outside itself. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { LabIcon } from '@jupyterlab/ui-components';
import type { IKernelGrants, IStore } from '../store/types';
import type { PanelModel } from './model';

export interface IMenuCommand {
  readonly label: string;
  readonly icon?: LabIcon;
  execute(): void;
}

export interface IPanelServices {
  /** Copy a secret; it leaves the clipboard by itself. False: it may stay there. */
  copySecret(text: string): Promise<boolean>;
  /** The same with a field's value, which the view, and what can see into it, does not get. */
  copyValue(id: string, field: number): Promise<boolean>;
  copyText(text: string): void;
  /** Tell a screen reader, politely. */
  announce(words: string): void;
  /** Write the call that reads an entry into the active cell; false: there is none. */
  insert(name: string): Promise<boolean>;
  /** The same into a cell of its own, of the notebook at hand; false: there is none. */
  insertCell(name: string): Promise<boolean>;
  /** Open a new notebook, to insert there; false: that is not possible here. */
  openNotebook(): Promise<boolean>;
  /** A message with an action, for ten seconds. */
  offerUndo(message: string, undo: () => void): void;
  openSettings(): void;
  /** What is done seldom, in a menu below the button. */
  openMenu(button: HTMLElement): void;
  /** A menu at a place in the window. `closed` comes before the command that was chosen. */
  openCommands(
    commands: readonly IMenuCommand[],
    at: { readonly x: number; readonly y: number },
    closed: () => void
  ): void;
  readonly kernelGrants: IKernelGrants;
}

export interface IViewContext extends IPanelServices {
  readonly model: PanelModel;
  readonly store: IStore;
  readonly trans: TranslationBundle;
}

/** What to tell a person of a failed operation. Never holds content. */
export function explain(error: unknown, trans: TranslationBundle): string {
  const { code, problem } = error as { code?: string; problem?: string };
  switch (code ?? problem) {
    case 'wrong-secret':
      return trans.__('That passphrase does not open this store.');
    case 'mistyped-code':
      return trans.__(
        'That is not a recovery code: check it for typing errors.'
      );
    case 'passphrase-length':
      return trans.__('A passphrase needs at least 8 characters.');
    case 'altered':
      return trans.__(
        'The file was altered: its contents do not fit its seal. Restore it from a backup (.bak1 beside it).'
      );
    case 'rolled-back':
    case 'replaced':
      return trans.__('Decide on the warning above first.');
    case 'name-taken':
      return trans.__('There is a credential of that name already.');
    case 'passphrase-changed':
      return trans.__(
        'The passphrase was changed elsewhere. Lock, and unlock with the new one.'
      );
    case 'no-file':
      return trans.__('There is no store here any more. Reload the page.');
    case 'stale':
      return trans.__(
        'This credential was changed or deleted elsewhere. Copy what you need, then open it again.'
      );
    case 'too-large':
      return trans.__('That is too large: a credential may have 1 MiB.');
    case 'locked':
      return trans.__(
        'The store is locked. Unlock it; what you typed is kept.'
      );
    case 'conflict':
      return trans.__(
        'Somebody else has made a store meanwhile. Reload the page.'
      );
    case 'disk-full':
      return trans.__(
        'The disk is full or your quota used up. Free some space and try again.'
      );
    case 'forbidden':
      return trans.__(
        'The server may not write the file. Check its permissions.'
      );
    case 'in-the-way':
      return trans.__(
        'Something else is at the store’s path on the server. Move it away, then try again.'
      );
    case 'logged-out':
      return trans.__(
        'You are logged out, or your server was stopped. Log in again in another tab, then try again.'
      );
    case 'copy-refused':
      return trans.__(
        'The browser did not let this page copy. Click into the page, and try again.'
      );
    case 'unreachable':
      return trans.__('The server does not answer. Try again when it is back.');
    default:
      return trans.__('That did not work. Nothing was lost; try again.');
  }
}
