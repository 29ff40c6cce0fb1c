import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import * as box from './box';
import { FormatError } from './errors';
import { boxKey, nativeFromSecret } from '../testing/x25519';

const { subtle } = globalThis.crypto;

// RFC 7748 §6.1, whose keys are those of "Cryptography in NaCl" (Bernstein, 2009), §§4 to 10; in NaCl:
// tests/scalarmult.c, core1.c and box.c.
const ALICE = {
  secret: '77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a',
  public: '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a'
};
const BOB = {
  secret: '5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb',
  public: 'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f'
};
const SHARED =
  '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742';
const FIRST_KEY =
  '1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389';
const NONCE = '69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37';
const TEXT =
  'be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffc' +
  'e5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb31' +
  '0e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde' +
  '048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f93776384864' +
  '5e0705';
const BOX =
  'f3ffc7703f9400e52a7dfb4b3d3305d9' +
  '8e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186a' +
  'c0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738' +
  'b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da' +
  '99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74' +
  'e355a5';

// RFC 7748 §5.2: scalar, u-coordinate, output. The second has its top bit set, which X25519 ignores
// and spec/exchange.md §1 forbids.
const RFC_SCALAR =
  'a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4';
const RFC_U =
  'e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c';
const RFC_OUT =
  'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552';
const RFC_TOP_BIT =
  'e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493';

// All encodings of points of low order with a clear top bit (https://cr.yp.to/ecdh.html, "How do I
// validate Curve25519 public keys?").
const LOW_ORDER = [
  ['0', '00'.repeat(32)],
  ['1', `01${'00'.repeat(31)}`],
  [
    'order 8',
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800'
  ],
  [
    'order 8, the other',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157'
  ],
  ['p - 1', `ec${'ff'.repeat(30)}7f`],
  ['p', `ed${'ff'.repeat(30)}7f`],
  ['p + 1', `ee${'ff'.repeat(30)}7f`]
];

afterEach(() => jest.restoreAllMocks());

describe.each([
  ['WebCrypto', nativeFromSecret],
  ['tweetnacl', async (secret: string) => box.keyFromSecret(hexToBytes(secret))]
])('agreement by %s', (path, fromSecret) => {
  const alice = () => fromSecret(ALICE.secret, ALICE.public);
  const bob = () => fromSecret(BOB.secret, BOB.public);

  it('uses WebCrypto exactly when it is said to', async () => {
    const derive = jest.spyOn(subtle, 'deriveBits');
    await (await alice()).agree(hexToBytes(BOB.public));
    expect(derive).toHaveBeenCalledTimes(path === 'WebCrypto' ? 1 : 0);
  });

  it('gives the public keys of RFC 7748 and the key of NaCl', async () => {
    expect(bytesToHex((await alice()).publicKey)).toBe(ALICE.public);
    expect(bytesToHex((await bob()).publicKey)).toBe(BOB.public);
    const key = await (await alice()).agree(hexToBytes(BOB.public));
    expect(bytesToHex(key)).toBe(FIRST_KEY);
    const same = await (await bob()).agree(hexToBytes(ALICE.public));
    expect(bytesToHex(same)).toBe(FIRST_KEY);
    expect(boxKey(SHARED)).toBe(FIRST_KEY);
  });

  it('gives the output of RFC 7748 §5.2, hashed', async () => {
    // The public key of the scalar is not part of that vector and plays no role here.
    const ours = await fromSecret(RFC_SCALAR, ALICE.public);
    const key = await ours.agree(hexToBytes(RFC_U));
    expect(bytesToHex(key)).toBe(boxKey(RFC_OUT));
  });

  it.each(LOW_ORDER)('rejects the point of low order %s', async (_, point) => {
    const agreed = (await alice()).agree(hexToBytes(point));
    await expect(agreed).rejects.toThrow(FormatError);
    await expect(agreed).rejects.toThrow('public key of low order');
  });

  it('rejects a set top bit, before it computes anything', async () => {
    const derive = jest.spyOn(subtle, 'deriveBits');
    const points = [BOB.public, ...LOW_ORDER.map(([, point]) => point)];
    for (const point of points) {
      const set = hexToBytes(point);
      set[31] |= 0x80;
      const agreed = (await alice()).agree(set);
      await expect(agreed).rejects.toThrow('not a public key');
    }
    const agreed = (await alice()).agree(hexToBytes(RFC_TOP_BIT));
    await expect(agreed).rejects.toThrow('not a public key');
    expect(derive).not.toHaveBeenCalled();
  });

  it.each([0, 31, 33, 64])('rejects a key of %d bytes', async length => {
    const agreed = (await alice()).agree(new Uint8Array(length).fill(9));
    await expect(agreed).rejects.toThrow(FormatError);
  });

  it("leaves the peer's key as it is", async () => {
    const peer = hexToBytes(BOB.public);
    await (await alice()).agree(peer);
    expect(bytesToHex(peer)).toBe(BOB.public);
  });
});

describe('checkPublicKey', () => {
  it('takes a key, and p + 2 to 2^255 - 1, which X25519 reduces', () => {
    box.checkPublicKey(hexToBytes(BOB.public));
    box.checkPublicKey(hexToBytes(`${'ff'.repeat(31)}7f`));
  });

  it('rejects a set top bit and other lengths', () => {
    for (const key of ['ff'.repeat(32), '09'.repeat(31), '09'.repeat(33)]) {
      expect(() => box.checkPublicKey(hexToBytes(key))).toThrow(FormatError);
    }
  });
});

describe('keyFromSecret', () => {
  it.each([0, 31, 33])('refuses a secret of %d bytes', length => {
    expect(() => box.keyFromSecret(new Uint8Array(length))).toThrow();
  });
});

