/** Joins the parts of the store for this page. */
import type { ServiceManager } from '@jupyterlab/services';
import type { connect } from './custodian/connect';
import { Storage } from './server';
import { LocalPin } from './store/pin';
import { CredentialStore, type Store } from './store/store';

export function makeStore(
  services: ServiceManager.IManager,
  custodian: typeof connect
): Store {
  const { serverSettings, contents } = services;
  return new CredentialStore({
    storage: new Storage(serverSettings, contents),
    custodian,
    pins: ({ path }) =>
      new LocalPin(
        `jupyterlab-credential-store:pin:${serverSettings.baseUrl}:${path}`
      ),
    // Also true for localhost over http.
    secure: window.isSecureContext
  }).facade;
}
