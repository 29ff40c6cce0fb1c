import fc from 'fast-check';
import { codeOf, faultOf } from '../testing/vault';
import { parseCanonical } from './canonical';

const nested = (depth: number, open: string, close: string) =>
  open.repeat(depth) + close.repeat(depth);

/** JSON of the kinds that a vault may hold. */
const plain = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.string({ unit: 'binary' }),
    fc.nat({ max: Number.MAX_SAFE_INTEGER }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 4 })
  )
})).value;

it('takes what JSON.stringify gives, and gives it back', () => {
  fc.assert(
    fc.property(plain, value => {
      const text = JSON.stringify(value);
      expect(JSON.stringify(parseCanonical(text, 'test'))).toBe(text);
    })
  );
});

it('never throws another error than VaultError', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.json()),
      text => {
        expect([null, 'damaged']).toContain(
          codeOf(() => parseCanonical(text, 'test'))
        );
      }
    )
  );
});

it.each([
  ['white space', '{"a": 1}'],
  ['a line feed behind', '{"a":1}\n'],
  ['a repeated member', '{"a":1,"a":1}'],
  ['a repeated __proto__', '{"__proto__":1,"__proto__":2}'],
  ['a member spelt twice', '{"a":1,"\\u0061":1}'],
  ['decimals that are not first', '{"a":1,"0":1}'],
  ['decimals that descend', '{"2":1,"1":1}'],
  ['an escape that is not needed', '"\\u0061"'],
  ['an escaped slash', '"\\/"'],
  ['an escape in upper case', '"\\u001F"'],
  ['a long escape for a line feed', '"\\u000a"'],
  ['an escaped DEL', '"\\u007f"'],
  ['a byte order mark', '\ufeff1'],
  ['an exponent', '1e3'],
  ['a fraction of zero', '1.0'],
  ['a fraction', '1.5'],
  ['a negative number', '-1'],
  ['negative zero', '-0'],
  ['2^53', '9007199254740992'],
  ['a large number', '1e+21'],
  ['a number inside', '{"a":[{"b":-1}]}'],
  ['a leading surrogate', '"\\ud800"'],
  ['a trailing surrogate', '"x\\udc00"'],
  ['a surrogate in a name', '{"\\ud800":1}'],
  ['a surrogate deep inside', '{"a":[{"b":["\\udfff"]}]}'],
  ['a surrogate that is not escaped', '"\ud800"'],
  ['a pair in escapes', '"\\ud83d\\ude00"'],
  ['arrays 33 deep', nested(33, '[', ']')],
  ['objects 33 deep', `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`],
  ['arrays 100,000 deep', nested(100_000, '[', ']')],
  ['nothing', ''],
  ['a cut text', '{"a":1']
])('refuses %s', (_, text) => {
  expect(codeOf(() => parseCanonical(text, 'test'))).toBe('damaged');
});

it.each([
  ['arrays 32 deep', nested(32, '[', ']')],
  ['objects 32 deep', `${'{"a":'.repeat(31)}{}${'}'.repeat(31)}`],
  ['zero', '0'],
  ['2^53 - 1', '9007199254740991'],
  [
    'what is no array, 32 deep',
    nested(32, '[', ']').replace('[]', '[null,true,0,""]')
  ],
  ['decimals first, ascending', '{"0":1,"1":1,"10":1,"4294967294":1,"a":1}'],
  ['a decimal that is no index', '{"a":1,"4294967295":1}'],
  ['all short escapes', '"\\"\\\\\\b\\f\\n\\r\\t"'],
  ['other controls, in lower case', '"\\u0000\\u001f"'],
  ['DEL and line separators as they are', '"\u007f\u2028"'],
  ['a pair of surrogates as it is', '"😀"'],
  ['text that looks like a surrogate', '"\\\\ud800"'],
  ['a member with such a text', '{"a":"\\\\ud800"}'],
  ['__proto__ as any other', '{"__proto__":{"a":1}}']
])('takes %s', (_, text) => {
  expect(JSON.stringify(parseCanonical(text, 'test'))).toBe(text);
});

it('tells what is no JSON from what is not canonical', () => {
  const faults = ['{"a":', '{"a": 1}'].map(text =>
    faultOf(() => parseCanonical(text, 'index'))
  );
  expect(faults).toEqual([
    'damaged: index, JSON',
    'damaged: index, not canonical JSON'
  ]);
});

it('names the text in the error, and nothing of what it holds', () => {
  for (const text of ['{"hush": 1}', '{"hush"', '"\\ud800hush"']) {
    expect(() => parseCanonical(text, 'index')).toThrow(/^damaged: index, /);
    expect(() => parseCanonical(text, 'index')).not.toThrow(/hush/);
  }
});
