/** Ids of the commands; their words are given where they are registered. */
const PREFIX = 'jupyterlab-credential-store';

export const CommandIDs = {
  open: `${PREFIX}:open-panel`,
  insert: `${PREFIX}:insert-credential`,
  add: `${PREFIX}:add-credential`,
  lock: `${PREFIX}:lock-store`,
  unlock: `${PREFIX}:unlock-store`
} as const;
