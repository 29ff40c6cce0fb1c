import { argon2id } from '@noble/hashes/argon2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { trueArgon2 } from '../testing/argon2';
import { loadArgon2, type Argon2 } from './argon2';
import { argon2InJavaScript } from './argon2-javascript';
import { utf8Encode } from './bytes';

// On a loaded machine.
jest.setTimeout(60_000);

let wasm: Argon2;
beforeAll(async () => {
  wasm = await trueArgon2();
});

const engines: [string, () => Argon2][] = [
  ['WebAssembly', () => wasm],
  ['JavaScript', () => argon2InJavaScript]
];

const derive = async (
  argon2: Argon2,
  password: string,
  salt: string,
  memory: number,
  passes: number
) =>
  bytesToHex(
    await argon2(utf8Encode(password), utf8Encode(salt), {
      memory,
      passes,
      lanes: 1
    })
  );

// The test cases of the reference implementation (P-H-C/phc-winner-argon2, src/test.c) for Argon2id,
// version 0x13, one lane.
const SMALL =
  '9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe';
const LARGE = [
  [
    'password',
    'somesalt',
    2,
    '09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7'
  ],
  [
    'differentpassword',
    'somesalt',
    2,
    '0b84d652cf6b0c4beaef0dfe278ba6a80df6696281d7e0d2891b817d8c458fde'
  ],
  [
    'password',
    'diffsalt',
    2,
    'bdf32b05ccc42eb15d58fd19b1f856b113da1e9a5874fdcc544308565aa8141c'
  ]
] as const;

describe.each(engines)('Argon2id by %s', (_, engine) => {
  it('gives the key of the reference implementation, time and again', async () => {
    for (let i = 0; i < 2; i++) {
      const key = await derive(engine(), 'password', 'somesalt', 256, 2);
      expect(key).toBe(SMALL);
    }
  });

  it('leaves the password to its owner', async () => {
    const password = utf8Encode('password');
    const parameters = { memory: 64, passes: 1, lanes: 1 } as const;
    await engine()(password, utf8Encode('somesalt'), parameters);
    expect(password).toEqual(utf8Encode('password'));
  });
});

describe('Argon2id by WebAssembly, 64 MiB', () => {
  it.each(LARGE)('%s, %s: the key of the reference', async (p, s, t, key) => {
    expect(await derive(wasm, p, s, 65536, t)).toBe(key);
  });
});

it('gives the same key by every engine', async () => {
  const parameters = fc.record({
    // Not only multiples of four, which is what Argon2 rounds down to.
    memory: fc.integer({ min: 8, max: 70 }),
    passes: fc.integer({ min: 1, max: 4 }),
    lanes: fc.constant(1 as const)
  });
  const password = fc.uint8Array({ minLength: 8, maxLength: 200 });
  const salt = fc.uint8Array({ minLength: 16, maxLength: 16 });
  await fc.assert(
    fc.asyncProperty(password, salt, parameters, async (p, s, options) => {
      const key = await argon2InJavaScript(p, s, options);
      expect(key).toHaveLength(32);
      expect(await wasm(p, s, options)).toEqual(key);
    }),
    { numRuns: 10 }
  );
});

it('takes more memory than it was given at first', async () => {
  // The reference implementation again, 256 MiB.
  expect(await derive(wasm, 'password', 'somesalt', 2 ** 18, 2)).toBe(
    '78fe1ec91fb3aa5657d72e710854e4c3d9b9198c742f9616c2f085bed95b2e8c'
  );
});

it('gives way to other work in JavaScript', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await derive(argon2InJavaScript, 'password', 'somesalt', 2048, 2);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(0);
});

const file = readFileSync(require.resolve('@phi-ag/argon2/argon2.wasm'));

it('the WebAssembly can reach nothing but its own memory', async () => {
  const module = await WebAssembly.compile(file);
  expect(WebAssembly.Module.imports(module)).toEqual([]);
});

it('rejects where there can be no WebAssembly, so that the caller falls back', async () => {
  await expect(loadArgon2(file.subarray(0, 100))).rejects.toThrow(
    WebAssembly.CompileError
  );
});

it('rejects if the memory cannot be had, so that the caller falls back', async () => {
  // As much as there can be, of which the file itself needs some.
  await expect(
    derive(wasm, 'password', 'somesalt', 2 ** 21, 1)
  ).rejects.toThrow('argon2 -22');
});

it('leaves neither passphrase nor key in its memory', async () => {
  let memory: WebAssembly.Memory | undefined;
  const instantiate = WebAssembly.instantiate.bind(WebAssembly);
  const spy = jest.spyOn(WebAssembly, 'instantiate');
  spy.mockImplementation((async (bytes: BufferSource, imports: object) => {
    const made = await instantiate(bytes, imports as WebAssembly.Imports);
    memory = made.instance.exports.memory as WebAssembly.Memory;
    return made;
  }) as never);
  const argon2 = await trueArgon2();
  spy.mockRestore();
  const password = utf8Encode('correct horse battery');
  const key = await argon2(password, new Uint8Array(16), {
    memory: 64,
    passes: 1,
    lanes: 1
  });
  const left = Buffer.from(memory!.buffer);
  expect(left.includes(Buffer.from(password))).toBe(false);
  expect(left.includes(Buffer.from(key))).toBe(false);
});

// RFC 9106 §5.3 has four lanes, a secret and associated data, none of which we use: it is put to the
// library itself. The WebAssembly takes none of them; it is held to the JavaScript above.
describe('RFC 9106', () => {
  const bytes = (length: number, value: number) =>
    new Uint8Array(length).fill(value);
  const password = bytes(32, 1);
  const salt = bytes(16, 2);
  const secret = bytes(8, 3);
  const ad = bytes(12, 4);
  const tag = hexToBytes(
    '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659'
  );

  it('by JavaScript', () => {
    const options = { m: 32, t: 3, p: 4, dkLen: 32 };
    expect(
      argon2id(password, salt, {
        ...options,
        key: secret,
        personalization: ad
      })
    ).toEqual(tag);
  });
});
