import fc from 'fast-check';
import { generateKey, keyFromSecret, type IEphemeralKey } from '../crypto/box';
import { AskingKernel, b64u, paddedBytes } from '../testing/asking-kernel';
import { paddedLength, sealReply, type ReplyBody } from './reply';
import { parsePrompt, type IRequest } from './request';

const mockPadded: Uint8Array[] = [];
jest.mock('../crypto/padding', () => {
  const actual = jest.requireActual('../crypto/padding');
  return {
    ...actual,
    pad: (text: Uint8Array, length: number) => {
      const padded = actual.pad(text, length) as Uint8Array;
      mockPadded.push(padded);
      return padded;
    }
  };
});

/** One key pair, and one agreement, for all: each takes long. */
const PAIR = keyFromSecret(new Uint8Array(32).fill(7));
const agreed = new Map<string, Promise<Uint8Array>>();
const KEY: IEphemeralKey = {
  publicKey: PAIR.publicKey,
  agree: async peer => {
    const name = b64u(peer);
    agreed.set(name, agreed.get(name) ?? PAIR.agree(peer));
    // A copy, since it is wiped.
    return (await agreed.get(name)!).slice();
  }
};

function requestOf(kernel: AskingKernel): IRequest {
  const parsed = parsePrompt(kernel.prompt);
  if (parsed.kind !== 'request') {
    throw new Error(parsed.kind);
  }
  return parsed.request;
}

/** Texts of all lengths up to where the buckets end, with what JSON and UTF-8 make longer. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc
    .record({
      unit: fc.constantFrom('x', '"', '\\', 'é', '😀', '\n', '\u0000'),
      times: fc.oneof(fc.nat(1100), fc.nat(20_000))
    })
    .map(({ unit, times }) => unit.repeat(times))
);

const body: fc.Arbitrary<ReplyBody> = fc.oneof(
  fc.record({
    status: fc.constant('granted' as const),
    values: fc.array(text, { minLength: 1, maxLength: 3 })
  }),
  fc.record({
    status: fc.constantFrom(
      'denied' as const,
      'blocked' as const,
      'busy' as const,
      'locked' as const,
      'no-store' as const,
      'timeout' as const,
      'closed' as const,
      'invalid' as const
    )
  }),
  fc.record(
    {
      status: fc.constant('not-found' as const),
      missing: fc.array(fc.nat(15), { maxLength: 16 }),
      what: fc.constantFrom('credential' as const, 'field' as const),
      suggest: fc.array(text, { maxLength: 3 })
    },
    { requiredKeys: ['status', 'missing', 'what'] }
  )
);

it('every reply opens at the kernel, in one of the sizes, on one line', async () => {
  const kernel = new AskingKernel();
  const request = requestOf(kernel);
  const sizes = new Set([1024, 4096, 16_384, 65_536]);
  await fc.assert(
    fc.asyncProperty(body, async reply => {
      const sealed = await sealReply(request, reply, KEY);
      expect(sealed).toMatch(/^[\w-]+$/);
      expect(kernel.open(sealed)).toMatchObject(
        JSON.parse(JSON.stringify(reply)) as object
      );
      const size = paddedBytes(sealed);
      expect(sizes.has(size) || size % 65_536 === 0).toBe(true);
    }),
    { seed: 1, numRuns: 60 }
  );
}, 60_000);

it('a message is padded to the smallest size that is longer', () => {
  fc.assert(
    fc.property(fc.nat(300_000), length => {
      const size = paddedLength(length);
      expect(size).toBeGreaterThan(length);
      const smaller = [1024, 4096, 16_384, 65_536].filter(one => one < size);
      const next = size > 65_536 ? size - 65_536 : (smaller.at(-1) ?? 0);
      expect(next).toBeLessThanOrEqual(length);
    }),
    { seed: 1 }
  );
});

it('is sealed anew each time: nothing of it repeats but version and id', async () => {
  const request = requestOf(new AskingKernel());
  const [first, second] = await Promise.all(
    [1, 2].map(async () =>
      Buffer.from(
        await sealReply(request, { status: 'denied' }, await generateKey()),
        'base64url'
      )
    )
  );
  expect(first.subarray(0, 17)).toEqual(second.subarray(0, 17));
  expect(first.subarray(17, 49)).not.toEqual(second.subarray(17, 49));
  expect(first.subarray(49, 73)).not.toEqual(second.subarray(49, 73));
  expect(first.subarray(73)).not.toEqual(second.subarray(73));
});

it('opens with no other kernel’s eyes: any altered byte breaks it', async () => {
  const kernel = new AskingKernel();
  const sealed = Buffer.from(
    await sealReply(requestOf(kernel), { status: 'denied' }, KEY),
    'base64url'
  );
  fc.assert(
    fc.property(
      fc.nat(sealed.length - 1),
      fc.integer({ min: 1, max: 255 }),
      (at, mask) => {
        const altered = Buffer.from(sealed);
        altered[at] ^= mask;
        // X25519 ignores the top bit of a public key; the message names the key, bit by bit.
        expect(() => kernel.open(b64u(altered))).toThrow();
      }
    ),
    { seed: 1, numRuns: 100 }
  );
}, 30_000);

it('is bound to the request’s exact bytes', async () => {
  const kernel = new AskingKernel();
  const other = new AskingKernel([{ name: 'api' }], { id: kernel.id });
  const sealed = await sealReply(requestOf(other), { status: 'denied' }, KEY);
  expect(() => kernel.open(sealed)).toThrow('hash');
});

it('leaves neither the key nor the values behind', async () => {
  const kept = mockPadded;
  kept.length = 0;
  const encode = jest
    .spyOn(TextEncoder.prototype, 'encode')
    .mockImplementation(text => {
      const bytes = new Uint8Array(Buffer.from(text ?? ''));
      kept.push(bytes);
      return bytes;
    });
  const request = requestOf(new AskingKernel());
  const page: IEphemeralKey = {
    ...KEY,
    agree: async peer => {
      const key = await KEY.agree(peer);
      kept.push(key);
      return key;
    }
  };
  const values = ['hunter2'];
  await sealReply(request, { status: 'granted', values }, page);
  const tooLong = sealReply(
    request,
    { status: 'granted', values: ['x'.repeat(1024 * 1024)] },
    page
  );
  await expect(tooLong).rejects.toMatchObject({
    name: 'ExchangeError',
    message: 'the values are longer than 1 MiB in all'
  });
  encode.mockRestore();
  expect(kept).toHaveLength(5);
  expect(kept.every(bytes => bytes.every(byte => byte === 0))).toBe(true);
});
