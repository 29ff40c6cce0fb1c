import fc from 'fast-check';
import { concat, equal, u64, utf8Decode, utf8Encode, wipe } from './bytes';
import { FormatError } from './errors';

describe('utf8', () => {
  it('round-trips every well-formed string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(utf8Decode(utf8Encode(text))).toBe(text);
      })
    );
  });

  it('keeps a byte order mark, so that no two byte strings read the same', () => {
    const bytes = Uint8Array.of(0xef, 0xbb, 0xbf, 0x61);
    expect(utf8Decode(bytes)).toBe('\ufeffa');
    expect(utf8Encode('\ufeffa')).toEqual(bytes);
  });

  it.each([
    ['a lone continuation byte', [0x80]],
    ['a cut sequence', [0xe2, 0x82]],
    ['an overlong form', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['more than U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['a byte that never occurs', [0x61, 0xff]]
  ])('rejects %s', (_, bytes) => {
    expect(() => utf8Decode(Uint8Array.from(bytes))).toThrow(FormatError);
  });

  it('does not quote what it rejects', () => {
    const secret = Uint8Array.of(0x68, 0x75, 0x6e, 0x74, 0x65, 0x72, 0xff);
    expect(() => utf8Decode(secret)).toThrow(/^not UTF-8$/);
  });

  it('starts afresh after a rejected input', () => {
    expect(() => utf8Decode(Uint8Array.of(0xe2, 0x82))).toThrow();
    expect(utf8Decode(Uint8Array.of(0x61))).toBe('a');
  });
});

describe('concat', () => {
  it('joins in order and shares no memory with the parts', () => {
    const part = Uint8Array.of(1, 2);
    const whole = concat(part, new Uint8Array(0), Uint8Array.of(3));
    part.fill(9);
    expect(whole).toEqual(Uint8Array.of(1, 2, 3));
    expect(concat()).toEqual(new Uint8Array(0));
  });
});

describe('equal', () => {
  it('is true for the same bytes in different places', () => {
    fc.assert(
      fc.property(fc.uint8Array(), bytes => {
        expect(equal(bytes, Uint8Array.from(bytes))).toBe(true);
      })
    );
  });

  it('is false for every single flipped bit', () => {
    const a = Uint8Array.of(0, 0x55, 0xff);
    for (let bit = 0; bit < 24; bit++) {
      const b = Uint8Array.from(a);
      b[bit >> 3] ^= 1 << (bit & 7);
      expect(equal(a, b)).toBe(false);
    }
  });

  it('is false for a prefix, from either side', () => {
    const a = Uint8Array.of(1, 2);
    const b = Uint8Array.of(1, 2, 0);
    expect(equal(a, b)).toBe(false);
    expect(equal(b, a)).toBe(false);
  });
});

describe('wipe', () => {
  it('overwrites every array it is given, and only the part that a view covers', () => {
    const a = Uint8Array.of(1, 2, 3);
    const b = Uint8Array.of(4, 5, 6);
    wipe(a, b.subarray(1));
    expect(a).toEqual(Uint8Array.of(0, 0, 0));
    expect(b).toEqual(Uint8Array.of(4, 0, 0));
  });
});

describe('u64', () => {
  it.each([
    [0, [0, 0, 0, 0, 0, 0, 0, 0]],
    [1, [0, 0, 0, 0, 0, 0, 0, 1]],
    [2 ** 32 - 1, [0, 0, 0, 0, 255, 255, 255, 255]],
    [2 ** 32, [0, 0, 0, 1, 0, 0, 0, 0]],
    [2 ** 53 - 1, [0, 31, 255, 255, 255, 255, 255, 255]]
  ])('writes %d big endian', (n, bytes) => {
    expect(u64(n)).toEqual(Uint8Array.from(bytes));
  });

  it('agrees with BigInt for every integer it takes', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), n => {
        const view = new DataView(u64(n).buffer);
        expect(view.getBigUint64(0)).toBe(BigInt(n));
      })
    );
  });
});
