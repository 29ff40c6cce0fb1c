import fc from 'fast-check';
import { utf8Encode } from './bytes';
import * as encoding from './encoding';
import { FormatError } from './errors';

type Encoding = typeof encoding;

const DIGITS =
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

interface INative {
  fromBase64?: unknown;
}

/**
 * Lends Uint8Array the methods of newer engines, as lenient as they are by default, while a fresh
 * copy of the module loads and is used.
 *
 * @returns How often they were called.
 */
async function withNative(use: (native: Encoding) => void): Promise<number> {
  let calls = 0;
  const constructor = Uint8Array as INative;
  const prototype = Uint8Array.prototype as { toBase64?: unknown };
  const before = [constructor.fromBase64, prototype.toBase64];
  constructor.fromBase64 = (text: string, options: { alphabet: string }) => {
    calls++;
    expect(options.alphabet).toBe('base64url');
    // Like the real one: white space is skipped, padding and loose tails are taken.
    return Uint8Array.from(Buffer.from(text, 'base64url'));
  };
  prototype.toBase64 = function (this: Uint8Array, options: object) {
    calls++;
    expect(options).toEqual({ alphabet: 'base64url', omitPadding: true });
    return Buffer.from(this).toString('base64url');
  };
  try {
    await jest.isolateModulesAsync(async () => {
      use(await import('./encoding'));
    });
  } finally {
    [constructor.fromBase64, prototype.toBase64] = before;
    if (before[0] === undefined) {
      delete constructor.fromBase64;
      delete prototype.toBase64;
    }
  }
  return calls;
}

describe.each([
  ['JavaScript', async (use: (e: Encoding) => void) => use(encoding)],
  [
    'the engine',
    async (use: (e: Encoding) => void) => {
      expect(await withNative(use)).toBeGreaterThan(0);
    }
  ]
])('base64url by %s', (_, run) => {
  // RFC 4648 §10, less the padding, and the two digits in which base64url differs.
  it('gives the texts of RFC 4648', () =>
    run(({ encodeBase64url, decodeBase64url }) => {
      for (const [text, encoded] of [
        ['', ''],
        ['f', 'Zg'],
        ['fo', 'Zm8'],
        ['foo', 'Zm9v'],
        ['foob', 'Zm9vYg'],
        ['fooba', 'Zm9vYmE'],
        ['foobar', 'Zm9vYmFy']
      ]) {
        expect(encodeBase64url(utf8Encode(text))).toBe(encoded);
        expect(decodeBase64url(encoded)).toEqual(utf8Encode(text));
      }
      expect(encodeBase64url(Uint8Array.of(0xfb, 0xff))).toBe('-_8');
      expect(decodeBase64url('-_8')).toEqual(Uint8Array.of(0xfb, 0xff));
    }));

  it('round-trips all bytes', () =>
    run(({ encodeBase64url, decodeBase64url }) => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
          expect(decodeBase64url(encodeBase64url(bytes))).toEqual(bytes);
        })
      );
    }));

  it('rejects every last digit whose unused bits are not zero', () =>
    run(({ decodeBase64url }) => {
      for (const [head, unused] of [
        ['A', 4],
        ['Zm9vA', 4],
        ['AA', 2],
        ['Zm9vAA', 2]
      ] as const) {
        [...DIGITS].forEach((digit, value) => {
          const decode = () => decodeBase64url(head + digit);
          if (value % 2 ** unused === 0) {
            expect(decode).not.toThrow();
          } else {
            expect(decode).toThrow('not canonical base64url');
          }
        });
      }
    }));

  it.each([
    ['padding', 'Zg=='],
    ['one digit over', 'Zm9vY'],
    ['one digit alone', 'A'],
    ["base64's own digits", '+/8A'],
    ['a space', 'Zm 9v'],
    ['a line feed at the end', 'Zm9v\n'],
    ['a letter beyond ASCII', 'Zm9\u0432'],
    ['a NUL', 'Zm9v\0\0\0\0']
  ])('rejects %s', (__, text) =>
    run(({ decodeBase64url, encodeBase64url }) => {
      encodeBase64url(new Uint8Array(0));
      expect(() => decodeBase64url(text)).toThrow('not canonical base64url');
    })
  );
});

it('throws a FormatError that does not quote the text', () => {
  const secret = 'hunter2=';
  const error = (() => {
    try {
      return encoding.decodeBase64url(secret);
    } catch (reason) {
      return reason;
    }
  })();
  expect(error).toBeInstanceOf(FormatError);
  const { stack, cause } = error as Error;
  expect(`${stack} ${String(cause)}`).not.toContain(secret);
});

describe("Crockford's base32", () => {
  const { encodeBase32Crockford, decodeBase32Crockford } = encoding;

  // The digits in order, as https://www.crockford.com/base32.html lists them.
  const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const inOrder = Uint8Array.from(
    Buffer.from('00443214c74254b635cf84653a56d7c675be77df', 'hex')
  );

  it('has the digits of its definition, most significant bits first', () => {
    expect(encodeBase32Crockford(inOrder)).toBe(digits);
    expect(decodeBase32Crockford(digits)).toEqual(inOrder);
  });

  it('round-trips the 20 bytes of a recovery code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), bytes => {
        const text = encodeBase32Crockford(bytes);
        expect(text).toMatch(/^[0-9A-HJKMNP-TV-Z]{32}$/);
        expect(decodeBase32Crockford(text)).toEqual(bytes);
      })
    );
  });

  it('ignores case, spaces and hyphens', () => {
    const typed = ' 0123-4567 89ab\tcdef\nghjk-mnpq-rstv-wxyz-';
    expect(decodeBase32Crockford(typed)).toEqual(inOrder);
  });

  it('reads look-alikes as digits', () => {
    const expected = decodeBase32Crockford('00111111');
    expect(decodeBase32Crockford('OoIiLl11')).toEqual(expected);
  });

  it.each([
    ['U, which it leaves out', 'U0000000'],
    ['a check symbol', '0000000*'],
    ['a full stop', '0000.0000'],
    ['a letter whose upper case is a digit', '000000\u017f0'],
    ['a dotless i', '000000\u01310'],
    ['a length that no bytes have', '000'],
    ['unused bits that are not zero', '01']
  ])('rejects %s', (_, text) => {
    expect(() => decodeBase32Crockford(text)).toThrow(FormatError);
  });
});
