import fc from 'fast-check';
import { utf8Encode } from '../crypto/bytes';
import {
  codeOf,
  ENTRY_1,
  faultOf,
  forge,
  forgeText,
  idOf,
  outcome,
  withMembers,
  type IPlan
} from '../testing/vault';
import type { VaultError } from './errors';
import { digestOf, FILE_LIMIT, fileParts, parseFile } from './format';

const refusal = (plan: IPlan) => codeOf(() => parseFile(forge(plan)));
const ofText = (text: string) => codeOf(() => parseFile(utf8Encode(text)));
const hintOf = (bytes: Uint8Array) => {
  try {
    parseFile(bytes);
  } catch (error) {
    return (error as VaultError).detail;
  }
  return undefined;
};

it('reads what it writes, and writes what it reads', () => {
  const text = forgeText();
  const file = parseFile(utf8Encode(text));
  expect(fileParts(file).join('')).toBe(text);
  expect(digestOf(file.index)).toBe(file.header.digest);
});

it('takes a file with and without its one line feed', () => {
  const text = forgeText().trimEnd();
  expect(ofText(text)).toBeNull();
  expect(ofText(`${text}\n`)).toBeNull();
  expect(ofText(`${text}\n\n`)).toBe('damaged');
  expect(ofText(`${text}\r\n`)).toBe('damaged');
  expect(ofText(`${text} `)).toBe('damaged');
});

it('gives an entry back as it was, whatever somebody made of it', () => {
  const sealedRecord = () => '"},\u2028\\\n😀\\ud800';
  const file = parseFile(forge({ sealedRecord }));
  expect(fileParts(file).join('')).toBe(forgeText({ file: () => rawOf(file) }));
});

function rawOf(file: ReturnType<typeof parseFile>): object {
  const { headerText: header, mac, index, entries } = file;
  return {
    credentialstore: 1,
    header,
    mac,
    index,
    entries: Object.fromEntries(entries)
  };
}

it.each([
  ['white space in front', { text: t => ` ${t}` }],
  ['a version as text', { file: withMembers({ credentialstore: '1' }) }],
  ['version 0', { file: withMembers({ credentialstore: 0 }) }],
  ['a version that is no integer', { text: t => t.replace(':1,', ':1.0,') }],
  ['white space within', { text: t => t.replace('"mac":', '"mac": ') }],
  ['white space at the end', { text: t => t.replace(/}\n$/, ' }\n') }],
  [
    'an escape that is not needed',
    { sealedRecord: () => 'AAAA', text: t => t.replace('"AAAA', '"\\u0041AAA') }
  ],
  [
    'an escape in upper case',
    {
      sealedRecord: () => '\u001f',
      text: t => t.replace('\\u001f', '\\u001F')
    }
  ],
  ['half a character in an entry', { sealedRecord: () => '\ud83d' }],
  [
    'an entry that is there twice',
    {
      text: t => t.replace(/"[\w-]{22}":"[^"]*"/, entry => `${entry},${entry}`)
    }
  ],
  [
    'another order',
    {
      file: ({ credentialstore, header, ...rest }) => ({
        credentialstore,
        ...rest,
        header
      })
    }
  ],
  // It ends as a file does: one that does not is cut off.
  ['another member', { file: withMembers({ later: {} }) }],
  ['a member less', { file: ({ mac: _mac, ...rest }) => rest }],
  [
    'two members in one',
    {
      file: ({ header, mac: _mac, ...rest }) => ({
        credentialstore: 1,
        'header,mac': header,
        ...rest
      })
    }
  ],
  ['a repeated member', { text: t => t.replace('"mac":', '"mac":"","mac":') }],
  [
    'a header that is no text',
    { file: withMembers({ header: { version: 1 } }) }
  ],
  ['a mac of 31 bytes', { file: withMembers({ mac: 'A'.repeat(42) }) }],
  ['a mac of 33 bytes', { file: withMembers({ mac: 'A'.repeat(44) }) }],
  [
    'a mac that is not canonical',
    { file: withMembers({ mac: 'A'.repeat(42) + 'B' }) }
  ],
  [
    'a mac in the other alphabet',
    { file: withMembers({ mac: '+'.repeat(42) + 'A' }) }
  ],
  ['an index with padding', { sealedIndex: s => `${s}=` }],
  ['an index of an impossible length', { sealedIndex: () => 'AAAAA' }],
  ['an index with unused bits', { sealedIndex: () => 'AAAAAB' }],
  ['an index with another character', { sealedIndex: () => 'AA*A' }],
  ['an index that is no text', { file: withMembers({ index: 1 }) }],
  ['entries in an array', { file: withMembers({ entries: [] }) }],
  [
    'an entry that is no text',
    { file: withMembers({ entries: { [ENTRY_1]: 1 } }) }
  ],
  [
    'an entry id of 15 bytes',
    { file: withMembers({ entries: { ['A'.repeat(20)]: '' } }) }
  ],
  [
    'an entry id that is not canonical',
    { file: withMembers({ entries: { ['A'.repeat(21) + 'B']: '' } }) }
  ],
  [
    'white space behind the entries',
    { text: t => t.replace(/}}\n$/, ' }}\n') }
  ],
  [
    'all entries there twice',
    { text: t => t.replace(/"entries":{.*}(?=})/, all => `${all},${all}`) }
  ],
  ['a cut file', { text: t => t.slice(0, -40) }],
  ['something behind', { text: t => `${t}{}` }]
] as [string, IPlan][])('refuses %s as damaged', (_, plan) => {
  expect(refusal(plan)).toBe('damaged');
});

