import fc from 'fast-check';
import { utf8Decode, utf8Encode } from '../crypto/bytes';
import { pad, unpad } from '../crypto/padding';
import { codeOf, faultOf, idOf, NOW, recordOf } from '../testing/vault';
import {
  decodeRecord,
  encodeRecord,
  paddedLength,
  type IRecord
} from './entry';

const padded = (value: unknown) => {
  const bytes = utf8Encode(JSON.stringify(value));
  return pad(bytes, paddedLength(bytes.length));
};
const decode = (members: object) =>
  decodeRecord(padded({ ...recordOf(idOf(1), 'a'), ...members }));
const refusal = (members: object) => codeOf(() => decode(members));
const textOf = (record: IRecord) => utf8Decode(unpad(encodeRecord(record)));

it.each([
  [0, 256],
  [255, 256],
  [256, 512],
  [511, 512],
  [512, 1024],
  [32_767, 32_768],
  [32_768, 65_536],
  [65_535, 65_536],
  [65_536, 131_072],
  [131_071, 131_072],
  [131_072, 196_608],
  [1_048_576, 1_114_112]
])('pads %d bytes to %d', (length, size) => {
  expect(paddedLength(length)).toBe(size);
});

it('gives a record back, with its members in the order of the table', () => {
  const text = JSON.stringify(recordOf(idOf(1), 'ä 😀'));
  expect(textOf(decodeRecord(padded(JSON.parse(text))))).toBe(text);
});

it('is as long as others, whatever is in it', () => {
  const sizes = ['', 'x'.repeat(30), 'x'.repeat(400), 'x'.repeat(70_000)].map(
    notes => encodeRecord(decode({ notes, tags: [], user: '', url: '' })).length
  );
  expect(sizes).toEqual([256, 256, 1024, 131_072]);
});

it('keeps what it does not know, behind the rest', () => {
  const record = {
    ...recordOf(idOf(1), 'a'),
    fields: [{ name: 'value', type: 'hidden', value: 'x', shape: { a: 1 } }],
    later: [{ b: null }],
    ['__proto__']: { polluted: true }
  };
  const text = JSON.stringify(record);
  const decoded = decodeRecord(padded(record));
  expect(textOf(decoded)).toBe(text);
  expect((decoded as any).polluted).toBeUndefined();
});

it('keeps a type of field that it does not know, and treats it as hidden', () => {
  const fields = [
    { name: 'code', type: 'totp', value: 'x', period: 30 },
    { name: 'value', type: 'text', value: 'y' }
  ];
  const record = decode({ fields });
  expect(record.fields.map(({ type }) => type)).toEqual(['hidden', 'text']);
  expect(JSON.parse(textOf(record)).fields).toEqual(fields);
});

it('keeps any kind', () => {
  expect(decode({ kind: 'certificate' }).kind).toBe('certificate');
  expect(decode({ kind: '' }).kind).toBe('');
});

it.each([
  ['an empty name', { name: '' }],
  ['a name of 257 code units', { name: 'a'.repeat(257) }],
  ['revision 0', { rev: 0 }],
  ['an id of 15 bytes', { id: 'A'.repeat(20) }],
  ['no kind', { kind: undefined }],
  ['a user of another type', { user: null }],
  ['no url', { url: undefined }],
  ['notes of another type', { notes: [] }],
  ['tags of another type', { tags: 'a' }],
  ['a tag of another type', { tags: ['a', 1] }],
  ['no fields', { fields: [] }],
  ['fields of another type', { fields: {} }],
  ['a field without a value', { fields: [{ name: 'a', type: 'text' }] }],
  ['a field without a type', { fields: [{ name: 'a', value: '' }] }],
  ['a field without a name', { fields: [{ type: 'text', value: '' }] }],
  [
    'two fields of one name',
    { fields: Array(2).fill({ name: 'a', type: 'text', value: '' }) }
  ],
  ['no creation', { created: undefined }],
  ['a change of another type', { changed: 'now' }],
  ['a negative time', { changed: -1 }]
])('refuses %s as damaged', (_, members) => {
  expect(refusal(members)).toBe('damaged');
});

