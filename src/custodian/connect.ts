/**
 * The way from this page to its custodian. Loaded when Lab starts, not with the store: a script that
 * runs before the store is used could put something else in its place.
 */
import { CustodianClient, type ICustodianEvents } from './client';
import { startWorker } from './natives';
import { CUSTODIAN } from './spawn';
import { gate } from './the-gate';

export function connect(events: ICustodianEvents): CustodianClient {
  return new CustodianClient(
    {
      worker: () => startWorker(CUSTODIAN),
      inPage: async () => {
        const [{ host }, { Derivation }] = await Promise.all([
          import('./host'),
          import('./derivation')
        ]);
        return send => host(send, new Derivation());
      }
    },
    events,
    gate
  );
}
