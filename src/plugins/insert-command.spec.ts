import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { insertCall, quickPick } from '../insert';
import { FakeStore } from '../testing/store';
import { InsertCommand } from './insert-command';

jest.mock('../insert', () => ({
  insertCall: jest.fn(() => true),
  quickPick: jest.fn(async () => 'picked')
}));

const trans = nullTranslator.load('jupyterlab_credential_store');
/** What the panel does after an unlock in it. */
const afterUnlock = jest.fn((_then: () => void) => undefined);
const open = jest.fn(async () => ({ afterUnlock }));
const warn = jest.fn();
const trackers = { notebooks: null, consoles: null, current: () => null };

let store: FakeStore;
let command: InsertCommand;

beforeEach(() => {
  jest.clearAllMocks();
  store = new FakeStore('db', 'api');
  const lockChanged = new Signal<object, boolean>({});
  store.changed.connect(() =>
    lockChanged.emit(store.state.kind === 'unlocked')
  );
  command = new InsertCommand({
    session: { ready: async () => store, lockChanged } as any,
    trackers,
    trans,
    open,
    warn
  });
});
afterEach(() => void jest.restoreAllMocks());

const rest = () => new Promise(resolve => setTimeout(resolve, 20));
const goOn = async () => {
  afterUnlock.mock.lastCall![0]();
  await rest();
};
const unlock = async () => {
  await store.unlock({ passphrase: '' });
  await rest();
};

it('writes the call for what is picked among all', async () => {
  await command.run();
  const { find } = jest.mocked(quickPick).mock.calls[0][0];
  expect(find('').map(({ name }) => name)).toEqual(['api', 'db']);
  expect(insertCall).toHaveBeenCalledWith('picked', trackers);
  expect(open).not.toHaveBeenCalled();
});

it('writes nothing if nothing is picked', async () => {
  jest.mocked(quickPick).mockResolvedValueOnce(null);
  await command.run();
  expect(insertCall).not.toHaveBeenCalled();
  expect(warn).not.toHaveBeenCalled();
});

it('the pick ends with a lock', async () => {
  let over!: AbortSignal;
  jest.mocked(quickPick).mockImplementationOnce(async options => {
    over = options.over;
    await store.lock();
    return null;
  });
  await command.run();
  expect(over.aborted).toBe(true);
});

describe('a locked store', () => {
  beforeEach(() => store.lock());

  it('is unlocked in the panel first, then it goes on', async () => {
    await command.run();
    expect(open).toHaveBeenCalledTimes(1);
    // An unlock alone may be for a kernel, in its dialog.
    await unlock();
    expect(quickPick).not.toHaveBeenCalled();
    await goOn();
    expect(quickPick).toHaveBeenCalledTimes(1);
    expect(insertCall).toHaveBeenCalledWith('picked', trackers);
  });

  it('is unlocked for a name that was given', async () => {
    await command.run('db');
    await unlock();
    await goOn();
    expect(quickPick).not.toHaveBeenCalled();
    expect(insertCall).toHaveBeenCalledWith('db', trackers);
  });
});

it('without a store, leads to the panel', async () => {
  store.become({ state: { kind: 'absent' } });
  await command.run();
  expect(open).toHaveBeenCalledTimes(1);
  expect(afterUnlock).not.toHaveBeenCalled();
});
