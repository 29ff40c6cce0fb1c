import { argon2id } from '@noble/hashes/argon2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { readFileSync } from 'fs';
import { argon2InJavaScript, type Argon2, type WasmSource } from './argon2';
import { utf8Encode } from './bytes';

// On a loaded machine.
jest.setTimeout(60_000);

const load =
  (file: string): WasmSource =>
  async imports =>
    WebAssembly.instantiate(
      readFileSync(require.resolve(`argon2id/dist/${file}.wasm`)),
      imports
    );

const refused: WasmSource = async () => {
  throw new WebAssembly.CompileError('refused');
};

/** By a fresh copy of the library, which remembers whether there is SIMD. */
async function afresh<T>(make: () => Promise<T>): Promise<T> {
  let made: T | undefined;
  await jest.isolateModulesAsync(async () => {
    made = await make();
  });
  return made!;
}

const loadFresh = (simd: WasmSource, plain: WasmSource): Promise<Argon2> =>
  afresh(async () => (await import('./argon2')).loadArgon2(simd, plain));

let simd: Argon2;
let plain: Argon2;
beforeAll(async () => {
  simd = await loadFresh(load('simd'), refused);
  plain = await loadFresh(refused, load('no-simd'));
});

const engines: [string, () => Argon2][] = [
  ['WebAssembly with SIMD', () => simd],
  ['WebAssembly without SIMD', () => plain],
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

describe.each(engines.slice(0, 2))('Argon2id by %s, 64 MiB', (_, engine) => {
  it.each(LARGE)('%s, %s: the key of the reference', async (p, s, t, key) => {
    expect(await derive(engine(), p, s, 65536, t)).toBe(key);
  });
});

it('gives the same key by every engine', async () => {
  const parameters = fc.record({
    // Not only multiples of four, which is what Argon2 rounds down to.
    memory: fc.integer({ min: 8, max: 70 }),
    passes: fc.integer({ min: 1, max: 4 }),
    lanes: fc.constant(1 as const)
  });
  // A passphrase has 8 bytes at least, which the WebAssembly insists on.
  const password = fc.uint8Array({ minLength: 8, maxLength: 200 });
  const salt = fc.uint8Array({ minLength: 16, maxLength: 16 });
  await fc.assert(
    fc.asyncProperty(password, salt, parameters, async (p, s, options) => {
      const key = await argon2InJavaScript(p, s, options);
      expect(key).toHaveLength(32);
      expect(await simd(p, s, options)).toEqual(key);
      expect(await plain(p, s, options)).toEqual(key);
    }),
    { numRuns: 10 }
  );
});

it('takes more memory than it was given at first', async () => {
  // The reference implementation again, 256 MiB.
  expect(await derive(simd, 'password', 'somesalt', 2 ** 18, 2)).toBe(
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

it('rejects where WebAssembly is forbidden, so that the caller falls back', async () => {
  await expect(loadFresh(refused, refused)).rejects.toThrow('refused');
});

// RFC 9106 §5.3 has four lanes, a secret and associated data, none of which we use: it is put to the
// libraries themselves.
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

  it.each([
    ['with SIMD', load('simd'), refused],
    ['without SIMD', refused, load('no-simd')]
  ] as const)('by WebAssembly %s', async (_, one, other) => {
    const compute = await afresh(async () =>
      (await import('argon2id/lib/setup.js')).default(one, other)
    );
    const options = { memorySize: 32, passes: 3, parallelism: 4 };
    expect(
      compute({ ...options, tagLength: 32, password, salt, secret, ad })
    ).toEqual(tag);
  });

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
