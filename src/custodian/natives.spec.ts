/**
 * A page script comes after us, and replaces what it can reach: none of it may see a passphrase on its
 * way to the worker, or a value on its way back.
 */
import { OPEN_GATE } from '../testing/gate';
import { FakeWorker } from '../testing/worker';
import { CustodianClient } from './client';
import {
  has,
  listen,
  plain,
  post,
  promise,
  startWorker,
  terminate,
  workerAddress
} from './natives';

const SECRET = 'open sesame';
const scope = globalThis as any;

/** Puts things back that a script has replaced. */
const restore: (() => void)[] = [];
afterEach(() => {
  for (const undo of restore.splice(0).reverse()) {
    undo();
  }
  FakeWorker.all = [];
});

function replace(target: any, name: PropertyKey, value: unknown): void {
  define(target, name, { value, writable: true });
}

function define(
  target: any,
  name: PropertyKey,
  descriptor: PropertyDescriptor
): void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { configurable: true, ...descriptor });
  restore.push(() =>
    before ? Object.defineProperty(target, name, before) : delete target[name]
  );
}

/** Everything that spies have seen, as text. */
let seen: string;
beforeEach(() => (seen = ''));

const note = (...things: unknown[]) => {
  for (const thing of things) {
    try {
      seen += `${typeof thing === 'string' ? thing : JSON.stringify(thing)}\n`;
    } catch {
      seen += '?\n';
    }
  }
};

/** Notes what a function is called on and with, then does its work. */
function spyOn(target: any, name: PropertyKey): void {
  const original = target[name];
  const { apply } = Reflect;
  let within = false;
  replace(target, name, function (this: unknown, ...args: unknown[]) {
    // What noting itself calls is not of interest.
    if (!within) {
      within = true;
      note(this, ...args);
      within = false;
    }
    return apply(original, this, args);
  });
}

/** Notes what promises resolve with. */
function spyOnThen(): void {
  const { then } = Promise.prototype;
  const { apply } = Reflect;
  replace(
    Promise.prototype,
    'then',
    function (this: Promise<unknown>, done: (value: unknown) => void, no: any) {
      const noted = (value: unknown) => {
        note(value);
        return done?.(value);
      };
      return apply(then, this, [noted, no]);
    }
  );
}

describe('a worker', () => {
  const ADDRESS = 'https://lab.example/worker.js';

  it('has an address that is found out without making it', () => {
    expect(workerAddress(() => new scope.Worker(new URL(ADDRESS)))).toBe(
      ADDRESS
    );
    expect(FakeWorker.all).toEqual([]);
    expect(scope.Worker).toBe(FakeWorker);
  });

  it('leaves the browser’s own in place if that fails', () => {
    expect(() =>
      workerAddress(() => {
        throw new Error('no address');
      })
    ).toThrow('no address');
    expect(scope.Worker).toBe(FakeWorker);
  });

  it('is made by the browser’s own constructor, at that address', () => {
    const Evil = jest.fn();
    replace(scope, 'Worker', Evil);
    replace(scope, 'URL', Evil);
    replace(Reflect, 'construct', Evil);
    const worker = startWorker(ADDRESS) as unknown as FakeWorker;
    expect(worker).toBeInstanceOf(FakeWorker);
    expect(worker.address).toBe(ADDRESS);
    expect(Evil).not.toHaveBeenCalled();
  });
});

describe('a message', () => {
  it('goes by the browser’s own functions', () => {
    const worker = new FakeWorker() as unknown as Worker;
    for (const name of ['postMessage', 'terminate']) {
      replace(FakeWorker.prototype, name, note);
      replace(worker, name, note);
    }
    post(worker, { passphrase: SECRET });
    terminate(worker);
    const fake = worker as unknown as FakeWorker;
    expect(fake.received).toEqual([{ passphrase: SECRET }]);
    expect(fake.isTerminated).toBe(true);
    expect(seen).toBe('');
  });

  it('is heard by the browser’s own functions', () => {
    const worker = new FakeWorker();
    replace(EventTarget.prototype, 'addEventListener', note);
    replace(worker, 'addEventListener', note);
    const heard = jest.fn();
    const failed = jest.fn();
    listen(worker as unknown as Worker, heard, failed);
    expect(seen).toBe('');
    define(MessageEvent.prototype, 'data', {
      get() {
        note('data');
        return 'forged';
      }
    });
    worker.say(SECRET);
    expect(heard).toHaveBeenCalledWith(SECRET);
    expect(seen).toBe('');
    worker.fail('error');
    worker.fail('messageerror');
    expect(failed).toHaveBeenCalledTimes(2);
  });

  it('has the members that it has, not those of every object', () => {
    define(Object.prototype, 'event', { value: 'locked' });
    expect(has({ id: 1 }, 'event')).toBe(false);
    expect(has({ event: 'locked' }, 'event')).toBe(true);
  });
});

