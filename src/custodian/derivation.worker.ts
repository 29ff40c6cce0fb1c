/**
 * Derives one key and is then terminated, which frees the 64 MiB whatever the engine does with
 * them. Compiles at once, so that it is warm when the passphrase comes.
 */
import { loadArgon2, type WasmSource } from '../crypto/argon2';
import type { IArgon2Parameters } from '../crypto/argon2';

export interface IDerivationCall {
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly parameters: IArgon2Parameters;
}

/** `ready` before any call; then a key, or null if this worker cannot do it. */
export type DerivationMessage =
  { readonly ready: boolean } | { readonly key: Uint8Array | null };

const source =
  (url: URL): WasmSource =>
  async imports => {
    const response = await fetch(url);
    if (!response.ok) {
      throw new Error(`HTTP ${response.status}`);
    }
    return WebAssembly.instantiate(await response.arrayBuffer(), imports);
  };

const loading = loadArgon2(
  source(new URL('argon2id/dist/simd.wasm', import.meta.url)),
  source(new URL('argon2id/dist/no-simd.wasm', import.meta.url))
);

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
