/** Offers the names of credentials to the completer. */
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICompletionProviderManager } from '@jupyterlab/completer';
import { forgetCompletions } from '../insert/forget-completions';
import { NameCompletions } from '../insert/completion-provider';
import { ISession, type Session } from '../session';

export const completerPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-credential-store:completer',
  description:
    'Completes the names of credentials while the store is unlocked.',
  autoStart: true,
  requires: [ISession, ICompletionProviderManager],
  activate: (
    _: JupyterFrontEnd,
    session: Session,
    completers: ICompletionProviderManager
  ) => {
    completers.registerProvider(new NameCompletions(() => session.store));
    session.lockChanged.connect(() => {
      if (!session.isUnlocked) {
        forgetCompletions();
      }
    });
  }
};
