import { entry } from '../testing/store';
import { Search } from './search';

const search = new Search([
  entry('API', { url: 'https://db.example.org' }),
  entry('db-9', { tags: ['Prod', 'eu'] }),
  entry('db-10', { user: 'readonly' }),
  entry('éclair')
]);

const names = (query: string) => search.find(query).map(({ name }) => name);

it('finds everything, as it is sorted, for an empty query', () => {
  expect(names('')).toEqual(['API', 'db-9', 'db-10', 'éclair']);
  expect(names('  ')).toHaveLength(4);
});

it.each([
  ['name', 'DB-1', ['db-10']],
  ['user name', 'READ', ['db-10']],
  ['URL', 'example.org', ['API']],
  ['tag', 'prod', ['db-9']]
])('finds by %s, in any case', (_, query, found) => {
  expect(names(query)).toEqual(found);
});

it('shows names that start with the query first', () => {
  expect(names('db')).toEqual(['db-9', 'db-10', 'API']);
  expect(names(' db ')).toEqual(['db-9', 'db-10', 'API']);
});

it('needs every word', () => {
  expect(names('eu db')).toEqual(['db-9']);
  expect(names('eu readonly')).toEqual([]);
});

it('does not find across the end of a part', () => {
  expect(names('prodeu')).toEqual([]);
});
