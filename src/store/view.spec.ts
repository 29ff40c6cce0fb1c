import { Signal } from '@lumino/signaling';
import { entry } from '../testing/store';
import type { IStore } from './types';
import { StoreView } from './view';

const viewOf = (...names: string[]) => {
  const view = new StoreView({ changed: new Signal({}) } as unknown as IStore);
  view.entries = names.map(name => entry(name));
  return view;
};
const names = (view: StoreView) => view.entries.map(({ name }) => name);

it.each([
  ['API', ['API', 'db-9', 'db-10', 'éclair']],
  ['db-91', ['db-9', 'db-10', 'db-91', 'éclair']],
  ['f', ['db-9', 'db-10', 'éclair', 'f']],
  ['DB-9', ['db-9', 'DB-9', 'db-10', 'éclair']]
])('puts %s where people look for it', (name, list) => {
  const view = viewOf('db-9', 'db-10', 'éclair');
  view.setEntry(`id-${name}`, entry(name));
  expect(names(view)).toEqual(list);
});

it('moves an entry that was renamed', () => {
  const view = viewOf('a', 'b', 'c');
  view.setEntry('id-a', { ...entry('d'), id: 'id-a' });
  expect(names(view)).toEqual(['b', 'c', 'd']);
});

it('takes out an entry that is gone', () => {
  const view = viewOf('a', 'b');
  view.setEntry('id-a', null);
  view.setEntry('id-x', null);
  expect(names(view)).toEqual(['b']);
});

it('leaves the list that was handed out as it is', () => {
  const view = viewOf('a', 'b');
  const { entries } = view;
  view.setEntry('id-a', null);
  expect(entries).toHaveLength(2);
});