it('names the member that is damaged', () => {
  const members = [
    ...['rev', 'kind', 'name', 'user', 'url', 'notes', 'tags', 'fields'],
    ...['created', 'changed']
  ];
  for (const name of members) {
    const fault = faultOf(() => decode({ [name]: undefined }));
    expect(fault).toBe(`damaged: ${name}`);
  }
  const field = { name: 'a', type: 'text', value: '' };
  expect(
    [
      { id: undefined },
      { name: '' },
      { fields: [] },
      { fields: [1] },
      { fields: [{ ...field, name: undefined }] },
      { fields: [{ ...field, type: undefined }] },
      { fields: [{ ...field, value: undefined }] }
    ].map(broken => faultOf(() => decode(broken)))
  ).toEqual([
    'damaged: entry id',
    'damaged: name',
    'damaged: fields',
    'damaged: field',
    'damaged: field name',
    'damaged: field type',
    'damaged: field value'
  ]);
});

it('takes a name that a writer would not give', () => {
  for (const name of ['a'.repeat(256), ' ', 'e\u0301', 'a\nb']) {
    expect(decode({ name }).name).toBe(name);
  }
});

it.each([
  ['not padded', ', malformed padding', utf8Encode('{}')],
  ['zeros alone', ', malformed padding', new Uint8Array(256)],
  ['not UTF-8', ', not UTF-8', pad(Uint8Array.of(0xff), 256)],
  ['no JSON', ', JSON', pad(utf8Encode('{'), 256)],
  [
    'not canonical',
    ', not canonical JSON',
    pad(utf8Encode(`${JSON.stringify(recordOf(idOf(1), 'a'))} `), 512)
  ],
  ['an array', '', padded([])]
])('refuses what is %s as damaged', (_, rule, bytes) => {
  expect(faultOf(() => decodeRecord(bytes))).toBe(`damaged: entry${rule}`);
});

it('takes any number of zeros behind the mark', () => {
  const bytes = utf8Encode(JSON.stringify(recordOf(idOf(1), 'a')));
  for (const more of [1, 2, 3000]) {
    expect(decodeRecord(pad(bytes, bytes.length + more)).name).toBe('a');
  }
});

it('writes and reads 1 MiB, and no more', () => {
  const record = decode({ notes: '' });
  const room = 1024 * 1024 - textOf(record).length;
  const full = { ...record, notes: 'n'.repeat(room) };
  expect(decodeRecord(encodeRecord(full)).notes).toHaveLength(room);
  const over = { ...record, notes: 'n'.repeat(room + 1) };
  expect(codeOf(() => encodeRecord(over))).toBe('too-large');
  expect(faultOf(() => decode({ notes: over.notes }))).toBe(
    'damaged: entry, size'
  );
});

it('gives any record back', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 50 });
  const record = fc.record({
    id: fc.constant(idOf(1)),
    rev: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    kind: text,
    name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    user: text,
    url: text,
    notes: text,
    tags: fc.array(text, { maxLength: 3 }),
    fields: fc.uniqueArray(
      fc.record({
        name: text,
        type: fc.constantFrom('text' as const, 'hidden' as const),
        value: text,
        unknown: fc.constantFrom({}, { later: 1 }, { type: 'totp' })
      }),
      { minLength: 1, maxLength: 4, selector: field => field.name }
    ),
    created: fc.nat({ max: NOW }),
    changed: fc.nat({ max: NOW }),
    unknown: fc.constantFrom({}, { later: { a: [1] } }, { '7': 1 })
  });
  fc.assert(
    fc.property(record, one => {
      const fields = one.fields.map(field => ({
        ...field,
        type: 'type' in field.unknown ? ('hidden' as const) : field.type
      }));
      expect(decodeRecord(encodeRecord(one))).toEqual({ ...one, fields });
    })
  );
});

it('puts nothing of an entry into an error', () => {
  const bytes = pad(utf8Encode('{"name":"hush"'), 256);
  expect(() => decodeRecord(bytes)).not.toThrow(/hush/);
  expect(() => decode({ kind: ['hush'] })).not.toThrow(/hush/);
});
