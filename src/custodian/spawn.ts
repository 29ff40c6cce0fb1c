/**
 * Where the worker that holds the keys is loaded from, found out when Lab starts. In a file of its
 * own, since jest cannot read `import.meta`.
 */
import { workerAddress } from './natives';

export const CUSTODIAN = workerAddress(
  () => new Worker(new URL('./custodian.worker.js', import.meta.url))
);
