/**
 * Argon2id (RFC 9106, version 0x13, 32 bytes out) by the reference implementation, which
 * @phi-ag/argon2 compiles to WebAssembly. Of that package only the compiled file is used: it imports
 * nothing, so all it can do is to compute.
 */
import { wipe } from './bytes';

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

/** What `argon2.h` of P-H-C/phc-winner-argon2 calls them. */
const TYPE_ARGON2ID = 2;
const VERSION_13 = 0x13;
const KEY_BYTES = 32;

interface IReference {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  malloc(bytes: number): number;
  free(address: number): void;
  argon2_hash(
    passes: number,
    memory: number,
    lanes: number,
    password: number,
    passwordBytes: number,
    salt: number,
    saltBytes: number,
    hash: number,
    hashBytes: number,
    encoded: 0,
    encodedBytes: 0,
    type: number,
    version: number
  ): number;
}

/**
 * Compiles.
 *
 * @param wasm - The bytes of `@phi-ag/argon2/argon2.wasm`.
 * @throws WebAssembly.CompileError where WebAssembly is forbidden, or lacks SIMD.
 */
export async function loadArgon2(wasm: BufferSource): Promise<Argon2> {
  const { instance } = await WebAssembly.instantiate(wasm, {});
  const reference = instance.exports as unknown as IReference;
  reference._initialize();
  return async (password, salt, parameters) =>
    derive(reference, password, salt, parameters);
}

/** @throws Error with the reference's code, if the memory cannot be had. */
function derive(
  reference: IReference,
  password: Uint8Array,
  salt: Uint8Array,
  { memory, passes, lanes }: IArgon2Parameters
): Uint8Array {
  const length = password.length + salt.length + KEY_BYTES;
  const start = reference.malloc(length);
  // Looked at anew each time: the buffer is another once the memory has grown.
  const room = () => new Uint8Array(reference.memory.buffer, start, length);
  try {
    room().set(password);
    room().set(salt, password.length);
    const code = reference.argon2_hash(
      passes,
      memory,
      lanes,
      start,
      password.length,
      start + password.length,
      salt.length,
      start + length - KEY_BYTES,
      KEY_BYTES,
      0,
      0,
      TYPE_ARGON2ID,
      VERSION_13
    );
    if (code !== 0) {
      throw new Error(`argon2 ${code}`);
    }
    return room().slice(-KEY_BYTES);
  } finally {
    wipe(room());
    reference.free(start);
  }
}
