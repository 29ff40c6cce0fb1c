import { sha256 } from '../crypto/hash';
import { argon2InJavaScript } from '../crypto/argon2-javascript';
import { Derivation } from './derivation';

jest.mock('../crypto/argon2-javascript', () => ({
  argon2InJavaScript: jest.fn(async (password: Uint8Array) => password.slice())
}));

const inJavaScript = argon2InJavaScript as jest.Mock;

const PARAMETERS = { memory: 65_536, passes: 3, lanes: 1 } as const;
const SALT = new Uint8Array(16);
const password = (n: number) => new Uint8Array(8).fill(n);

class FakeWorker {
  static all: FakeWorker[] = [];

  constructor() {
    FakeWorker.all.push(this);
  }

  onmessage: (event: { data: unknown }) => void = () => undefined;
  onerror: () => void = () => undefined;
  readonly terminate = jest.fn();
  readonly postMessage = jest.fn((call: { password: Uint8Array }) => {
    this.asked = call.password;
  });
  asked: Uint8Array | undefined;

  say(data: unknown): void {
    this.onmessage({ data });
  }

  answer(): void {
    this.say({ key: sha256(this.asked!) });
  }
}

const spawn = jest.fn(() => new FakeWorker() as unknown as Worker);
let derivation: Derivation;
const slow = jest.fn();

beforeEach(() => {
  jest.useFakeTimers();
  FakeWorker.all = [];
  spawn.mockClear();
  inJavaScript.mockClear();
  slow.mockClear();
  derivation = new Derivation(spawn, slow);
});
afterEach(() => jest.useRealTimers());

const derive = (n: number) => derivation.derive(password(n), SALT, PARAMETERS);
const rest = () => jest.advanceTimersByTimeAsync(0);

it('derives in a worker, which is ended afterwards', async () => {
  const key = derive(1);
  const [worker] = FakeWorker.all;
  worker.say({ ready: true });
  await rest();
  expect(worker.terminate).not.toHaveBeenCalled();
  worker.answer();
  expect(await key).toEqual(sha256(password(1)));
  await jest.advanceTimersByTimeAsync(300);
  expect(worker.terminate).toHaveBeenCalled();
  expect(inJavaScript).not.toHaveBeenCalled();
  expect(slow).not.toHaveBeenCalled();
});

it('uses the worker that was warmed, once', async () => {
  derivation.warm();
  derivation.warm();
  expect(spawn).toHaveBeenCalledTimes(1);
  const [worker] = FakeWorker.all;
  worker.say({ ready: true });
  const key = derive(1);
  await rest();
  worker.answer();
  await key;
  void derive(2);
  expect(spawn).toHaveBeenCalledTimes(2);
});

it('gives back the memory of a warm worker that nobody uses', async () => {
  derivation.warm();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(FakeWorker.all[0].terminate).toHaveBeenCalled();
  void derive(1);
  expect(spawn).toHaveBeenCalledTimes(2);
});

it('does not end a worker that derives because it was warm long ago', async () => {
  derivation.warm();
  FakeWorker.all[0].say({ ready: true });
  const key = derive(1);
  derivation.warm();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(FakeWorker.all[0].terminate).not.toHaveBeenCalled();
  FakeWorker.all[0].answer();
  expect(await key).toEqual(sha256(password(1)));
});

it('gives two at once each their own answer', async () => {
  const keys = [derive(1), derive(2)];
  const [first, second] = FakeWorker.all;
  first.say({ ready: true });
  second.say({ ready: true });
  await rest();
  second.answer();
  await rest();
  first.answer();
  expect(await Promise.all(keys)).toEqual([
    sha256(password(1)),
    sha256(password(2))
  ]);
});

describe('cancelling', () => {
  it('ends all that is derived, and the worker that is warm', async () => {
    const keys = [derive(1), derive(2)];
    derivation.warm();
    derivation.cancel();
    for (const key of keys) {
      await expect(key).rejects.toMatchObject({ code: 'cancelled' });
    }
    for (const worker of FakeWorker.all) {
      expect(worker.terminate).toHaveBeenCalled();
    }
  });

  it('stops a derivation in JavaScript as well', async () => {
    inJavaScript.mockReturnValueOnce(new Promise(() => undefined));
    derivation = new Derivation();
    const key = derive(1);
    await rest();
    derivation.cancel();
    await expect(key).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('leaves later ones alone', async () => {
    derivation.cancel();
    const key = derive(1);
    FakeWorker.all[0].say({ ready: true });
    await rest();
    FakeWorker.all[0].answer();
    await expect(key).resolves.toBeDefined();
  });
});

describe('in JavaScript it is derived', () => {
  afterEach(() => {
    expect(inJavaScript).toHaveBeenCalledWith(password(1), SALT, PARAMETERS);
    expect(slow).toHaveBeenCalledTimes(1);
  });

  it('where there are no workers', async () => {
    derivation = new Derivation(undefined, slow);
    derivation.warm();
    expect(await derive(1)).toEqual(password(1));
  });

  it('where they may not be made', async () => {
    spawn.mockImplementationOnce(() => {
      throw new Error('worker-src');
    });
    expect(await derive(1)).toEqual(password(1));
  });

  it('where they may not be loaded', async () => {
    const key = derive(1);
    FakeWorker.all[0].onerror();
    expect(await key).toEqual(password(1));
    expect(FakeWorker.all[0].terminate).toHaveBeenCalled();
  });

  it('where they are not loaded in time', async () => {
    const key = derive(1);
    await jest.advanceTimersByTimeAsync(15_000);
    expect(await key).toEqual(password(1));
  });

  it('where WebAssembly is forbidden in them', async () => {
    const key = derive(1);
    FakeWorker.all[0].say({ ready: false });
    expect(await key).toEqual(password(1));
  });

  it.each([
    ['says so', (worker: FakeWorker) => worker.say({ key: null })],
    ['breaks', (worker: FakeWorker) => worker.onerror()]
  ])('where the worker %s on the way', async (_, fail) => {
    const key = derive(1);
    const [worker] = FakeWorker.all;
    worker.say({ ready: true });
    await rest();
    fail(worker);
    expect(await key).toEqual(password(1));
  });
});

it('leaves no clock behind', async () => {
  derivation.warm();
  const key = derive(1);
  FakeWorker.all[0].say({ ready: true });
  await rest();
  FakeWorker.all[0].answer();
  await key;
  await jest.advanceTimersByTimeAsync(300);
  expect(jest.getTimerCount()).toBe(0);
});