it.each([
  ['entries', { file: withMembers({ later: {} }) }],
  ['members of the file', { file: withMembers({ credentialstore: 0 }) }],
  ['members of the file', { text: t => t.replace(',"mac":', ', "mac":') }],
  ['file, control character', { text: t => t.replace('"mac"', '\t"mac"') }],
  ['header', { file: withMembers({ header: 1 }) }],
  ['mac', { file: withMembers({ mac: '' }) }],
  ['index', { file: withMembers({ index: '*' }) }],
  ['entries', { text: t => t.replace(/}}\n$/, ' }}\n') }],
  ['entry id', { file: withMembers({ entries: { 'no id': '' } }) }],
  ['entry', { file: withMembers({ entries: { [ENTRY_1]: 1 } }) }],
  [
    'entry, not canonical JSON',
    {
      sealedRecord: () => 'AA"A',
      text: t => t.replace('"AA\\"A', '"\\u0041A\\"A')
    }
  ],
  [
    'entry, there twice',
    {
      text: t => t.replace(/"[\w-]{22}":"[^"]*"/, entry => `${entry},${entry}`)
    }
  ],
  ['something behind the file', { text: t => t.replace(/}\n$/, '}}}\n') }]
] as [string, IPlan][])('names what is damaged: %s', (rule, plan) => {
  expect(faultOf(() => parseFile(forge(plan)))).toBe(`damaged: ${rule}`);
});

it('tells by its end alone that a file is cut, whatever else is wrong with it', () => {
  const whole = forge();
  const spoilt = whole.slice();
  spoilt[100] = 0xff;
  for (let length = 200; length < whole.length - 1; length++) {
    expect(hintOf(spoilt.subarray(0, length))).toBe('file, cut off');
  }
  // Without the line feed it is whole.
  expect(hintOf(whole.subarray(0, -1))).toBeUndefined();
  expect(hintOf(whole)).toBeUndefined();
  expect(hintOf(spoilt)).toBe('not UTF-8');
});

it('refuses what is not UTF-8 as damaged', () => {
  const bytes = forge();
  bytes[bytes.length - 10] = 0xff;
  expect(codeOf(() => parseFile(bytes))).toBe('damaged');
});

it('looks at the form of the members before the header', () => {
  const header = withMembers({ critical: ['later'] });
  expect(refusal({ header })).toBe('newer');
  expect(refusal({ header, file: withMembers({ mac: '' }) })).toBe('damaged');
  expect(refusal({ header, sealedIndex: () => '*' })).toBe('damaged');
  const entries = { 'no id': '' };
  expect(refusal({ header, file: withMembers({ entries }) })).toBe('damaged');
});

it('leaves the count to the one who has opened the index', () => {
  expect(refusal({ header: withMembers({ count: 7 }) })).toBeNull();
});

