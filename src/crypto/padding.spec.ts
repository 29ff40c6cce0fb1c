import fc from 'fast-check';
import { FormatError } from './errors';
import { pad, unpad } from './padding';

describe('padding', () => {
  it('gives back what was padded, at every size', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 300 }),
        (bytes, more) => {
          const padded = pad(bytes, bytes.length + more);
          expect(padded).toHaveLength(bytes.length + more);
          expect(unpad(padded)).toEqual(bytes);
        }
      )
    );
  });

  it('puts one byte 0x80 behind the text, then zeros', () => {
    expect(pad(Uint8Array.of(7), 4)).toEqual(Uint8Array.of(7, 0x80, 0, 0));
    expect(pad(Uint8Array.of(7), 2)).toEqual(Uint8Array.of(7, 0x80));
  });

  it('keeps a text that itself ends like padding', () => {
    const text = Uint8Array.of(1, 0x80, 0, 0);
    expect(unpad(pad(text, 8))).toEqual(text);
  });

  it.each([0, 2, 3])('has no room in %d bytes for three and the mark', size => {
    expect(() => pad(Uint8Array.of(1, 2, 3), size)).toThrow(RangeError);
  });

  it.each([
    ['nothing at all', []],
    ['zeros alone', [0, 0, 0]],
    ['a last byte that is neither zero nor the mark', [1, 0x80, 1]],
    ['another mark', [1, 0x81, 0]],
    ['text without a mark', [1, 2, 3]]
  ])('rejects %s', (_, bytes) => {
    expect(() => unpad(Uint8Array.from(bytes))).toThrow(FormatError);
  });
});
