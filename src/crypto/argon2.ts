/**
 * Argon2id (RFC 9106, version 0x13, 32 bytes out): openpgpjs's WebAssembly, and noble's
 * JavaScript where a Content Security Policy forbids WebAssembly.
 */
import { argon2idAsync } from '@noble/hashes/argon2.js';
import setupWasm from 'argon2id/lib/setup.js';

export interface IArgon2Parameters {
  /** KiB */
  readonly memory: number;
  readonly passes: number;
  readonly lanes: 1;
}

export type Argon2 = (
  password: Uint8Array,
  salt: Uint8Array,
  parameters: IArgon2Parameters
) => Promise<Uint8Array>;

/** Gives an instance of argon2id's `dist/simd.wasm` or `dist/no-simd.wasm`. */
export type WasmSource = (
  imports: WebAssembly.Imports
) => Promise<WebAssembly.WebAssemblyInstantiatedSource>;

/**
 * Compiles, and allocates 65 MiB: worth doing while the person types.
 *
 * @throws WebAssembly.CompileError, or what `fetch` throws, where it cannot be had.
 */
export async function loadArgon2(
  simd: WasmSource,
  plain: WasmSource
): Promise<Argon2> {
  const compute = await setupWasm(simd, plain);
  return async (password, salt, { memory, passes, lanes }) =>
    compute({
      password,
      salt,
      memorySize: memory,
      passes,
      parallelism: lanes,
      tagLength: 32
    });
}

/** Five times as slow; gives way to other work every 10 ms. */
export const argon2InJavaScript: Argon2 = (
  password,
  salt,
  { memory, passes, lanes }
) =>
  argon2idAsync(password, salt, {
    m: memory,
    t: passes,
    p: lanes,
    dkLen: 32,
    asyncTick: 10
  });
