import { utf8Decode, utf8Encode } from '../crypto/bytes';
import { pad, unpad } from '../crypto/padding';
import { codeOf, faultOf, idOf, NOW, recordOf } from '../testing/vault';
import * as canonical from './canonical';
import { decodeRecord } from './entry';
import {
  decodeIndex,
  emptyIndex,
  encodeIndex,
  rowOf,
  rowsByName,
  type IIndex,
  type IRow
} from './index-table';

// As functions that a test can watch.
jest.mock('./canonical', () => ({
  __esModule: true,
  ...jest.requireActual('./canonical')
}));

const DAY = 24 * 3600 * 1000;
const [A, B] = [idOf(1), idOf(2)];
const DIGEST = 'A'.repeat(43);

const rowJson = (id: string, more: object = {}) => ({
  id,
  rev: 1,
  digest: DIGEST,
  name: 'a',
  kind: 'login',
  user: '',
  url: '',
  tags: [],
  fields: [{ name: 'value', type: 'hidden' }],
  created: 1,
  changed: 2,
  ...more
});
const indexJson = (more: object = {}) => ({
  entries: [rowJson(A)],
  deleted: [{ id: B, rev: 2, at: NOW }],
  grants: [{ path: 'a.ipynb', entry: A, since: 1, used: 2 }],
  revoked: [{ path: 'b.ipynb', entry: A, at: NOW }],
  ...more
});
const decodeText = (text: string) => {
  const bytes = utf8Encode(text);
  return decodeIndex(pad(bytes, bytes.length + 1));
};
const decode = (more: object = {}) =>
  decodeText(JSON.stringify(indexJson(more)));
const textOf = (index: IIndex, now = NOW) =>
  utf8Decode(unpad(encodeIndex(index, now)));

it('gives an index back, with its members in the order of the table', () => {
  expect(textOf(decode())).toBe(JSON.stringify(indexJson()));
  expect(textOf(emptyIndex())).toBe(
    '{"entries":[],"deleted":[],"grants":[],"revoked":[]}'
  );
});

it.each([
  [1022, 1024],
  [1023, 1024],
  [1024, 2048],
  [2047, 2048],
  [2048, 3072]
])('pads %d bytes to %d', (length, size) => {
  const index = emptyIndex();
  index.unknown = { x: '' };
  index.unknown = { x: 'x'.repeat(length - textOf(index).length) };
  expect(textOf(index)).toHaveLength(length);
  expect(encodeIndex(index, NOW)).toHaveLength(size);
});

it('keeps what it does not know, at every place', () => {
  const later = { later: { a: [1] } };
  const json = indexJson({
    entries: [
      rowJson(A, {
        fields: [
          { name: 'code', type: 'totp', ...later },
          { name: 'value', type: 'text', ...later }
        ],
        ...later
      })
    ],
    deleted: [{ id: B, rev: 2, at: NOW, ...later }],
    grants: [{ path: 'a.ipynb', entry: A, since: 1, used: 2, ...later }],
    revoked: [{ path: 'b.ipynb', entry: A, at: NOW, ...later }],
    ...later
  });
  const index = decodeText(JSON.stringify(json));
  expect(textOf(index)).toBe(JSON.stringify(json));
  expect(index.rows.get(A)!.fields.map(({ type }) => type)).toEqual([
    'hidden',
    'text'
  ]);
});

it.each([
  ['no entries', { entries: undefined }],
  ['no deleted', { deleted: undefined }],
  ['no grants', { grants: undefined }],
  ['no revoked', { revoked: undefined }],
  ['entries of another type', { entries: {} }],
  ['a row of another type', { entries: [[]] }],
  ['an id twice', { entries: [rowJson(A), rowJson(A)] }],
  ['a row without a revision', { entries: [rowJson(A, { rev: undefined })] }],
  ['revision 0', { entries: [rowJson(A, { rev: 0 })] }],
  [
    'a digest of 31 bytes',
    { entries: [rowJson(A, { digest: 'A'.repeat(42) })] }
  ],
  ['an empty name', { entries: [rowJson(A, { name: '' })] }],
  ['a long name', { entries: [rowJson(A, { name: 'a'.repeat(257) })] }],
  ['a kind of another type', { entries: [rowJson(A, { kind: 1 })] }],
  ['no fields', { entries: [rowJson(A, { fields: [] })] }],
  [
    'a field without a type',
    { entries: [rowJson(A, { fields: [{ name: 'a' }] })] }
  ],
  [
    'two fields of one name',
    {
      entries: [
        rowJson(A, { fields: Array(2).fill({ name: 'a', type: 'text' }) })
      ]
    }
  ],
  ['a tag of another type', { entries: [rowJson(A, { tags: [1] })] }],
  ['a time of text', { entries: [rowJson(A, { created: '1' })] }],
  ['a tombstone without a time', { deleted: [{ id: B, rev: 1 }] }],
  ['a tombstone of no id', { deleted: [{ id: 'B', rev: 1, at: 1 }] }],
  ['a grant without a use', { grants: [{ path: '', entry: A, since: 1 }] }],
  [
    'a grant to no id',
    { grants: [{ path: '', entry: '', since: 1, used: 1 }] }
  ],
  ['a revocation of another type', { revoked: ['x'] }],
  ['a revocation without a time', { revoked: [{ path: '', entry: A }] }]
])('refuses %s as damaged', (_, more) => {
  expect(codeOf(() => decode(more))).toBe('damaged');
});

