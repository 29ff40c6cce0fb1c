import fc from 'fast-check';
import { decodeBase64url, encodeBase64url } from '../crypto/encoding';
import { codeOf } from '../testing/vault';
import { base64url, isWellFormed, joinUnknown } from './schema';

const ALPHABET =
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const isDecoded = (text: string) => {
  try {
    decodeBase64url(text);
    return true;
  } catch {
    return false;
  }
};

describe('base64url', () => {
  it('takes exactly what can be decoded', () => {
    const unit = fc.constantFrom(...ALPHABET, ...ALPHABET, '+', '=', ' ', '\n');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 9 }), text => {
        const code = codeOf(() => base64url(text, 'text'));
        expect(code === null).toBe(isDecoded(text));
      }),
      { numRuns: 2000 }
    );
  });

  it('knows every last character', () => {
    for (const text of ['', 'A', 'AA', 'AAA']) {
      for (const last of ALPHABET) {
        const code = codeOf(() => base64url(text + last, 'text'));
        expect(code === null).toBe(isDecoded(text + last));
      }
    }
  });

  it('measures in bytes', () => {
    for (let length = 0; length < 80; length++) {
      const text = encodeBase64url(new Uint8Array(length));
      for (const other of [length - 1, length, length + 1]) {
        const code = codeOf(() => base64url(text, 'text', other));
        expect(code === null).toBe(other === length);
      }
    }
  });
});

it('joins what is unknown: theirs first, and theirs counts', () => {
  const joined = joinUnknown({ b: 1, a: 1 }, { c: 2, b: 2 });
  expect(JSON.stringify(joined)).toBe('{"c":2,"b":2,"a":1}');
});

it('tells a pair of surrogates from one alone', () => {
  expect(['', 'a', '😀', '😀😀'].every(isWellFormed)).toBe(true);
  expect(
    ['\ud83d', 'a\ude00', '\ude00\ud83d', '😀\ud83d'].some(isWellFormed)
  ).toBe(false);
});
