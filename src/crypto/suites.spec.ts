import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import tweetnacl from 'tweetnacl';
import { concat } from './bytes';
import { suite } from './suites';

// "Cryptography in NaCl" (Bernstein, 2009), §9 and §10; in NaCl: tests/secretbox.c.
const FIRST_KEY =
  '1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389';
const NACL_NONCE = '69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37';
const NACL_TEXT =
  'be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffc' +
  'e5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb31' +
  '0e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde' +
  '048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f93776384864' +
  '5e0705';
const NACL_BOX =
  'f3ffc7703f9400e52a7dfb4b3d3305d9' +
  '8e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186a' +
  'c0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738' +
  'b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da' +
  '99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74' +
  'e355a5';

// "The Galois/Counter Mode of Operation (GCM)" (McGrew, Viega, 2005), appendix B, cases 13 to 15.
const GCM_KEY =
  'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308';

const VECTORS = [
  ['nacl', 'NaCl, secretbox.c', FIRST_KEY, NACL_NONCE, NACL_TEXT, NACL_BOX],
  [
    'aes',
    'McGrew and Viega, case 13',
    '00'.repeat(32),
    '00'.repeat(12),
    '',
    '530f8afbc74536b9a963b4f1c4cb738b'
  ],
  [
    'aes',
    'McGrew and Viega, case 14',
    '00'.repeat(32),
    '00'.repeat(12),
    '00'.repeat(16),
    'cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919'
  ],
  [
    'aes',
    'McGrew and Viega, case 15',
    GCM_KEY,
    'cafebabefacedbaddecaf888',
    'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72' +
      '1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255',
    '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa' +
      '8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad' +
      'b094dac5d93471bdec1a502270e3cc6c'
  ]
] as const;

it.each(VECTORS)('%s seals and opens as in %s', (name, _, ...hex) => {
  const [key, nonce, text, sealed] = hex.map(hexToBytes);
  const { seal, open } = suite(name);
  expect(bytesToHex(seal(key, text, nonce))).toBe(hex[1] + hex[3]);
  expect(open(key, concat(nonce, sealed))).toEqual(text);
});

describe.each(['nacl', 'aes'] as const)('suite %s', name => {
  const { seal, open, overhead, keyBytes } = suite(name);
  const key = Uint8Array.from({ length: keyBytes }, (_, i) => i + 1);
  const text = Uint8Array.of(0, 1, 2, 0xff);

  it('has the name and the sizes of spec/vault.md §3', () => {
    expect(suite(name).name).toBe(name);
    expect(keyBytes).toBe(32);
    expect(overhead).toBe(name === 'nacl' ? 40 : 28);
  });

  it('opens what it sealed, of any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), bytes => {
        const sealed = seal(key, bytes);
        expect(sealed).toHaveLength(bytes.length + overhead);
        expect(open(key, sealed)).toEqual(bytes);
      }),
      { numRuns: 50 }
    );
  });

  it('takes a fresh nonce each time', () => {
    const nonceBytes = overhead - 16;
    const nonces = new Set<string>();
    for (let i = 0; i < 50; i++) {
      nonces.add(bytesToHex(seal(key, text).subarray(0, nonceBytes)));
    }
    expect(nonces.size).toBe(50);
  });

  it('opens nothing in which one bit of any byte differs', () => {
    const sealed = seal(key, text);
    for (let i = 0; i < sealed.length; i++) {
      for (const bit of [0x01, 0x80]) {
        const altered = Uint8Array.from(sealed);
        altered[i] ^= bit;
        expect(open(key, altered)).toBeNull();
      }
    }
  });

  it('opens nothing that was cut or lengthened', () => {
    const sealed = seal(key, text);
    for (let length = 0; length < sealed.length; length++) {
      expect(open(key, sealed.subarray(0, length))).toBeNull();
    }
    expect(open(key, concat(sealed, Uint8Array.of(0)))).toBeNull();
  });

  it('opens nothing with another key', () => {
    const sealed = seal(key, text);
    for (let i = 0; i < keyBytes; i++) {
      const other = Uint8Array.from(key);
      other[i] ^= 1;
      expect(open(other, sealed)).toBeNull();
    }
  });

  it('neither changes nor shares memory with what it is given', () => {
    const sealed = seal(key, text);
    const before = Uint8Array.from(sealed);
    const opened = open(key, sealed)!;
    opened.fill(0);
    expect(sealed).toEqual(before);
    expect(text).toEqual(Uint8Array.of(0, 1, 2, 0xff));
  });

  it.each([0, 16, 24, 31, 33])('refuses a key of %d bytes', length => {
    const wrong = new Uint8Array(length);
    expect(() => seal(wrong, text)).toThrow();
    expect(() => open(wrong, seal(key, text))).toThrow();
  });

  it.each([0, 8, 11, 13, 16, 23, 25, 32])(
    'refuses a nonce of %d bytes',
    length => {
      expect(() => seal(key, text, new Uint8Array(length))).toThrow();
    }
  );
});

it('nacl agrees with tweetnacl on texts of any length', () => {
  const { seal, open } = suite('nacl');
  const key = new Uint8Array(32).fill(7);
  const nonce = new Uint8Array(24).fill(9);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), bytes => {
      const box = tweetnacl.secretbox(bytes, nonce, key);
      expect(seal(key, bytes, nonce)).toEqual(concat(nonce, box));
      expect(open(key, concat(nonce, box))).toEqual(bytes);
    }),
    { numRuns: 50 }
  );
});

it('opens nothing of the other suite', () => {
  const key = new Uint8Array(32).fill(7);
  const text = new Uint8Array(64);
  const { nacl, aes } = { nacl: suite('nacl'), aes: suite('aes') };
  expect(nacl.open(key, aes.seal(key, text))).toBeNull();
  expect(aes.open(key, nacl.seal(key, text))).toBeNull();
});
