/** Ids: of the plugin that has the settings, and of the commands. */
const PREFIX = 'jupyterlab-credential-store';

export const PLUGIN_ID = `${PREFIX}:plugin`;

export const CommandIDs = {
  open: `${PREFIX}:open-panel`,
  insert: `${PREFIX}:insert-credential`,
  add: `${PREFIX}:add-credential`,
  lock: `${PREFIX}:lock-store`,
  unlock: `${PREFIX}:unlock-store`,
  changePassphrase: `${PREFIX}:change-passphrase`
} as const;
