/**
 * The two workers' addresses. In a file of its own, since jest cannot read `import.meta`.
 */

/** The worker that holds the keys. */
export function spawnCustodian(): Worker {
  return new Worker(new URL('./custodian.worker.js', import.meta.url));
}
