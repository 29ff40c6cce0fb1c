import { entry } from '../testing/store';
import { draftOf } from './draft';

it('has what can be seen, and only points to hidden values', () => {
  const stored = entry('db', {
    rev: 3,
    version: 'v',
    kind: 'login',
    user: 'readonly',
    url: 'https://x',
    tags: ['a'],
    fields: [
      { name: 'value', type: 'hidden' },
      { name: 'port', type: 'text' },
      { name: 'empty', type: 'text' }
    ]
  });
  const detail = { ...stored, notes: 'n', texts: [null, '5432', ''] };
  expect(draftOf(detail)).toEqual({
    id: 'id-db',
    rev: 3,
    version: 'v',
    name: 'db',
    kind: 'login',
    user: 'readonly',
    url: 'https://x',
    notes: 'n',
    tags: ['a'],
    fields: [
      { from: 0, name: 'value', type: 'hidden' },
      { from: 1, name: 'port', type: 'text', value: '5432' },
      { from: 2, name: 'empty', type: 'text', value: '' }
    ]
  });
  expect(draftOf(detail).fields[0]).not.toHaveProperty('value');
});
