/**
 * The page's end of the custodian: calls it, whether it lives in a worker or in the page.
 *
 * Between a call and the worker, and back, nothing is looked up that a page script can replace.
 */
import {
  fromJson,
  has,
  listen,
  plain,
  post,
  promise,
  Tampered,
  terminate,
  withNativeWorker
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
  constructor(
    private readonly _starters: IStarters,
    private readonly _events: ICustodianEvents
  ) {}

  /** Whether the keys live in the page. Known after the first call was answered. */
  get inPage(): boolean {
    return this._inPage;
  }

  /** @throws CustodianError */
  call<K extends OperationName>(op: K, args: Arguments<K>): Promise<Answer<K>> {
    return promise<Answer<K>>((resolve, reject) => {
      const pending = { rows: [], resolve, reject };
      if (this._line) {
        this._send(this._line, op, args, pending);
      } else {
        void this._sendLater(op, args, pending);
      }
    });
  }

  /** Ends the worker: nothing of it stays in memory. */
  dispose(): void {
    this._starts++;
    this._starting = undefined;
    const line = this._line;
    if (line) {
      this._end();
      line.close();
    }
  }

  private async _sendLater(
    op: OperationName,
    args: unknown,
    pending: IPending
  ): Promise<void> {
    try {
      await (this._starting ??= this._start());
    } catch {
      this._starting = undefined;
      return pending.reject(new CustodianError('internal', 'start'));
    }
    if (this._line) {
      this._send(this._line, op, args, pending);
    } else {
      pending.reject(new CustodianError('internal', 'worker'));
    }
  }

  private _send(
    line: ILine,
    op: OperationName,
    args: unknown,
    pending: IPending
  ): void {
    const id = ++this._lastId;
    this._pending[id] = pending;
    try {
      line.send({ id, op, args } as ICall);
    } catch {
      // Not to be cloned.
      delete this._pending[id];
      pending.reject(new CustodianError('internal', op));
    }
  }

  private async _start(): Promise<void> {
    const start = this._starts;
    const line = (await this._startWorker()) ?? (await this._startInPage());
    const { opened } = line;
    if (start !== this._starts) {
      opened.close();
      return;
    }
    this._line = opened;
    this._inPage = opened.inPage;
  }

  /** Null where a Content Security Policy, or the browser, forbids it. */
  private _startWorker(): Promise<{ opened: ILine } | null> {
    return promise((resolve, reject) => {
      let worker: Worker;
      try {
        worker = withNativeWorker(this._starters.worker);
      } catch (error) {
        return error instanceof Tampered ? reject(error) : resolve(null);
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
        clearTimeout(timer);
        const was = state;
        line.close();
        if (was === 'ready') {
          this._end();
          this._events.died();
        }
        resolve(null);
      };
      const timer = setTimeout(giveUp, START_MS);
      listen(
        worker,
        message => {
          if (state === 'starting') {
            clearTimeout(timer);
            state = 'ready';
            resolve(sealed(line));
          }
          if (state === 'ready') {
            this._receive(message as Message);
          }
        },
        giveUp
      );
    });
  }

  private async _startInPage(): Promise<{ opened: ILine }> {
    const serve = (await this._starters.inPage())(message =>
      this._receive(message)
    );
    return {
      opened: {
        inPage: true,
        send: call => void serve(call),
        close: () => void serve({ id: 0, op: 'lock', args: {} })
      }
    };
  }

  private _receive(message: Message): void {
    if (!has(message, 'id')) {
      const { event, at } = message as { event?: string; at?: number | null };
      if (event === 'locked') {
        this._events.locked();
      } else if (event === 'deadline') {
        this._events.deadline(at ?? null);
      }
      return;
    }
    const answer = message;
    const pending = this._pending[answer.id];
    if (has(answer, 'rows')) {
      pending?.rows.push(fromJson(answer.rows) as unknown[]);
      return;
    }
    delete this._pending[answer.id];
    if (answer.ok) {
      const value = has(answer, 'json')
        ? listed(answer.json, pending?.rows)
        : answer.value;
      pending?.resolve(this._inPage ? value : plain(value));
    } else {
      const { code, detail } = answer.failure;
      pending?.reject(new CustodianError(code, detail));
    }
  }

  /** Nothing that waits will be answered any more. */
  private _end(): void {
    this._line = undefined;
    this._starting = undefined;
    for (const id in this._pending) {
      const { reject } = this._pending[id];
      delete this._pending[id];
      reject(new CustodianError('internal', 'worker'));
    }
  }

  /** Without a prototype: nobody else's setters. */
  private readonly _pending = { __proto__: null } as unknown as Record<
    number,
    IPending
  >;
  private _lastId = 0;
  private _inPage = false;
  private _line: ILine | undefined;
  private _starting: Promise<void> | undefined;
  private _starts = 0;
}

/** A value whose `entries` came before it. */
function listed(json: string, rows: unknown[][] = []): unknown {
  const value = fromJson(json) as { entries: unknown[] };
  value.entries = rows.flat();
  return value;
}

/** A line on its way through a promise. */
function sealed(line: ILine): { opened: ILine } {
  return plain({ opened: line });
}
