import fc from 'fast-check';
import { freeName, isName, NAME_LIMIT, tidyName } from './names';

it('takes 1 to 256 code units', () => {
  expect(isName('a')).toBe(true);
  expect(isName('a'.repeat(256))).toBe(true);
  expect(isName('a'.repeat(257))).toBe(false);
  expect(isName('😀'.repeat(128))).toBe(true);
  expect(isName('😀'.repeat(129))).toBe(false);
  expect(isName('')).toBe(false);
});

it.each([
  ['NUL', 'a\0b'],
  ['a line feed', 'a\nb'],
  ['DEL', 'a\x7fb'],
  ['a C1 control', 'a\x85b'],
  ['a line separator', 'a\u2028b'],
  ['a surrogate that stands alone', 'a\ud800b']
])('refuses %s', (_, name) => {
  expect(isName(name)).toBe(false);
});

it('drops spaces around a name, composes it, and leaves only spaces nothing', () => {
  expect(tidyName('  e\u0301 x ')).toBe('é x');
  expect(isName(tidyName(' \u00a0\u3000 '))).toBe(false);
});

describe('freeName', () => {
  it('counts from 2 to the first that is free', () => {
    const taken = new Set(['a', 'a (2)', 'a (3)', 'a (5)']);
    expect(freeName('a', name => taken.has(name))).toBe('a (4)');
    expect(freeName('b', name => taken.has(name))).toBe('b (2)');
    expect(freeName('a (2)', name => taken.has(name))).toBe('a (2) (2)');
  });

  it('cuts before the number, never between two halves of a character', () => {
    const free = () => false;
    expect(freeName('a'.repeat(252), free)).toBe(`${'a'.repeat(252)} (2)`);
    expect(freeName('a'.repeat(253), free)).toBe(`${'a'.repeat(252)} (2)`);
    expect(freeName(`${'a'.repeat(251)}😀`, free)).toBe(
      `${'a'.repeat(251)} (2)`
    );
    expect(freeName(`${'a'.repeat(250)}😀b`, free)).toBe(
      `${'a'.repeat(250)}😀 (2)`
    );
  });

  it('cuts more for a longer number', () => {
    let count = 0;
    expect(freeName('a'.repeat(256), () => ++count < 9)).toBe(
      `${'a'.repeat(251)} (10)`
    );
  });

  it('always gives a name that a writer may write', () => {
    const units = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(units, fc.nat({ max: 120 }), (text, count) => {
        const name = tidyName(text).slice(0, NAME_LIMIT).normalize('NFC');
        fc.pre(isName(name));
        const taken = new Set<string>();
        for (let i = 0; i <= count; i++) {
          taken.add(freeName(name, one => taken.has(one)));
        }
        expect(taken.size).toBe(count + 1);
        expect([...taken].every(isName)).toBe(true);
      }),
      { numRuns: 30 }
    );
  });
});
