import { KernelGrants } from './grants';

const ASKER = { kernel: 'k', generation: 0, process: 'p', path: 'a.ipynb' };

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
  ['process of the kernel', { ...ASKER, process: 'q' }],
  ['document', { ...ASKER, path: 'b.ipynb' }]
])('grants nothing to another %s', (_, asker) => {
  expect(grants.of(asker)).toEqual([]);
});

it('keeps apart what differs only in where its parts end', () => {
  const process = '';
  grants.allow({ kernel: 'k', generation: 1, process, path: '2 a' }, ['x']);
  for (const [kernel, generation, path] of [
    ['k', 12, ' a'],
    ['k 1', 2, 'a']
  ] as const) {
    expect(grants.of({ kernel, generation, process, path })).toEqual([]);
  }
});

it('forgets everything when told', () => {
  grants.clear();
  expect(grants.of(ASKER)).toEqual([]);
});