it('names what is damaged', () => {
  const row = Object.keys(rowJson(A)).filter(name => name !== 'id');
  for (const name of row) {
    const entries = [rowJson(A, { [name]: undefined })];
    expect(faultOf(() => decode({ entries }))).toBe(`damaged: ${name}`);
  }
  const tables = ['entries', 'deleted', 'grants', 'revoked'];
  for (const name of tables) {
    expect(faultOf(() => decode({ [name]: 1 }))).toBe(`damaged: ${name}`);
  }
  const faultsOf = (table: string, good: object, names: string[]) =>
    [1, ...names.map(name => ({ ...good, [name]: undefined }))].map(one =>
      faultOf(() => decode({ [table]: [one] }))?.replace('damaged: ', '')
    );
  expect([
    faultsOf('entries', rowJson(A), ['id']),
    faultsOf('entries', rowJson(A, { fields: [1] }), ['x']),
    faultsOf('deleted', { id: B, rev: 2, at: 1 }, ['id', 'rev', 'at']),
    faultsOf('grants', { path: '', entry: A, since: 1, used: 2 }, [
      ...['path', 'entry', 'since', 'used']
    ]),
    faultsOf('revoked', { path: '', entry: A, at: 1 }, ['path', 'entry', 'at'])
  ]).toEqual([
    ['row', 'row id'],
    ['row', 'field'],
    ['deleted', 'deleted id', 'rev', 'at'],
    ['grant', 'path', 'grant', 'since', 'used'],
    ['revoked', 'path', 'revoked', 'at']
  ]);
  const entries = [rowJson(A), rowJson(A)];
  expect(faultOf(() => decode({ entries }))).toBe(
    'damaged: index, repeated id'
  );
});

describe('what a later version adds', () => {
  const odd = { later: -1 };
  const grant = (path: string) => ({ path, entry: A, since: 1, used: 2 });
  const field = (name: string) => ({ name, type: 'text' });
  const two = {
    entries: [rowJson(A), rowJson(B, { fields: ['a', 'b'].map(field) })],
    deleted: [A, B].map(id => ({ id, rev: 2, at: NOW })),
    grants: ['a', 'b'].map(grant),
    revoked: ['a', 'b'].map(path => ({ path, entry: A, at: NOW }))
  };
  const [row, other] = two.entries;

  it('is canonical, or the index is damaged, wherever it stands', () => {
    const fields = [field('a'), { ...field('b'), ...odd }];
    for (const more of [
      odd,
      { entries: [row, { ...other, ...odd }] },
      { entries: [row, { ...other, fields }] },
      { deleted: [two.deleted[0], { ...two.deleted[1], ...odd }] },
      { grants: [two.grants[0], { ...two.grants[1], ...odd }] },
      { revoked: [two.revoked[0], { ...two.revoked[1], ...odd }] }
    ]) {
      expect(faultOf(() => decode({ ...two, ...more }))).toBe(
        'damaged: index, not canonical JSON'
      );
    }
  });

  it('is all that has to be looked at, of an index of which there may be megabytes', () => {
    const look = jest.spyOn(canonical, 'assertCanonical');
    expect(textOf(decode(two))).toBe(JSON.stringify(indexJson(two)));
    expect(look).not.toHaveBeenCalled();
    decode({ ...two, later: 1 });
    expect(look).toHaveBeenCalledTimes(1);
    look.mockRestore();
  });
});

it('refuses bad padding, UTF-8 and JSON as damaged', () => {
  for (const [rule, bytes] of [
    [', malformed padding', new Uint8Array(1024)],
    [', not UTF-8', pad(Uint8Array.of(0xff), 1024)],
    [', JSON', pad(utf8Encode('{'), 1024)],
    [
      ', not canonical JSON',
      pad(utf8Encode(` ${JSON.stringify(indexJson())}`), 1024)
    ],
    [', not canonical JSON', pad(utf8Encode(' []'), 1024)],
    ['', pad(utf8Encode('[]'), 1024)]
  ] as const) {
    expect(faultOf(() => decodeIndex(bytes))).toBe(`damaged: index${rule}`);
  }
});

