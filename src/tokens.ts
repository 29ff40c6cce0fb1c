/**
 * What other extensions may use. It tells states and opens dialogs; it hands out no values.
 */
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

export const ICredentialStore = new Token<ICredentialStore>(
  'jupyterlab-credential-store:ICredentialStore',
  'The credential store: whether it is unlocked, and how to lock it.'
);

export interface ICredentialStore {
  /** Whether credentials can be read now. */
  readonly isUnlocked: boolean;
  /** Emitted with the new value of `isUnlocked`. */
  readonly lockChanged: ISignal<ICredentialStore, boolean>;
  /** Forget all keys and values now. */
  lock(): Promise<void>;
}
