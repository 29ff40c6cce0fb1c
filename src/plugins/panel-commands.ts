/** The commands that lead to the panel or act on the store: names, labels, when they are enabled. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { CommandIDs } from '../commands';
import type { ITrackers } from '../insert/target';
import type { CredentialsPanel } from '../panel';
import type { Session } from '../session';
import { obstacleTo } from './insert-command';

const NO_ARGUMENTS = { args: { type: 'object', properties: {} } };

export function addCommands(
  commands: CommandRegistry,
  options: {
    readonly session: Session;
    readonly trackers: ITrackers;
    readonly trans: TranslationBundle;
    /** Show the panel. */
    open(): Promise<CredentialsPanel>;
    /** @param name - Absent: the person picks one. */
    insert(name?: string): Promise<void>;
  }
): void {
  const { session, trackers, trans, open, insert } = options;
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
      await insert(nameIn(args));
    }
  });
}

function nameIn(args: { readonly name?: unknown }): string | undefined {
  return typeof args.name === 'string' ? args.name : undefined;
}
