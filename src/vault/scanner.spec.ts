import fc from 'fast-check';
import { codeOf } from '../testing/vault';
import { Scanner } from './scanner';

const stringOf = (text: string) => new Scanner(text).string('text');
const refusal = (text: string) => codeOf(() => stringOf(text));

it('reads strings as JSON.parse does', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), texts => {
      const scanner = new Scanner(texts.map(t => JSON.stringify(t)).join());
      for (const text of texts) {
        expect(scanner.string('text')).toBe(text);
        scanner.skip(',');
      }
      expect(scanner.atEnd).toBe(true);
    })
  );
});

it('takes a string only as JSON.stringify writes it', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom(...'"\\/bfnrtu0019afAFd8\u007f\u2028😀')
      }),
      inner => {
        const literal = `"${inner}"`;
        let value: unknown;
        try {
          value = JSON.parse(literal);
        } catch {
          // Not a string.
        }
        const scanner = new Scanner(literal);
        const taken =
          codeOf(() => scanner.string('text')) === null && scanner.atEnd;
        expect(taken).toBe(
          JSON.stringify(value) === literal && !/\p{Cs}/u.test(value as string)
        );
      }
    ),
    { numRuns: 2_000 }
  );
});

it.each([
  ['no string', 'AA'],
  ['nothing', ''],
  ['a string without an end', '"AA'],
  ['a string that ends in an escape', '"AA\\"'],
  ['a number', '1'],
  ['an escape that JSON does not know', '"\\x41"'],
  ['an escape that is not needed', '"\\u0041"'],
  ['an escaped slash', '"\\/"'],
  ['an escape in upper case', '"\\u001F"'],
  ['half a character', '"\\ud83d"']
])('refuses %s', (_, text) => {
  expect(refusal(text)).toBe('damaged');
});

it.each(['\0', '\n', '\t', '\u001f'])(
  'refuses the control character %j wherever it stands',
  character => {
    expect(refusal(`"A${character}"`)).toBe('damaged');
    expect(refusal(`"A"${character}`)).toBe('damaged');
  }
);

it('reads on behind a string that has escapes', () => {
  const scanner = new Scanner('"\\\\","a","\\"","b"');
  const texts = ['\\', 'a', '"', 'b'];
  for (const text of texts) {
    expect(scanner.string('text')).toBe(text);
    scanner.skip(',');
  }
  expect(scanner.atEnd).toBe(true);
});

it('passes over what comes next, and nothing else', () => {
  const scanner = new Scanner('{"a"');
  expect(scanner.skip('[')).toBe(false);
  expect(scanner.skip('{')).toBe(true);
  expect(codeOf(() => scanner.expect(':', 'text'))).toBe('damaged');
  expect(scanner.string('text')).toBe('a');
});