describe('generateKey', () => {
  it('agrees with tweetnacl on random pairs, through WebCrypto', async () => {
    const derive = jest.spyOn(subtle, 'deriveBits');
    for (let i = 1; i <= 20; i++) {
      const native = await box.generateKey();
      const other = box.keyFromSecret(new Uint8Array(32).fill(i));
      const key = await native.agree(other.publicKey);
      expect(key).toHaveLength(32);
      expect(await other.agree(native.publicKey)).toEqual(key);
      expect(derive).toHaveBeenCalledTimes(i);
    }
  });

  it('gives a fresh pair each time, and never a secret that can be exported', async () => {
    const generate = jest.spyOn(subtle, 'generateKey');
    const [a, b] = [await box.generateKey(), await box.generateKey()];
    expect(a.publicKey).not.toEqual(b.publicKey);
    expect(generate).toHaveBeenCalledTimes(2);
    for (const { value } of generate.mock.results) {
      const { privateKey } = (await value) as CryptoKeyPair;
      expect(privateKey.extractable).toBe(false);
    }
  });

  it('rejects zeros from a browser that lets points of low order pass', async () => {
    const key = await box.generateKey();
    jest.spyOn(subtle, 'deriveBits').mockResolvedValue(new ArrayBuffer(32));
    const agreed = key.agree(hexToBytes(BOB.public));
    await expect(agreed).rejects.toThrow('public key of low order');
  });

  it('wipes what X25519 gave', async () => {
    const key = await box.generateKey();
    const bits = hexToBytes(SHARED).buffer;
    jest.spyOn(subtle, 'deriveBits').mockResolvedValue(bits);
    const shared = await key.agree(hexToBytes(BOB.public));
    expect(bytesToHex(shared)).toBe(FIRST_KEY);
    expect(new Uint8Array(bits)).toEqual(new Uint8Array(32));
  });

  it('falls back to tweetnacl, for good, where X25519 is unknown', async () => {
    const generate = jest
      .spyOn(subtle, 'generateKey')
      .mockRejectedValue(new DOMException('no X25519', 'NotSupportedError'));
    await jest.isolateModulesAsync(async () => {
      const { generateKey } = await import('./box');
      const [a, b] = [await generateKey(), await generateKey()];
      expect(generate).toHaveBeenCalledTimes(1);
      expect(a.publicKey).not.toEqual(b.publicKey);
      expect(await a.agree(b.publicKey)).toEqual(await b.agree(a.publicKey));
    });
  });

  it('falls back on plain http, where there is no crypto.subtle', async () => {
    const { crypto } = globalThis;
    const getRandomValues = crypto.getRandomValues.bind(crypto);
    const own = Object.getOwnPropertyDescriptor(globalThis, 'crypto')!;
    Object.defineProperty(globalThis, 'crypto', {
      configurable: true,
      value: { getRandomValues }
    });
    try {
      await jest.isolateModulesAsync(async () => {
        const { generateKey } = await import('./box');
        const bob = box.keyFromSecret(hexToBytes(BOB.secret));
        const ours = await generateKey();
        const key = await ours.agree(bob.publicKey);
        expect(await bob.agree(ours.publicKey)).toEqual(key);
      });
    } finally {
      Object.defineProperty(globalThis, 'crypto', own);
    }
  });
});

describe('sealBox and openBox', () => {
  const key = hexToBytes(FIRST_KEY);
  const text = Uint8Array.of(0, 1, 2, 0xff);

  it('seal and open as in NaCl, box.c', () => {
    const sealed = box.sealBox(key, hexToBytes(TEXT), hexToBytes(NONCE));
    expect(bytesToHex(sealed)).toBe(NONCE + BOX);
    expect(bytesToHex(box.openBox(key, sealed)!)).toBe(TEXT);
  });

  it('round-trip every text, with a fresh nonce', () => {
    const nonces = new Set<string>();
    let sealings = 0;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
        const sealed = box.sealBox(key, bytes);
        sealings++;
        nonces.add(bytesToHex(sealed.subarray(0, box.NONCE_BYTES)));
        expect(sealed).toHaveLength(24 + 16 + bytes.length);
        expect(box.openBox(key, sealed)).toEqual(bytes);
      }),
      { numRuns: 50 }
    );
    expect(nonces.size).toBe(sealings);
  });

  it('open nothing in which one bit of any byte differs', () => {
    const sealed = box.sealBox(key, text);
    for (let i = 0; i < sealed.length; i++) {
      for (const bit of [0x01, 0x80]) {
        const altered = Uint8Array.from(sealed);
        altered[i] ^= bit;
        expect(box.openBox(key, altered)).toBeNull();
      }
    }
  });

  it('open nothing that was cut, down to nothing at all', () => {
    const sealed = box.sealBox(key, text);
    for (let length = 0; length < sealed.length; length++) {
      expect(box.openBox(key, sealed.subarray(0, length))).toBeNull();
    }
  });

  it('open nothing with another key', () => {
    const other = Uint8Array.from(key);
    other[31] ^= 1;
    expect(box.openBox(other, box.sealBox(key, text))).toBeNull();
  });

  it.each([0, 12, 23, 25])('refuse a nonce of %d bytes', length => {
    expect(() => box.sealBox(key, text, new Uint8Array(length))).toThrow();
  });

  it.each([0, 16, 31, 33])('refuse a key of %d bytes', length => {
    const wrong = new Uint8Array(length);
    expect(() => box.sealBox(wrong, text)).toThrow();
    expect(() => box.openBox(wrong, box.sealBox(key, text))).toThrow();
  });
});