it('writes a number that it does not know as a name first', () => {
  const text = JSON.stringify({ 7: { entries: [] }, ...indexJson() });
  expect(textOf(decodeText(text))).toBe(text);
});

it('writes each row as it is, however often', () => {
  const index = decode({ entries: [rowJson(A), rowJson(B)] });
  textOf(index);
  index.rows.set(A, { ...index.rows.get(A)!, name: 'b' });
  expect(textOf(index)).toBe(
    JSON.stringify(
      indexJson({ entries: [rowJson(A, { name: 'b' }), rowJson(B)] })
    )
  );
  index.rows.delete(A);
  index.grants.clear();
  index.revoked.clear();
  expect(JSON.parse(textOf(index)).entries).toEqual([rowJson(B)]);
});

it('joins what comes twice', () => {
  const { deleted, grants, revoked } = decode({
    deleted: [
      { id: B, rev: 2, at: 9 },
      { id: B, rev: 3, at: 8 }
    ],
    grants: [
      { path: 'a', entry: A, since: 1, used: 9 },
      { path: 'a', entry: A, since: 2, used: 8 }
    ],
    revoked: [
      { path: 'a', entry: A, at: 9 },
      { path: 'a', entry: A, at: 8 }
    ]
  });
  expect([...deleted.values()]).toMatchObject([{ rev: 3, at: 9 }]);
  expect([...grants.values()]).toMatchObject([{ since: 2, used: 9 }]);
  expect([...revoked.values()]).toMatchObject([{ at: 9 }]);
});

it('writes tombstones and revocations for 90 days, to the millisecond', () => {
  const index = decode();
  const written = (now: number) => {
    const { deleted, revoked } = JSON.parse(textOf(index, now));
    return [deleted.length, revoked.length];
  };
  expect(written(NOW + 90 * DAY)).toEqual([1, 1]);
  expect(written(NOW + 90 * DAY + 1)).toEqual([0, 0]);
  expect(written(NOW - DAY)).toEqual([1, 1]);
});

it('writes no grant to an entry that is gone', () => {
  const index = decode();
  index.rows.delete(A);
  expect(JSON.parse(textOf(index)).grants).toEqual([]);
});

describe('rowOf', () => {
  const record = (fields: object[]) => {
    const bytes = utf8Encode(
      JSON.stringify({ ...recordOf(A, 'a'), fields, secret: 'hush' })
    );
    return decodeRecord(pad(bytes, bytes.length + 1));
  };

  it('takes no value, no note and nothing unknown from a record', () => {
    const fields = [{ name: 'value', type: 'text', value: 'hush', x: 'hush' }];
    const row = rowOf(record(fields), DIGEST);
    expect(JSON.stringify(row)).not.toMatch(/hush|note/);
  });

  it('keeps what the old row had besides, and the type of the record', () => {
    const old = decode({
      entries: [
        rowJson(A, {
          fields: [
            { name: 'code', type: 'totp', x: 1 },
            { name: 'value', type: 'hotp', y: 2 }
          ],
          later: 1
        })
      ]
    }).rows.get(A);
    const fields = [
      { name: 'value', type: 'hidden', value: '' },
      { name: 'code', type: 'totp', value: '' },
      { name: 'new', type: 'uuid', value: '' }
    ];
    const row = rowOf(record(fields), DIGEST, old);
    expect(row.unknown).toEqual({ later: 1 });
    // No member without a value, which would hide the type when it is written.
    expect(row.fields).toStrictEqual([
      { name: 'value', type: 'hidden', unknown: { y: 2 } },
      { name: 'code', type: 'hidden', unknown: { type: 'totp', x: 1 } },
      { name: 'new', type: 'hidden', unknown: { type: 'uuid' } }
    ]);
  });
});

describe('rowsByName', () => {
  const row = (id: string, name: string, changed: number) =>
    ({ id, name, changed }) as IRow;

  it('means the one changed last, in whatever order', () => {
    const [old, young] = [row(A, 'a', 1), row(B, 'a', 2)];
    expect(rowsByName([old, young]).get('a')).toBe(young);
    expect(rowsByName([young, old]).get('a')).toBe(young);
  });

  it('means the first of two that were changed at once, as the Python client does', () => {
    const [first, second] = [row(A, 'a', 1), row(B, 'a', 1)];
    expect(rowsByName([first, second]).get('a')).toBe(first);
  });

  it('composes names that a foreign writer left as they were', () => {
    expect(rowsByName([row(A, 'e\u0301', 1)]).has('é')).toBe(true);
  });
});
