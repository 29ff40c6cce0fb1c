/** The real custodian with a cheap derivation, behind messages that are copied as a worker's are. */
import { sha256 } from '../crypto/hash';
import { concat } from '../crypto/bytes';
import type { IDerivation } from '../custodian/derivation';
import { host, packed } from '../custodian/host';
import {
  CustodianError,
  type Answer,
  type Arguments,
  type ICall,
  type Message,
  type OperationName
} from '../custodian/protocol';
import type { ICustodian } from '../store/store';

/** SHA-256 in the place of Argon2id. */
export class CheapDerivation implements IDerivation {
  /** Awaited by each derivation. */
  gate: Promise<void> = Promise.resolve();
  derived = 0;
  readonly warm = jest.fn();
  readonly cancel = jest.fn(() => {
    for (const stop of this._running) {
      stop(new CustodianError('cancelled'));
    }
  });

  async derive(password: Uint8Array, salt: Uint8Array): Promise<Uint8Array> {
    const key = sha256(concat(password, salt));
    this.derived++;
    let stop!: (error: Error) => void;
    const stopped = new Promise<never>((_, reject) => (stop = reject));
    this._running.add(stop);
    try {
      await Promise.race([this.gate, stopped]);
      return key;
    } finally {
      this._running.delete(stop);
    }
  }

  private readonly _running = new Set<(error: Error) => void>();
}

interface IEvents {
  locked(): void;
  deadline(at: number | null): void;
  slow(): void;
  died(): void;
}

/** Calls and answers take a turn of the event loop each way. */
export class HostedCustodian implements ICustodian {
  constructor(
    private readonly _events: IEvents,
    readonly derivation = new CheapDerivation()
  ) {
    this._serve = this._start();
  }

  inPage = false;
  /** Every call, in order. */
  readonly calls: { op: OperationName; args: any }[] = [];

  call<K extends OperationName>(op: K, args: Arguments<K>): Promise<Answer<K>> {
    const id = ++this._lastId;
    this.calls.push({ op, args });
    const call = copy({ id, op, args }) as ICall;
    const serve = this._serve;
    return new Promise((resolve, reject) => {
      this._pending.set(id, { rows: [], resolve: resolve, reject });
      setImmediate(() => void serve(call));
    });
  }

  /** As a worker that may not use WebAssembly. */
  slow(): void {
    this._events.slow();
  }

  /** As a worker that the browser ends. */
  die(): void {
    const pending = [...this._pending.values()];
    this._pending.clear();
    // Its clock would go on.
    void this._serve({ id: 0, op: 'lock', args: {} });
    this._serve = this._start();
    pending.forEach(({ reject }) =>
      reject(new CustodianError('internal', 'worker'))
    );
    this._events.died();
  }

  private _start(): (call: ICall) => Promise<void> {
    const generation = ++this._generation;
    return host(message => {
      for (const part of packed(message)) {
        const copied = copy(part) as Message;
        setImmediate(() => {
          if (generation === this._generation) {
            this._receive(copied);
          }
        });
      }
    }, this.derivation);
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
    if ('rows' in message) {
      pending?.rows.push(...(JSON.parse(message.rows) as unknown[]));
      return;
    }
    this._pending.delete(message.id);
    if (message.ok) {
      pending?.resolve(
        'json' in message
          ? { ...JSON.parse(message.json), entries: pending.rows }
          : message.value
      );
    } else {
      const { code, detail } = message.failure;
      pending?.reject(new CustodianError(code, detail));
    }
  }

  private readonly _pending = new Map<
    number,
    {
      readonly rows: unknown[];
      resolve(value: unknown): void;
      reject(error: Error): void;
    }
  >();
  private _lastId = 0;
  private _generation = 0;
  private _serve: (call: ICall) => Promise<void>;
}

/** As `postMessage` does it; a Blob is shared, for its bytes cannot be changed. */
function copy(value: unknown): unknown {
  if (value instanceof Blob || typeof value !== 'object' || value === null) {
    return value;
  }
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
    return structuredClone(value);
  }
  return Array.isArray(value)
    ? value.map(copy)
    : Object.fromEntries(Object.entries(value).map(([k, v]) => [k, copy(v)]));
}
