/** Joins the parts of the store for this page. */
import type { ServiceManager } from '@jupyterlab/services';
import { CustodianClient } from './custodian/client';
import { spawnCustodian } from './custodian/spawn';
import { gate } from './custodian/the-gate';
import { Storage } from './server';
import { LocalPin } from './store/pin';
import { CredentialStore, type Store } from './store/store';

export function makeStore(services: ServiceManager.IManager): Store {
  const { serverSettings, contents } = services;
  return new CredentialStore({
    storage: new Storage(serverSettings, contents),
    custodian: events =>
      new CustodianClient(
        {
          worker: spawnCustodian,
          inPage: async () => {
            const [{ host }, { Derivation }] = await Promise.all([
              import('./custodian/host'),
              import('./custodian/derivation')
            ]);
            return send => host(send, new Derivation());
          }
        },
        events,
        gate
      ),
    pins: ({ path }) =>
      new LocalPin(
        `jupyterlab-credential-store:pin:${serverSettings.baseUrl}:${path}`
      ),
    // Also true for localhost over http.
    secure: window.isSecureContext
  }).facade;
}
