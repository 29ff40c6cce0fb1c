import { KernelGrants } from './grants';

const ASKER = {
  connection: 'c',
  kernel: 'k',
  generation: 0,
  process: 'p',
  path: 'a.ipynb'
};

let grants: KernelGrants;
beforeEach(() => {
  grants = new KernelGrants();
  grants.allow(ASKER, ['x', 'y'], 'Python 3');
});

it('knows what was granted, added up', () => {
  grants.allow(ASKER, ['y', 'z'], 'Python 3');
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
  const connection = 'c';
  grants.allow(
    { connection, kernel: 'k', generation: 1, process, path: '2 a' },
    ['x'],
    ''
  );
  for (const [kernel, generation, path] of [
    ['k', 12, ' a'],
    ['k 1', 2, 'a']
  ] as const) {
    expect(
      grants.of({ connection, kernel, generation, process, path })
    ).toEqual([]);
  }
});

it('forgets everything when told', () => {
  grants.clear();
  expect(grants.of(ASKER)).toEqual([]);
});

const listed = () => grants.all.map(({ path, entry }) => `${path} ${entry}`);

it('lists them, for a person to see', () => {
  expect(listed()).toEqual(['a.ipynb x', 'a.ipynb y']);
  expect(grants.all[0]).toMatchObject({ kernel: 'Python 3' });
  expect(Date.now() - grants.all[0].since).toBeLessThan(1000);
});

it('takes one back, and leaves the others', () => {
  grants.allow({ ...ASKER, path: 'b.ipynb' }, ['x'], 'Python 3');
  grants.revoke(grants.all[0]);
  expect(listed()).toEqual(['a.ipynb y', 'b.ipynb x']);
  expect(grants.of(ASKER)).toEqual(['y']);
});

it('lists no more what an earlier process had, once another is granted', () => {
  grants.allow({ ...ASKER, process: 'q' }, ['z'], 'Python 3');
  expect(listed()).toEqual(['a.ipynb z']);
});

describe('a use', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('is noted for what was read, and told soon, once', () => {
    const changed = jest.fn();
    const heldChanged = jest.fn();
    grants.changed.connect(changed);
    grants.heldChanged.connect(heldChanged);
    const { since } = grants.all[0];
    jest.setSystemTime(since + 60_000);
    grants.use({ ...ASKER }, ['x']);
    grants.use(ASKER, ['x']);
    expect(grants.all.map(({ used }) => used - since)).toEqual([60_000, 0]);
    expect(grants.all[0].since).toBe(since);
    expect(changed).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1000);
    expect(changed).toHaveBeenCalledTimes(1);
    grants.use(ASKER, ['y']);
    jest.advanceTimersByTime(1000);
    expect(changed).toHaveBeenCalledTimes(2);
    // The custodian, which is told what is held, need not hear of it.
    expect(heldChanged).not.toHaveBeenCalled();
  });

  it.each([
    ['document', { ...ASKER, path: 'b.ipynb' }],
    ['run', { ...ASKER, generation: 1 }]
  ])('by another %s is none', (_, asker) => {
    const before = grants.all;
    grants.use(asker, ['x']);
    expect(grants.all).toBe(before);
  });
});

it('ends with the kernel, of whichever connection', () => {
  grants.allow({ ...ASKER, kernel: 'page l' }, ['x'], 'R');
  grants.end('k');
  expect(grants.all.map(({ kernel }) => kernel)).toEqual(['R']);
  expect(grants.of(ASKER)).toEqual([]);
});

it('goes with a document that is renamed', () => {
  grants.movePath('a.ipynb', 'b.ipynb');
  expect(grants.of({ ...ASKER, path: 'b.ipynb' })).toEqual(['x', 'y']);
  expect(grants.of(ASKER)).toEqual([]);
});

it('tells of each change, and of nothing else', () => {
  let changes = 0;
  let held = 0;
  grants.changed.connect(() => changes++);
  grants.heldChanged.connect(() => held++);
  grants.revoke(grants.all[0]);
  grants.clear();
  expect([changes, held]).toEqual([2, 2]);
  grants.clear();
  grants.end('k');
  expect([changes, held]).toEqual([2, 2]);
});
