/** A browser's `Worker`, as far as the client uses it; made global before the client is loaded. */
export class FakeWorker extends EventTarget {
  static all: FakeWorker[] = [];
  /** Called with each new worker; throws where workers are forbidden. */
  static onNew: (worker: FakeWorker) => void = () => undefined;

  constructor(readonly address?: unknown) {
    super();
    FakeWorker.all.push(this);
    FakeWorker.onNew(this);
  }

  readonly received: any[] = [];
  isTerminated = false;

  postMessage(message: unknown): void {
    this.received.push(message);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  say(data: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }

  fail(type: 'error' | 'messageerror' = 'error'): void {
    this.dispatchEvent(new Event(type));
  }
}

(globalThis as { Worker?: unknown }).Worker = FakeWorker;
