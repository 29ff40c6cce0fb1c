import { draftOf, idOf } from '../testing/vault';
import { applyDraft, type IDraft } from './draft';
import type { IRecord } from './entry';
import { VaultError } from './errors';

const IDENTITY = { id: idOf(1), rev: 4, now: 2000 };
const STORED: IRecord = {
  id: idOf(1),
  rev: 3,
  kind: 'certificate',
  name: 'old',
  user: '',
  url: '',
  notes: '',
  tags: [],
  fields: [
    { name: 'value', type: 'hidden', value: 'kept', unknown: { hint: 1 } },
    { name: 'code', type: 'hidden', value: 'x', unknown: { type: 'totp' } }
  ],
  created: 1000,
  changed: 1000,
  unknown: { later: true }
};

const apply = (more: Partial<IDraft>, stored: IRecord | null = null) =>
  applyDraft({ ...draftOf('a'), ...more }, stored, IDENTITY);

function faultOf(more: Partial<IDraft>): string | undefined {
  try {
    apply(more);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(VaultError);
    expect((error as VaultError).code).toBe('invalid-draft');
    return (error as VaultError).detail;
  }
}
const field = (name: string, more = {}) => ({
  name,
  type: 'text' as const,
  value: '',
  ...more
});

it('makes a new record', () => {
  expect(apply({ name: ' e\u0301 ', tags: [' b ', 'a', 'b', ''] })).toEqual({
    id: idOf(1),
    rev: 4,
    kind: 'login',
    name: 'é',
    user: '',
    url: '',
    notes: '',
    tags: ['b', 'a'],
    fields: [{ name: 'value', type: 'hidden', value: 'a secret', unknown: {} }],
    created: 2000,
    changed: 2000,
    unknown: {}
  });
});

it('keeps kind, creation, and what it does not know', () => {
  const { kind, created, changed, unknown } = apply({}, STORED);
  expect({ kind, created, changed, unknown }).toEqual({
    kind: 'certificate',
    created: 1000,
    changed: 2000,
    unknown: { later: true }
  });
  expect(apply({ kind: 'token' }, STORED).kind).toBe('token');
});

it('keeps the value of a field that comes from a stored one', () => {
  const fields = [
    { from: 1, name: 'code', type: 'hidden' as const },
    { from: 0, name: 'renamed', type: 'hidden' as const, value: 'new' },
    { name: 'another', type: 'text' as const, value: 'y' }
  ];
  // Nor is there a member without a value, which would hide the type when it is written.
  expect(apply({ fields }, STORED).fields).toStrictEqual([
    { name: 'code', type: 'hidden', value: 'x', unknown: { type: 'totp' } },
    { name: 'renamed', type: 'hidden', value: 'new', unknown: { hint: 1 } },
    { name: 'another', type: 'text', value: 'y', unknown: {} }
  ]);
});

it('gives up a type of a later version when another is chosen', () => {
  const fields = [{ from: 1, name: 'code', type: 'text' as const }];
  expect(apply({ fields }, STORED).fields).toEqual([
    { name: 'code', type: 'text', value: 'x', unknown: {} }
  ]);
});

it.each([
  ['name', { name: ' ' }],
  ['name', { name: 'a'.repeat(257) }],
  ['name', { name: 'a\nb' }],
  ['name', { name: '\ud800' }],
  ['kind', { kind: '\ud800' }],
  ['user', { user: 'a\udc00' }],
  ['url', { url: '\ud800' }],
  ['notes', { notes: '\ud800' }],
  ['tags', { tags: ['a', '\ud800', '\udc00'] }],
  ['fields', { fields: [] }],
  ['fields.0', { fields: [field('')] }],
  ['fields.1', { fields: [field('a'), field(' a ')] }],
  ['fields.1', { fields: [field('é'), field('e\u0301')] }],
  ['fields.0', { fields: [field('a'.repeat(257))] }],
  ['fields.0', { fields: [field('a\tb')] }],
  ['fields.0', { fields: [field('a', { value: '\ud800' })] }],
  ['fields.0', { fields: [field('a', { value: undefined })] }],
  ['fields.0', { fields: [field('a', { value: undefined, from: 0 })] }]
] as [string, Partial<IDraft>][])('points to %s: %j', (detail, more) => {
  expect(faultOf(more)).toBe(detail);
});
