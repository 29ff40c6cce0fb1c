import { OPEN_GATE } from '../testing/gate';
import { FakeWorker } from '../testing/worker';
import { CustodianClient } from './client';
import type { ICall, Message } from './protocol';

// The real ones are the browser's at the import, before jest puts its own in their place.
jest.mock('./natives', () => ({
  ...jest.requireActual<object>('./natives'),
  later: (then: () => void, ms: number) => setTimeout(then, ms),
  cancel: (timer: NodeJS.Timeout) => clearTimeout(timer)
}));

const events = {
  locked: jest.fn(),
  deadline: jest.fn(),
  slow: jest.fn(),
  died: jest.fn()
};
let client: CustodianClient;
let forbidden: boolean;
/** The custodian in the page: what it was asked, and how it answers. */
let served: ICall[];
let answer: (message: Message) => void;
const inPage = jest.fn();

beforeEach(() => {
  jest.useFakeTimers();
  FakeWorker.all = [];
  forbidden = false;
  served = [];
  Object.values(events).forEach(event => event.mockReset());
  inPage.mockReset().mockImplementation(async () => (send: typeof answer) => {
    answer = send;
    return async (call: ICall) => void served.push(call);
  });
  client = new CustodianClient(
    {
      worker: () => {
        if (forbidden) {
          throw new Error('worker-src');
        }
        return new Worker('custodian.worker.js');
      },
      inPage
    },
    events,
    OPEN_GATE
  );
});
afterEach(() => jest.useRealTimers());

const rest = () => jest.advanceTimersByTimeAsync(0);
const worker = () => FakeWorker.all.at(-1)!;

/** A worker that has started. */
async function start(): Promise<FakeWorker> {
  const call = client.call('touch', {});
  worker().say({ event: 'ready' });
  await rest();
  worker().say({ id: worker().received[0].id, ok: true, value: undefined });
  await call;
  worker().received.length = 0;
  return worker();
}

it('sends what the gate has looked at, and nothing that it refuses', async () => {
  const gate = { ...OPEN_GATE, admits: jest.fn(() => true), note: jest.fn() };
  client = new CustodianClient(
    { worker: () => new Worker('custodian.worker.js'), inPage },
    events,
    gate
  );
  const { received } = await start();
  const ids = ['mine', 'mine', 'yours'];
  const args = {
    field: 0,
    ids,
    get id() {
      return ids.shift()!;
    }
  };
  const revealed = client.call('reveal', args);
  expect(gate.admits).toHaveBeenLastCalledWith({
    op: 'reveal',
    args: { field: 0, id: 'mine', ids: expect.anything() }
  });
  expect(received[0]).toMatchObject({ op: 'reveal', args: { id: 'mine' } });
  worker().say({ id: received[0].id, ok: true, value: 'x' });
  await revealed;
  expect(gate.note.mock.lastCall).toMatchObject([
    { op: 'reveal' },
    { value: 'x' }
  ]);
  gate.admits.mockReturnValue(false);
  await expect(
    client.call('reveal', { id: 'a', field: 0 })
  ).rejects.toMatchObject({ code: 'not-pressed', detail: 'reveal' });
  expect(received).toHaveLength(1);
});

describe('a worker', () => {
  it('is made at the first call, once', async () => {
    expect(FakeWorker.all).toHaveLength(0);
    void client.call('touch', {});
    void client.call('warm', {});
    await rest();
    expect(FakeWorker.all).toHaveLength(1);
    worker().say({ event: 'ready' });
    await rest();
    expect(worker().received.map(({ op }) => op)).toEqual(['touch', 'warm']);
    expect(client.inPage).toBe(false);
  });

  it('answers by number, in any order', async () => {
    const { received, ...end } = { ...(await start()) };
    expect(end).toBeDefined();
    const first = client.call('reveal', { id: 'a', field: 0 });
    const second = client.call('reveal', { id: 'b', field: 0 });
    const [one, two] = received;
    worker().say({ id: two.id, ok: true, value: 'B' });
    worker().say({ id: one.id, ok: true, value: 'A' });
    expect(await first).toBe('A');
    expect(await second).toBe('B');
  });

  it('reads an answer that comes as JSON', async () => {
    const { received } = await start();
    const list = client.call('list', {});
    const value = { entries: [], grants: [] };
    const { id } = received.at(-1);
    worker().say({ id, ok: true, json: JSON.stringify(value) });
    expect(await list).toEqual(value);
  });

  it('puts a list together that comes in slices, each under its call', async () => {
    const { received } = await start();
    const lists = [client.call('list', {}), client.call('list', {})];
    const [one, two] = received.slice(-2);
    const say = (id: number, more: object) => worker().say({ id, ...more });
    say(one.id, { rows: '[1,2]' });
    say(two.id, { rows: '[9]' });
    say(one.id, { rows: '[3]' });
    for (const { id } of [one, two]) {
      say(id, { ok: true, json: '{"entries":[],"grants":[]}' });
    }
    expect(await Promise.all(lists)).toEqual([
      { entries: [1, 2, 3], grants: [] },
      { entries: [9], grants: [] }
    ]);
  });

  it('tells why a call failed', async () => {
    const { received } = await start();
    const call = client.call('list', {});
    worker().say({
      id: received[0].id,
      ok: false,
      failure: { code: 'invalid-draft', detail: 'name' }
    });
    await expect(call).rejects.toMatchObject({
      name: 'CustodianError',
      code: 'invalid-draft',
      detail: 'name'
    });
  });

  it('is asked in the order of the calls, before and after it has started', async () => {
    void client.call('create', { passphrase: '', suite: 'nacl' });
    void client.call('lock', {});
    worker().say({ event: 'ready' });
    await rest();
    void client.call('touch', {});
    expect(worker().received.map(({ op }) => op)).toEqual([
      'create',
      'lock',
      'touch'
    ]);
  });

  it('tells of locks, deadlines and slow derivations', async () => {
    await start();
    worker().say({ event: 'slow' });
    expect(events.slow).toHaveBeenCalledTimes(1);
    worker().say({ event: 'deadline', at: 5 });
    worker().say({ event: 'deadline', at: null });
    worker().say({ event: 'locked' });
    expect(events.deadline.mock.calls).toEqual([[5], [null]]);
    expect(events.locked).toHaveBeenCalledTimes(1);
  });

  it('is not disturbed by answers that nobody waits for', async () => {
    await start();
    worker().say({ id: 99, ok: true, value: 'x' });
    worker().say({ id: 99, ok: false, failure: { code: 'internal' } });
    void client.call('touch', {});
    expect(worker().received).toHaveLength(1);
  });

  it('that cannot take a call fails it, not the next', async () => {
    const end = await start();
    const { postMessage } = FakeWorker.prototype;
    expect(postMessage).toBeDefined();
    Object.defineProperty(end.received, 'push', {
      configurable: true,
      value: () => {
        throw new Error('DataCloneError');
      }
    });
    await expect(client.call('touch', {})).rejects.toMatchObject({
      code: 'internal',
      detail: 'touch'
    });
    delete (end.received as { push?: unknown }).push;
    void client.call('touch', {});
    expect(end.received).toHaveLength(1);
  });
});