describe('a promise', () => {
  it('is awaited without asking its prototype', async () => {
    spyOnThen();
    replace(Promise.prototype, 'constructor', class Evil {});
    const awaited = await promise(resolve => resolve(SECRET));
    expect(awaited).toBe(SECRET);
    expect(seen).toBe('');
  });

  it('does not ask its value for `then`', async () => {
    define(Object.prototype, 'then', {
      get() {
        note(this);
        return undefined;
      }
    });
    const value = plain({ recoveryCode: SECRET });
    const awaited = await promise(resolve => resolve(value));
    const now = seen;
    restore.pop()!();
    expect(awaited).toBe(value);
    expect(now).toBe('');
    expect(Object.keys(value)).toEqual(['recoveryCode']);
  });

  it('of null or a text is left as it is', () => {
    expect(plain(null)).toBeNull();
    expect(plain('text')).toBe('text');
  });
});

it('from the call to the worker and back, nothing is seen', async () => {
  const json = JSON.stringify({ etag: SECRET, entries: [] });
  const client = new CustodianClient(
    {
      worker: () => new scope.Worker() as Worker,
      inPage: () => Promise.reject(new Error())
    },
    { locked: note, deadline: note, slow: note, died: note },
    OPEN_GATE
  );
  // The script runs once Lab has started.
  for (const name of ['get', 'set', 'has', 'delete', 'values'] as const) {
    spyOn(Map.prototype, name);
  }
  spyOnThen();
  define(Object.prototype, 'event', { value: 'locked', writable: true });
  replace(
    Promise.prototype,
    'constructor',
    class Evil extends Promise<unknown> {}
  );
  spyOn(FakeWorker.prototype, 'postMessage');
  spyOn(EventTarget.prototype, 'addEventListener');
  spyOn(JSON, 'parse');
  define(Object.prototype, 'then', {
    get() {
      note(this);
      return undefined;
    }
  });
  for (const name of ['resolve', 'line', 'send', 'passphrase']) {
    define(Object.prototype, name, {
      set(value) {
        note(value);
      },
      get() {
        return undefined;
      }
    });
  }
  const calls = [
    client.call('unlock', { secret: { passphrase: SECRET } }),
    client.call('reveal', { id: 'x', field: 0 })
  ];
  const [worker] = FakeWorker.all;
  worker.say({ event: 'ready' });
  for (let i = 0; i < 10; i++) {
    await Promise.resolve();
  }
  const { received } = worker;
  worker.say({
    id: received[0].id,
    ok: true,
    json
  });
  worker.say({ id: received[1].id, ok: true, value: SECRET });
  const snapshot = await calls[0];
  const value = await calls[1];
  const now = seen;
  restore
    .splice(0)
    .reverse()
    .forEach(undo => undo());
  expect(received[0].args.secret.passphrase).toBe(SECRET);
  expect(value).toBe(SECRET);
  expect(snapshot).toMatchObject({ etag: SECRET });
  expect(now).not.toContain(SECRET);
});

it('the spies do see what is to be seen', async () => {
  spyOn(Map.prototype, 'set');
  new Map().set('k', SECRET);
  expect(seen).toContain(SECRET);
  seen = '';
  spyOnThen();
  replace(Promise.prototype, 'constructor', class Evil {});
  await new Promise(resolve => resolve(SECRET));
  expect(seen).toContain(SECRET);
});

it('a clock that is put forward does not bring the keys into the page', async () => {
  replace(scope, 'setTimeout', (then: () => void) => then());
  const inPage = jest.fn();
  const client = new CustodianClient(
    { worker: () => new scope.Worker() as Worker, inPage },
    { locked: note, deadline: note, slow: note, died: note },
    OPEN_GATE
  );
  const call = client.call('lock', {});
  const [worker] = FakeWorker.all;
  worker.say({ event: 'ready' });
  for (let i = 0; i < 10; i++) {
    await Promise.resolve();
  }
  worker.say({ id: worker.received[0].id, ok: true, value: undefined });
  await call;
  expect(inPage).not.toHaveBeenCalled();
});
