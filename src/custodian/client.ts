/**
 * The page's end of the custodian: calls it, whether it lives in a worker or in the page.
 *
 * Between a call and the worker, and back, nothing is looked up that a page script can replace; and
 * nothing in here can be reached by one that holds the client.
 */
import { guarded, type ICalled, type IGate } from './gate';
import {
  cancel,
  copy,
  fromJson,
  has,
  later,
  listen,
  plain,
  post,
  promise,
  terminate
} from './natives';
import {
  CustodianError,
  type Answer,
  type Arguments,
  type ICall,
  type Message,
  type OperationName
} from './protocol';

/** How long a worker may take to load before the page does its work, in ms. */
const START_MS = 15_000;

export interface ICustodianEvents {
  /** The auto-lock has struck. */
  locked(): void;
  /** When it will strike, ms since 1970; null: never. */
  deadline(at: number | null): void;
  /** WebAssembly is forbidden: a key's derivation takes seconds. */
  slow(): void;
  /** The worker is gone, and the keys with it. */
  died(): void;
}

/** What carries calls to a custodian. */
interface ILine {
  readonly inPage: boolean;
  send(call: ICall): void;
  close(): void;
}

interface IPending {
  readonly call: ICalled;
  /** Of the list that is on its way. */
  readonly rows: unknown[][];
  resolve(value: unknown): void;
  reject(error: CustodianError): void;
}

/** Ways to start; injected, since `import.meta` and workers do not exist under jest. */
export interface IStarters {
  worker(): Worker;
  inPage(): Promise<
    (send: (message: Message) => void) => (call: ICall) => Promise<void>
  >;
}

export class CustodianClient {
  constructor(starters: IStarters, events: ICustodianEvents, gate: IGate) {
    this.#starters = starters;
    this.#events = events;
    this.#gate = gate;
    Object.freeze(this);
  }

  /** Whether the keys live in the page. Known after the first call was answered. */
  get inPage(): boolean {
    return this.#inPage;
  }

  /** @throws CustodianError */
  call<K extends OperationName>(op: K, args: Arguments<K>): Promise<Answer<K>> {
    return promise<Answer<K>>((resolve, reject) => {
      const call = { op, args: guarded(op) ? copy(args) : args };
      const pending = { call, rows: [], resolve, reject };
      if (!this.#gate.admits(call)) {
        reject(new CustodianError('not-pressed', op));
      } else if (this.#line) {
        this.#send(this.#line, pending);
      } else {
        void this.#sendLater(pending);
      }
    });
  }

  /** Ends the worker: nothing of it stays in memory. */
  dispose(): void {
    this.#starts++;
    this.#starting = undefined;
    const line = this.#line;
    if (line) {
      this.#end();
      line.close();
    }
  }

  async #sendLater(pending: IPending): Promise<void> {
    try {
      await (this.#starting ??= this.#start());
    } catch {
      this.#starting = undefined;
      return pending.reject(new CustodianError('internal', 'start'));
    }
    if (this.#line) {
      this.#send(this.#line, pending);
    } else {
      pending.reject(new CustodianError('internal', 'worker'));
    }
  }

  #send(line: ILine, pending: IPending): void {
    const { op, args } = pending.call;
    const id = ++this.#lastId;
    this.#pending[id] = pending;
    try {
      line.send({ id, op, args } as ICall);
    } catch {
      // Not to be cloned.
      delete this.#pending[id];
      pending.reject(new CustodianError('internal', op));
    }
  }

  async #start(): Promise<void> {
    const start = this.#starts;
    const line = (await this.#startWorker()) ?? (await this.#startInPage());
    const { opened } = line;
    if (start !== this.#starts) {
      opened.close();
      return;
    }
    this.#line = opened;
    this.#inPage = opened.inPage;
  }

  /** Null where a Content Security Policy, or the browser, forbids it. */
  #startWorker(): Promise<{ opened: ILine } | null> {
    return promise(resolve => {
      let worker: Worker;
      try {
        worker = this.#starters.worker();
      } catch {
        return resolve(null);
      }
      let state: 'starting' | 'ready' | 'gone' = 'starting';
      const line: ILine = {
        inPage: false,
        send: call => post(worker, call),
        close: () => {
          state = 'gone';
          terminate(worker);
        }
      };
      const giveUp = () => {
        cancel(timer);
        const was = state;
        line.close();
        if (was === 'ready') {
          this.#end();
          this.#events.died();
        }
        resolve(null);
      };
      const timer = later(giveUp, START_MS);
      listen(
        worker,
        message => {
          if (state === 'starting') {
            cancel(timer);
            state = 'ready';
            resolve(sealed(line));
          }
          if (state === 'ready') {
            this.#receive(message as Message);
          }
        },
        giveUp
      );
    });
  }

  async #startInPage(): Promise<{ opened: ILine }> {
    const serve = (await this.#starters.inPage())(message =>
      this.#receive(message)
    );
    return {
      opened: {
        inPage: true,
        send: call => void serve(call),
        close: () => void serve({ id: 0, op: 'lock', args: {} })
      }
    };
  }

  #receive(message: Message): void {
    if (!has(message, 'id')) {
      const { event, at } = message as { event?: string; at?: number | null };
      if (event === 'locked') {
        this.#events.locked();
      } else if (event === 'deadline') {
        this.#events.deadline(at ?? null);
      } else if (event === 'slow') {
        this.#events.slow();
      }
      return;
    }
    const answer = message;
    const pending = this.#pending[answer.id];
    if (has(answer, 'rows')) {
      pending?.rows.push(fromJson(answer.rows) as unknown[]);
      return;
    }
    delete this.#pending[answer.id];
    if (!pending) {
      return;
    }
    if (answer.ok) {
      const value = has(answer, 'json')
        ? listed(answer.json, pending.rows)
        : answer.value;
      this.#gate.note(pending.call, { value });
      pending.resolve(this.#inPage ? value : plain(value));
    } else {
      const { code, detail } = answer.failure;
      this.#gate.note(pending.call);
      pending.reject(new CustodianError(code, detail));
    }
  }

  /** Nothing that waits will be answered any more. */
  #end(): void {
    this.#line = undefined;
    this.#starting = undefined;
    for (const id in this.#pending) {
      const { reject } = this.#pending[id]!;
      delete this.#pending[id];
      reject(new CustodianError('internal', 'worker'));
    }
  }

  readonly #starters: IStarters;
  readonly #events: ICustodianEvents;
  readonly #gate: IGate;
  /** Without a prototype: nobody else's setters. */
  readonly #pending = { __proto__: null } as unknown as Record<
    number,
    IPending | undefined
  >;
  #lastId = 0;
  #inPage = false;
  #line: ILine | undefined;
  #starting: Promise<void> | undefined;
  #starts = 0;
}

/** A value whose `entries` came before it. */
function listed(json: string, rows: unknown[][]): unknown {
  const value = fromJson(json) as { entries: unknown[] };
  value.entries = rows.flat();
  return value;
}

/** A line on its way through a promise. */
function sealed(line: ILine): { opened: ILine } {
  return plain({ opened: line });
}

Object.freeze(CustodianClient.prototype);
