/**
 * The address of the worker that derives a key. In a file of its own, since jest cannot read
 * `import.meta`.
 */
export function spawnDerivation(): Worker {
  return new Worker(new URL('./derivation.worker.js', import.meta.url));
}
