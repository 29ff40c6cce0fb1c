/**
 * Derives one key and is then terminated, which frees the 64 MiB. Compiles at once and asks for the
 * memory, so that both are there when the passphrase comes.
 */
import {
  loadArgon2,
  type Argon2,
  type IArgon2Parameters
} from '../crypto/argon2';

export interface IDerivationCall {
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly parameters: IArgon2Parameters;
}

/** `ready` before any call; then a key, or null if this worker cannot do it. */
export type DerivationMessage =
  { readonly ready: boolean } | { readonly key: Uint8Array | null };

/** One pass over the memory that a store of today needs. */
const REHEARSAL = { memory: 65_536, passes: 1, lanes: 1 } as const;

const loading = load(new URL('@phi-ag/argon2/argon2.wasm', import.meta.url));

async function load(address: URL): Promise<Argon2> {
  const response = await fetch(address);
  if (!response.ok) {
    throw new Error(`HTTP ${response.status}`);
  }
  const argon2 = await loadArgon2(await response.arrayBuffer());
  await argon2(new Uint8Array(8), new Uint8Array(16), REHEARSAL);
  return argon2;
}

const answer = (message: DerivationMessage) => self.postMessage(message);

loading.then(
  () => answer({ ready: true }),
  () => answer({ ready: false })
);

self.onmessage = async ({ data }: MessageEvent<IDerivationCall>) => {
  try {
    const argon2 = await loading;
    answer({ key: await argon2(data.password, data.salt, data.parameters) });
  } catch {
    answer({ key: null });
  } finally {
    data.password.fill(0);
  }
};
