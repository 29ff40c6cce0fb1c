import { Signal } from '@lumino/signaling';
import { openNotebook } from './new-notebook';

function cell(mimeType: string) {
  const model = { mimeType };
  const mimeTypeChanged = new Signal<object, void>(model);
  return { ready: Promise.resolve(), model: { ...model, mimeTypeChanged } };
}

function make(made: unknown, exists = true) {
  const commands = {
    hasCommand: jest.fn(() => exists),
    execute: jest.fn(async () => made)
  };
  return { commands, opened: openNotebook(commands, 'python3') };
}

const notebook = (activeCell: unknown) => ({
  context: { ready: Promise.resolve() },
  content: { activeCell }
});

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

it('is opened with the kernel that is named', async () => {
  const { commands, opened } = make(notebook(cell('text/x-ipython')));
  expect(await opened).toBe(true);
  expect(commands.execute).toHaveBeenCalledWith('notebook:create-new', {
    kernelName: 'python3'
  });
});

it('is waited for until its language is known', async () => {
  const first = cell('text/plain');
  const { opened } = make(notebook(first));
  const done = jest.fn();
  void opened.then(done);
  await jest.advanceTimersByTimeAsync(1000);
  expect(done).not.toHaveBeenCalled();
  first.model.mimeTypeChanged.emit();
  await jest.advanceTimersByTimeAsync(0);
  expect(done).toHaveBeenCalledWith(true);
  expect(jest.getTimerCount()).toBe(0);
});

it('is written to all the same if no kernel comes', async () => {
  const { opened } = make(notebook(cell('text/plain')));
  await jest.advanceTimersByTimeAsync(15_000);
  expect(await opened).toBe(true);
});

it.each([
  ['there is no such command', make({}, false)],
  ['it is opened in another page', make(undefined)],
  ['it has no cell', make(notebook(null))]
])('is not there where %s', async (_, { opened }) => {
  expect(await opened).toBe(false);
});
