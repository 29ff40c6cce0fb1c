import type { ServiceManager } from '@jupyterlab/services';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { Signal } from '@lumino/signaling';
import { makeStore } from './make-store';
import { Preferences } from './preferences';
import { Session } from './session';
import { FakeStore } from './testing/store';

jest.mock('./make-store', () => ({ makeStore: jest.fn() }));

const make = makeStore as unknown as jest.Mock;

class Store extends FakeStore {
  readonly setAutoLock = jest.fn(async () => undefined);
}

let store: Store;
let preferences: Preferences;
let session: Session;
/** What listens to the page's events; they go with the page, and here with the test. */
let heard: { type: string; listener(event: Event): void }[];
let gone: AbortController;

beforeEach(() => {
  store = new Store('db');
  store.state = { kind: 'locked' };
  make.mockReset().mockReturnValue(store);
  preferences = new Preferences();
  session = new Session({} as ServiceManager.IManager, preferences);
});
beforeEach(() => {
  heard = [];
  gone = new AbortController();
  const { addEventListener } = EventTarget.prototype;
  for (const target of [document, window] as EventTarget[]) {
    jest
      .spyOn(target, 'addEventListener')
      .mockImplementation((type, listener, options) => {
        heard.push({ type, listener: listener as (event: Event) => void });
        addEventListener.call(target, type, listener, {
          ...(options as object),
          signal: gone.signal
        });
      });
  }
});
afterEach(() => {
  gone.abort();
  jest.restoreAllMocks();
});

/** As if a person had done it: `isTrusted` is the browser's own, no page can set it. */
function trusted(type: string): void {
  const event = new Proxy(new Event(type), {
    get: (of, name) =>
      name === 'isTrusted' ? true : (Reflect.get(of, name) as unknown)
  });
  heard
    .filter(one => one.type === type)
    .forEach(({ listener }) => listener(event));
}

describe('the store', () => {
  it('is made at its first use, once, with its file read', async () => {
    store.state = { kind: 'loading' };
    expect(session.store).toBeNull();
    expect(make).not.toHaveBeenCalled();
    const [first, second] = await Promise.all([
      session.ready(),
      session.ready()
    ]);
    expect(first).toBe(store);
    expect(second).toBe(store);
    expect(session.store).toBe(store);
    expect(make).toHaveBeenCalledTimes(1);
    expect(store.refresh).toHaveBeenCalled();
  });

  it('that could not be loaded is tried again', async () => {
    make.mockImplementationOnce(() => {
      throw new Error('ChunkLoadError');
    });
    await expect(session.ready()).rejects.toThrow();
    expect(session.store).toBeNull();
    expect(await session.ready()).toBe(store);
  });

  it('gets the time of its auto-lock, and each change of it', async () => {
    await session.ready();
    expect(store.setAutoLock).toHaveBeenLastCalledWith(15 * 60_000);
    preferences.values = { ...preferences.values, autoLockMinutes: 1 };
    preferences.changed.emit();
    expect(store.setAutoLock).toHaveBeenLastCalledWith(60_000);
  });
});

describe('other extensions', () => {
  it('are told of locks and unlocks, not of other changes', async () => {
    const told: boolean[] = [];
    session.lockChanged.connect((_, unlocked) => void told.push(unlocked));
    await session.lock();
    expect(session.isUnlocked).toBe(false);
    await session.ready();
    await store.unlock({ passphrase: '' });
    store.become();
    expect(session.isUnlocked).toBe(true);
    await session.lock();
    expect(store.lock).toHaveBeenCalledTimes(1);
    expect(told).toEqual([true, false]);
  });
});

describe('what a person does', () => {
  it.each(['keydown', 'pointerdown'])('puts the lock off: %s', async type => {
    await session.ready();
    trusted(type);
    expect(store.touch).toHaveBeenCalledTimes(1);
  });

  it('is not what a script says it does', async () => {
    await session.ready();
    document.body.dispatchEvent(new Event('keydown', { bubbles: true }));
    document.body.dispatchEvent(new Event('pointerdown', { bubbles: true }));
    expect(store.touch).not.toHaveBeenCalled();
  });
});

describe('a page', () => {
  const unsaved = () =>
    store.become({ notices: [{ kind: 'unsaved', reason: 'unreachable' }] });
  const leave = () => {
    const event = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(event);
    return event.defaultPrevented;
  };

  it('locks when it goes', async () => {
    await session.ready();
    window.dispatchEvent(new Event('pagehide'));
    expect(store.lock).toHaveBeenCalledTimes(1);
  });

  it('goes without a question if all is stored', async () => {
    await session.ready();
    expect(leave()).toBe(false);
  });

  it('asks before changes are lost that are in it alone', async () => {
    await session.ready();
    unsaved();
    expect(leave()).toBe(true);
    store.become({ notices: [{ kind: 'passphrase-changed' }] });
    expect(leave()).toBe(true);
    store.become({ notices: [{ kind: 'in-page' }] });
    expect(leave()).toBe(false);
  });

  it('stores what is unsaved when it is back on line', async () => {
    await session.ready();
    window.dispatchEvent(new Event('online'));
    expect(store.retrySave).not.toHaveBeenCalled();
    unsaved();
    window.dispatchEvent(new Event('online'));
    expect(store.retrySave).toHaveBeenCalledTimes(1);
  });

  it('reads the file when it is looked at again', async () => {
    await session.ready();
    const hidden = jest.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(store.refresh).not.toHaveBeenCalled();
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(store.refresh).toHaveBeenCalledTimes(1);
  });
});

it('preferences follow the settings, over defaults', () => {
  const settings = {
    composite: { autoLockMinutes: 3 },
    changed: new Signal<object, void>({})
  };
  const changed = jest.fn();
  preferences.changed.connect(changed);
  preferences.follow(settings as unknown as ISettingRegistry.ISettings);
  expect(preferences.values).toMatchObject({
    autoLockMinutes: 3,
    clipboardSeconds: 30
  });
  settings.composite = { autoLockMinutes: 4 };
  settings.changed.emit();
  expect(preferences.values.autoLockMinutes).toBe(4);
  expect(changed).toHaveBeenCalledTimes(2);
});

it('tells the store of documents that were renamed before it was made', async () => {
  session.movePath('a.ipynb', 'b.ipynb');
  expect(make).not.toHaveBeenCalled();
  await session.ready();
  expect(store.movePath).toHaveBeenCalledWith('a.ipynb', 'b.ipynb');
  session.movePath('b.ipynb', 'c.ipynb');
  expect(store.movePath).toHaveBeenLastCalledWith('b.ipynb', 'c.ipynb');
  expect(store.movePath).toHaveBeenCalledTimes(2);
});

it('lets a renamed document keep what its kernel was allowed', () => {
  const asker = {
    connection: 'c',
    kernel: 'k',
    generation: 0,
    process: 'p',
    path: 'a.ipynb'
  };
  session.kernelGrants.allow(asker, ['id'], 'Python 3');
  session.movePath('a.ipynb', 'b.ipynb');
  expect(session.kernelGrants.all[0].path).toBe('b.ipynb');
});