describe.each(['error', 'messageerror'] as const)(
  'a worker that dies of %s',
  type => {
    it('fails the calls that wait, and is told of once', async () => {
      const dead = await start();
      const call = client.call('list', {});
      dead.fail(type);
      dead.fail(type);
      await expect(call).rejects.toMatchObject({
        code: 'internal',
        detail: 'worker'
      });
      expect(dead.isTerminated).toBe(true);
      expect(events.died).toHaveBeenCalledTimes(1);
    });

    it('is followed by another, which its last words do not disturb', async () => {
      const dead = await start();
      dead.fail(type);
      const call = client.call('list', {});
      await rest();
      expect(FakeWorker.all).toHaveLength(2);
      worker().say({ event: 'ready' });
      await rest();
      const { id } = worker().received[0];
      dead.say({ id, ok: true, value: 'forged' });
      dead.say({ event: 'locked' });
      dead.fail(type);
      expect(worker().isTerminated).toBe(false);
      expect(events.locked).not.toHaveBeenCalled();
      worker().say({ id, ok: true, value: 'true' });
      expect(await call).toBe('true');
    });
  }
);

describe('the page does the work', () => {
  async function inThePage(call: Promise<unknown>): Promise<void> {
    await rest();
    expect(served.map(({ op }) => op)).toEqual(['reveal']);
    answer({ id: served[0].id, ok: true, value: 'x' });
    expect(await call).toBe('x');
    expect(client.inPage).toBe(true);
    expect(inPage).toHaveBeenCalledTimes(1);
    expect(events.died).not.toHaveBeenCalled();
  }
  const reveal = () => client.call('reveal', { id: 'a', field: 0 });

  it('where workers may not be made', async () => {
    forbidden = true;
    await inThePage(reveal());
  });

  it('where a policy keeps them from loading', async () => {
    const call = reveal();
    worker().fail();
    await inThePage(call);
    expect(worker().isTerminated).toBe(true);
  });

  it('where they do not load in time', async () => {
    const call = reveal();
    await jest.advanceTimersByTimeAsync(15_000);
    expect(worker().isTerminated).toBe(true);
    // Too late.
    worker().say({ event: 'ready' });
    await inThePage(call);
  });

  it('but not because a worker takes long over a call', async () => {
    await start();
    const call = reveal();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(inPage).not.toHaveBeenCalled();
    worker().say({ id: worker().received[0].id, ok: true, value: 'x' });
    expect(await call).toBe('x');
  });

  it('and if that cannot be loaded, it is tried again with the next call', async () => {
    forbidden = true;
    inPage.mockRejectedValueOnce(new Error('ChunkLoadError: https://…'));
    await expect(reveal()).rejects.toMatchObject({
      code: 'internal',
      detail: 'start'
    });
    inPage.mockClear();
    await inThePage(reveal());
  });

  it('and forgets the keys when it is disposed', async () => {
    forbidden = true;
    void reveal().catch(() => undefined);
    await rest();
    client.dispose();
    expect(served.map(({ op }) => op)).toEqual(['reveal', 'lock']);
  });
});

describe('disposing', () => {
  it('ends the worker, and the calls that wait', async () => {
    const end = await start();
    const call = client.call('list', {});
    client.dispose();
    expect(end.isTerminated).toBe(true);
    await expect(call).rejects.toMatchObject({ code: 'internal' });
    expect(events.died).not.toHaveBeenCalled();
  });

  it('while it starts leaves no worker and no call hanging', async () => {
    const call = client.call('list', {});
    client.dispose();
    worker().say({ event: 'ready' });
    await expect(call).rejects.toMatchObject({ code: 'internal' });
    expect(worker().isTerminated).toBe(true);
  });

  it('before anything was called does nothing', () => {
    client.dispose();
    expect(FakeWorker.all).toHaveLength(0);
  });
});
