/**
 * The page's end of the custodian: calls it, whether it lives in a worker or in the page.
 */
import { listen, post, terminate, withNativeWorker } from './natives';
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
  async call<K extends OperationName>(
    op: K,
    args: Arguments<K>
  ): Promise<Answer<K>> {
    const line = await (this._line ??= this._start());
    const id = ++this._lastId;
    return new Promise<Answer<K>>((resolve, reject) => {
      this._pending.set(id, {
        resolve: value => resolve(value as Answer<K>),
        reject
      });
      line.send({ id, op, args });
    });
  }

  /** Ends the worker: nothing of it stays in memory. */
  dispose(): void {
    void this._line?.then(line => line.close());
    this._line = undefined;
    this._fail();
  }

  private async _start(): Promise<ILine> {
    const line = (await this._startWorker()) ?? (await this._startInPage());
    this._inPage = line.inPage;
    return line;
  }

  /** Null where a Content Security Policy, or the browser, forbids it. */
  private _startWorker(): Promise<ILine | null> {
    return new Promise(resolve => {
      let worker: Worker;
      try {
        worker = withNativeWorker(this._starters.worker);
      } catch {
        return resolve(null);
      }
      let ready = false;
      const giveUp = () => {
        clearTimeout(timer);
        terminate(worker);
        if (ready) {
          this._died();
        }
        resolve(null);
      };
      const timer = setTimeout(giveUp, START_MS);
      const line: ILine = {
        inPage: false,
        send: call => post(worker, call),
        close: () => terminate(worker)
      };
      listen(
        worker,
        message => {
          if (!ready) {
            clearTimeout(timer);
            ready = true;
            resolve(line);
          }
          this._receive(message as Message);
        },
        giveUp
      );
    });
  }

  private async _startInPage(): Promise<ILine> {
    const serve = (await this._starters.inPage())(message =>
      this._receive(message)
    );
    return {
      inPage: true,
      send: call => void serve(call),
      close: () => void serve({ id: 0, op: 'lock', args: {} })
    };
  }

  private _receive(message: Message): void {
    if ('event' in message) {
      if (message.event === 'locked') {
        this._events.locked();
      } else if (message.event === 'deadline') {
        this._events.deadline(message.at ?? null);
      }
      return;
    }
    const pending = this._pending.get(message.id);
    this._pending.delete(message.id);
    if (message.ok) {
      pending?.resolve(message.value);
    } else {
      const { code, detail } = message.failure;
      pending?.reject(new CustodianError(code, detail));
    }
  }

  private _died(): void {
    this._line = undefined;
    this._fail();
    this._events.died();
  }

  private _fail(): void {
    for (const { reject } of this._pending.values()) {
      reject(new CustodianError('internal', 'worker'));
    }
    this._pending.clear();
  }

  private readonly _pending = new Map<number, IPending>();
  private _lastId = 0;
  private _inPage = false;
  private _line: Promise<ILine> | undefined;
}
