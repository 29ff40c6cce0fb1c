/** The Argon2id that the page's worker runs, for specs. */
import { readFileSync } from 'node:fs';
import { loadArgon2, type Argon2 } from '../crypto/argon2';

export function trueArgon2(): Promise<Argon2> {
  return loadArgon2(
    readFileSync(require.resolve('@phi-ag/argon2/argon2.wasm'))
  );
}
