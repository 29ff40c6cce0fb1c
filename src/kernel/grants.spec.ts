import { KernelGrants } from './grants';

const ASKER = { kernel: 'k', generation: 0, path: 'a.ipynb' };

let grants: KernelGrants;
beforeEach(() => {
  grants = new KernelGrants();
  grants.allow(ASKER, ['x', 'y']);
});

it('knows what was granted, added up', () => {
  grants.allow(ASKER, ['y', 'z']);
  expect(grants.of({ ...ASKER })).toEqual(['x', 'y', 'z']);
});

it.each([
  ['kernel', { ...ASKER, kernel: 'l' }],
  ['run of the kernel', { ...ASKER, generation: 1 }],
  ['document', { ...ASKER, path: 'b.ipynb' }]
])('grants nothing to another %s', (_, asker) => {
  expect(grants.of(asker)).toEqual([]);
});

it('keeps apart what differs only in where its parts end', () => {
  grants.allow({ kernel: 'k', generation: 1, path: '2 a' }, ['x']);
  expect(grants.of({ kernel: 'k', generation: 12, path: ' a' })).toEqual([]);
  expect(grants.of({ kernel: 'k 1', generation: 2, path: 'a' })).toEqual([]);
});

it('forgets everything when told', () => {
  grants.clear();
  expect(grants.of(ASKER)).toEqual([]);
});
