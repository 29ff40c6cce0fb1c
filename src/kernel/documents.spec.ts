import { describe as documentOf } from './documents';

function widget(path: string, clientId: string, id: string, more = {}) {
  return {
    isVisible: false,
    sessionContext: {
      path,
      name: path.split('/').pop(),
      kernelDisplayName: 'Python 3',
      session: { path, kernel: { clientId, id } },
      ...more
    }
  } as any;
}

const activate = jest.fn();

function find(
  clientId: string,
  id: string,
  { notebooks = [] as any[], consoles = [] as any[] } = {}
) {
  const tracker = (widgets: any[]) =>
    ({ find: (test: (w: any) => boolean) => widgets.find(test) }) as any;
  return documentOf({ clientId, id, name: 'python3' } as any, {
    notebooks: tracker(notebooks),
    consoles: tracker(consoles),
    activate,
    startOf: ({ clientId }) => (clientId === 'c' ? 7 : undefined),
    unknown: 'An unknown document'
  });
}

it('is the notebook whose connection it is', () => {
  const notebook = widget('work/a.ipynb', 'c', 'k');
  const found = find('c', 'k', { notebooks: [notebook] });
  expect(found).toMatchObject({
    path: 'work/a.ipynb',
    name: 'a.ipynb',
    kind: 'notebook',
    kernelName: 'Python 3',
    kernelSince: 7,
    isVisible: false
  });
  notebook.isVisible = true;
  expect(found.isVisible).toBe(true);
  found.show();
  expect(activate).toHaveBeenCalledWith(notebook);
});

it('is the console, where that has the connection, though a notebook has the kernel', () => {
  const found = find('c', 'k', {
    notebooks: [widget('a.ipynb', 'd', 'k')],
    consoles: [widget('console', 'c', 'k')]
  });
  expect(found).toMatchObject({ path: 'console', kind: 'console' });
});

it('is the right one of two notebooks on one kernel', () => {
  const notebooks = [widget('a.ipynb', 'd', 'k'), widget('b.ipynb', 'c', 'k')];
  expect(find('c', 'k', { notebooks }).path).toBe('b.ipynb');
});

it('is one on the same kernel for the connection of another extension', () => {
  const notebooks = [widget('a.ipynb', 'x', 'l'), widget('b.ipynb', 'y', 'k')];
  expect(find('other', 'k', { notebooks }).path).toBe('b.ipynb');
});

it('is unknown, and of a path that no document has, for any other kernel', () => {
  const notebooks = [widget('a.ipynb', 'x', 'l')];
  expect(find('c', 'k', { notebooks })).toMatchObject({
    path: 'kernel:k',
    name: 'An unknown document',
    kind: 'unknown',
    kernelName: 'python3',
    kernelSince: 7,
    isVisible: true
  });
});

it('is unknown where nothing tracks documents, or none has a session', () => {
  const connection = { clientId: 'c', id: 'k', name: 'python3' } as any;
  const trackers = {
    notebooks: null,
    consoles: null,
    activate,
    startOf: () => undefined,
    unknown: '?'
  };
  expect(documentOf(connection, trackers).kind).toBe('unknown');
  const notebooks = [widget('a.ipynb', 'c', 'k', { session: null })];
  expect(find('c', 'k', { notebooks }).kind).toBe('unknown');
});

it('is called by its path if it has no name', () => {
  const notebooks = [widget('a.ipynb', 'c', 'k', { name: '' })];
  expect(find('c', 'k', { notebooks }).name).toBe('a.ipynb');
});