it('tells a newer file by its beginning, whatever comes behind', () => {
  expect(ofText('{"credentialstore":2}')).toBe('newer');
  expect(ofText('{"credentialstore":2')).toBe('newer');
  const huge = new Uint8Array(FILE_LIMIT + 1);
  huge.set(utf8Encode('{"credentialstore":3'));
  expect(codeOf(() => parseFile(huge))).toBe('newer');
});

it('takes 16 MiB and no more', () => {
  const withEntry = (length: number) =>
    forge({
      file: withMembers({ entries: { [ENTRY_1]: 'A'.repeat(length) } })
    });
  const spare = FILE_LIMIT - withEntry(0).length;
  const full = withEntry(spare);
  expect(full.length).toBe(FILE_LIMIT);
  expect(codeOf(() => parseFile(full))).toBeNull();
  const over = withEntry(spare + 1);
  expect(faultOf(() => parseFile(over))).toBe('damaged: size');
});

it('takes an index of many megabytes', () => {
  const index = 'A'.repeat(15_000_000);
  expect(refusal({ file: withMembers({ index }) })).toBeNull();
});

describe('a foreign file', () => {
  it.each([
    ['empty', ''],
    ['empty', ' \n'],
    ['empty', '\t\r\n'],
    ['other', '{}'],
    ['other', '{"header":1,"credentialstore":1}'],
    ['other', ' [1]'],
    ['other', 'machine example.org'],
    ['other', '{"credentialstore"'],
    ['other', '\ufeff{"credentialstore":1}'],
    ['other', '\u00a0']
  ])('is %s: %j', (hint, text) => {
    expect(ofText(text)).toBe('foreign');
    expect(hintOf(utf8Encode(text))).toBe(hint);
  });

  it('is told by its beginning, however large', () => {
    expect(hintOf(Uint8Array.of(0xff, 0xd8))).toBe('other');
    expect(hintOf(new Uint8Array(FILE_LIMIT + 1))).toBe('other');
  });
});

describe('whatever the bytes', () => {
  const CODES = [null, 'foreign', 'newer', 'damaged', 'bounds'];

  it('throws nothing but VaultError on arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        expect(CODES).toContain(codeOf(() => parseFile(bytes)));
      })
    );
  });

  it('throws nothing but VaultError on arbitrary JSON that begins as ours', () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), fc.string(), (a, b, c) => {
        const header = JSON.stringify(a);
        for (const text of [
          `{"credentialstore":1,"header":${header},"mac":${b}}`,
          `{"credentialstore":1,"header":${header},"mac":"${'A'.repeat(43)}","index":"","entries":{}}`,
          `{"credentialstore":${c}`
        ]) {
          expect(CODES).toContain(ofText(text));
        }
      })
    );
  });

  it('gives a mutated file either back to the byte or refuses it', () => {
    const original = forge();
    const edit = fc.record({
      at: fc.nat({ max: original.length - 1 }),
      drop: fc.nat({ max: 30 }),
      put: fc.oneof(
        fc.uint8Array({ maxLength: 4 }),
        fc.constantFrom('"', '{', '}', ',', ':', ' ', '\\', '0').map(utf8Encode)
      )
    });
    fc.assert(
      fc.property(edit, ({ at, drop, put }) => {
        const bytes = Uint8Array.of(
          ...original.subarray(0, at),
          ...put,
          ...original.subarray(at + drop)
        );
        const code = codeOf(() => {
          const again = utf8Encode(fileParts(parseFile(bytes)).join(''));
          const length = Math.max(again.length, bytes.length);
          expect(length - bytes.length).toBeLessThan(2);
          expect(again.subarray(0, bytes.length)).toEqual(bytes);
        });
        expect(CODES).toContain(code);
      })
    );
  });
});

it('is opened and read to its end by the right passphrase alone', async () => {
  expect(await outcome(forge())).toBeNull();
  expect(await outcome(forge({ suite: 'aes' }))).toBeNull();
  expect(await outcome(forge(), 'correct house')).toBe('wrong-secret');
  expect(idOf(1)).toBe(ENTRY_1);
});
