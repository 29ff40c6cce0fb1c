/**
 * What the page needs to talk to the worker, taken when Lab starts: a script in a notebook's
 * output could replace these to listen in on passphrases and values.
 *
 * It covers the way between the client and the worker. A script that can run before that code is
 * loaded, or that reads what the person types, is beyond it.
 */

const { apply, construct, defineProperty, deleteProperty } = Reflect;
const { hasOwn } = Object;
const clone = globalThis.structuredClone;
const { parse } = JSON;
const NativePromise = Promise;
const scope = globalThis as typeof globalThis & { Worker?: typeof Worker };
const NativeWorker = scope.Worker;
const postMessage = NativeWorker?.prototype.postMessage;
const terminateWorker = NativeWorker?.prototype.terminate;
const addEventListener = globalThis.EventTarget?.prototype.addEventListener;
const clipboard = globalThis.navigator?.clipboard as Clipboard | undefined;
const writeText = clipboard?.writeText;
const data = globalThis.MessageEvent
  ? Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data')?.get
  : undefined;

export const later = globalThis.setTimeout;
export const cancel = globalThis.clearTimeout;

/**
 * The address that `make` gives to `new Worker(new URL(…))`: the bundler understands only that very
 * expression, and looks the address up in places where a script could change it later.
 */
export function workerAddress(make: () => Worker): string {
  let address = '';
  scope.Worker = class {
    constructor(url: string | URL) {
      address = String(url);
    }
  } as unknown as typeof Worker;
  try {
    make();
  } finally {
    scope.Worker = NativeWorker;
  }
  return address;
}

/** @throws Error where there are no workers. */
export function startWorker(address: string): Worker {
  if (!NativeWorker) {
    throw new Error('no workers here');
  }
  return construct<[string], Worker>(NativeWorker, [address]);
}

export function post(worker: Worker, message: unknown): void {
  apply(postMessage, worker, [message]);
}

export function terminate(worker: Worker): void {
  apply(terminateWorker, worker, []);
}

export function listen(
  worker: Worker,
  onMessage: (message: unknown) => void,
  onError: () => void
): void {
  apply(addEventListener, worker, [
    'message',
    (event: MessageEvent) => onMessage(apply(data!, event, []))
  ]);
  apply(addEventListener, worker, ['error', onError]);
  apply(addEventListener, worker, ['messageerror', onError]);
}

/** Undefined on plain http, which has no such thing. */
export const toClipboard =
  writeText &&
  ((text: string): Promise<void> =>
    apply<unknown, [string], Promise<void>>(writeText, clipboard, [text]));

/**
 * React reads a field's value by way of `Function.prototype.call`, which a script may have replaced;
 * without its property on the element it reads the browser's own.
 */
export function untrack(field: object | null): void {
  if (field) {
    deleteProperty(field, 'value');
  }
}

/** Plain data, which does not change between a look at it and its use. */
export function copy<T>(data: T): T {
  return clone(data);
}

/** Whether a message has a member itself, whatever was added to `Object.prototype`. */
export function has<K extends string>(
  message: object,
  member: K
): message is Record<K, unknown> {
  return hasOwn(message, member);
}

export function fromJson(text: string): unknown {
  return parse(text);
}

/**
 * A promise for which `await` asks neither `Promise.prototype.constructor` nor
 * `Promise.prototype.then`: page scripts may have put theirs there.
 */
export function promise<T>(
  executor: (
    resolve: (value: T) => void,
    reject: (error: unknown) => void
  ) => void
): Promise<T> {
  const made = new NativePromise<T>(executor);
  own(made, 'constructor', NativePromise);
  return made;
}

/** Resolving a promise with an object asks it for `then`: the answer is its own, and "no". */
export function plain<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    own(value, 'then', undefined);
  }
  return value;
}

function own(target: object, name: string, value: unknown): void {
  defineProperty(target, name, {
    __proto__: null,
    value
  } as PropertyDescriptor);
}
