/** Argon2id by noble's JavaScript, for where a Content Security Policy forbids WebAssembly. */
import { argon2idAsync } from '@noble/hashes/argon2.js';
import type { Argon2 } from './argon2';

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
