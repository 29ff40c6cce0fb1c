import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { utf8Encode } from './bytes';
import { hkdfSha256, hmacSha256, sha256, sha256Async } from './hash';

/** `count` bytes that count up from `first`. */
const range = (first: number, count: number) =>
  Uint8Array.from({ length: count }, (_, i) => first + i);

describe('sha256', () => {
  // NIST, FIPS 180 examples and the long message of its test suite.
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'
    ],
    [
      'a'.repeat(1_000_000),
      'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'
    ]
  ])('gives the digest that FIPS 180 lists (%#)', async (text, digest) => {
    const bytes = utf8Encode(text);
    const byWebCrypto = jest.spyOn(globalThis.crypto.subtle, 'digest');
    expect(bytesToHex(sha256(bytes))).toBe(digest);
    expect(bytesToHex(await sha256Async(bytes))).toBe(digest);
    // A few bytes are not worth a thread of the browser's.
    expect(byWebCrypto).toHaveBeenCalledTimes(bytes.length < 65_536 ? 0 : 1);
    byWebCrypto.mockRestore();
  });

  it('gives it on plain http, where there is no crypto.subtle', async () => {
    const subtle = jest.spyOn(globalThis.crypto, 'subtle', 'get');
    subtle.mockReturnValue(undefined as unknown as SubtleCrypto);
    const bytes = new Uint8Array(100_000);
    expect(await sha256Async(bytes)).toEqual(sha256(bytes));
    expect(subtle).toHaveBeenCalled();
    subtle.mockRestore();
  });
});

describe('hmacSha256', () => {
  // RFC 4231 §4.2 to §4.8, without §4.6, whose output is truncated.
  it.each([
    [
      '§4.2',
      '0b'.repeat(20),
      utf8Encode('Hi There'),
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'
    ],
    [
      '§4.3, a key shorter than the output',
      '4a656665',
      utf8Encode('what do ya want for nothing?'),
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
    ],
    [
      '§4.4',
      'aa'.repeat(20),
      new Uint8Array(50).fill(0xdd),
      '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe'
    ],
    [
      '§4.5',
      bytesToHex(range(1, 25)),
      new Uint8Array(50).fill(0xcd),
      '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b'
    ],
    [
      '§4.7, a key longer than a block',
      'aa'.repeat(131),
      utf8Encode('Test Using Larger Than Block-Size Key - Hash Key First'),
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54'
    ],
    [
      '§4.8, key and data longer than a block',
      'aa'.repeat(131),
      utf8Encode(
        'This is a test using a larger than block-size key and a larger than ' +
          'block-size data. The key needs to be hashed before being used by the ' +
          'HMAC algorithm.'
      ),
      '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2'
    ]
  ])('gives the code of RFC 4231 %s', (_, key, data, mac) => {
    expect(bytesToHex(hmacSha256(hexToBytes(key), data))).toBe(mac);
  });
});

describe('hkdfSha256', () => {
  // RFC 5869, appendix A.1 to A.3.
  it.each([
    [
      'A.1',
      new Uint8Array(22).fill(0x0b),
      range(0, 13),
      range(0xf0, 10),
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf' +
        '34007208d5b887185865'
    ],
    [
      'A.2, longer inputs and output',
      range(0, 80),
      range(0x60, 80),
      range(0xb0, 80),
      'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c' +
        '59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71' +
        'cc30c58179ec3e87c14c01d5c1f3434f1d87'
    ],
    [
      'A.3, without salt and info',
      new Uint8Array(22).fill(0x0b),
      new Uint8Array(0),
      new Uint8Array(0),
      '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d' +
        '9d201395faa4b61a96c8'
    ]
  ])('gives the key of RFC 5869 %s', (_, ikm, salt, info, okm) => {
    const key = hkdfSha256(ikm, salt, info, okm.length / 2);
    expect(bytesToHex(key)).toBe(okm);
  });

  it('gives 8160 bytes at most', () => {
    const none = new Uint8Array(0);
    expect(hkdfSha256(none, none, none, 8160)).toHaveLength(8160);
    expect(() => hkdfSha256(none, none, none, 8161)).toThrow();
  });
});
