/** Plugins that make the session and tell other extensions of it. */
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { PLUGIN_ID } from '../commands';
import { Preferences } from '../preferences';
import { ISession, Session } from '../session';
import { ICredentialStore } from '../tokens';

export const sessionPlugin: JupyterFrontEndPlugin<Session> = {
  id: PLUGIN_ID,
  description: 'The page’s credential store and its settings.',
  autoStart: true,
  provides: ISession,
  optional: [ISettingRegistry],
  activate: (app: JupyterFrontEnd, settings: ISettingRegistry | null) => {
    const preferences = new Preferences();
    void settings?.load(PLUGIN_ID).then(
      loaded => preferences.follow(loaded),
      () => undefined
    );
    return new Session(app.serviceManager, preferences);
  }
};

export const apiPlugin: JupyterFrontEndPlugin<ICredentialStore> = {
  id: 'jupyterlab-credential-store:api',
  description: 'Tells other extensions whether the store is unlocked.',
  autoStart: true,
  requires: [ISession],
  provides: ICredentialStore,
  activate: (_: JupyterFrontEnd, session: Session): ICredentialStore => session
};
