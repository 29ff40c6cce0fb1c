/**
 * What the page needs to talk to the worker, taken when Lab starts: a script in a notebook's
 * output could replace these to listen in on passphrases and values.
 */

const { apply } = Reflect;
const scope = globalThis as typeof globalThis & { Worker?: typeof Worker };
const NativeWorker = scope.Worker;
const postMessage = NativeWorker?.prototype.postMessage;
const terminateWorker = NativeWorker?.prototype.terminate;
const addEventListener = globalThis.EventTarget?.prototype.addEventListener;
const data = globalThis.MessageEvent
  ? Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data')?.get
  : undefined;

/**
 * Run `make`, which calls `new Worker(new URL(…))`, with the browser's own constructor. The bundler
 * only understands that very expression, so the constructor cannot be passed in.
 *
 * @throws Error where there are no workers.
 */
export function withNativeWorker(make: () => Worker): Worker {
  if (!NativeWorker) {
    throw new Error('no workers here');
  }
  const current = scope.Worker;
  scope.Worker = NativeWorker;
  try {
    return make();
  } finally {
    scope.Worker = current;
  }
}

export function post(worker: Worker, message: unknown): void {
  apply(postMessage!, worker, [message]);
}

export function terminate(worker: Worker): void {
  apply(terminateWorker!, worker, []);
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
