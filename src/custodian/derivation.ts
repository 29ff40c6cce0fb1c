/**
 * Argon2id for the custodian: in a worker of its own where that works, else here in JavaScript.
 */
import type { IArgon2Parameters } from '../crypto/argon2';
import type { DerivationMessage, IDerivationCall } from './derivation.worker';
import { CustodianError } from './protocol';

/** A way to derive keys that can be stopped. */
export interface IDerivation {
  /** Prepare, while the person types. */
  warm(): void;
  /** @throws CustodianError `cancelled`. */
  derive(
    password: Uint8Array,
    salt: Uint8Array,
    parameters: IArgon2Parameters
  ): Promise<Uint8Array>;
  /** Stop all that is being derived. */
  cancel(): void;
}

/** How long a prepared worker keeps its 65 MiB without being used, in ms. */
const WARM_MS = 60_000;
/**
 * How long a worker is kept when its work is done, in ms: ending it takes a core for 10 ms, which
 * the list needs that is drawn meanwhile.
 */
const DONE_MS = 300;
/** How long a worker may take to load before its work is done here, in ms. */
const START_MS = 15_000;

interface IPrepared {
  readonly worker: Worker;
  /** False: there is no WebAssembly or no worker to be had. */
  readonly ready: Promise<boolean>;
}

export class Derivation implements IDerivation {
  /**
   * @param _spawn - Makes the worker; absent where workers are forbidden.
   * @param _slow - Told when a key is derived in JavaScript.
   */
  constructor(
    private readonly _spawn?: () => Worker,
    private readonly _slow: () => void = () => undefined
  ) {}

  warm(): void {
    this._warm ??= this._prepare();
    clearTimeout(this._timer);
    this._timer = setTimeout(() => this._take()?.worker.terminate(), WARM_MS);
  }

  /** Each call has a worker to itself, so that two do not get each other's answers. */
  async derive(
    password: Uint8Array,
    salt: Uint8Array,
    parameters: IArgon2Parameters
  ): Promise<Uint8Array> {
    const prepared = this._take() ?? this._prepare();
    const end = () => prepared?.worker.terminate();
    let stop: () => void;
    const stopped = new Promise<never>((_, reject) => {
      stop = () => reject(new CustodianError('cancelled'));
    });
    stopped.catch(() => undefined);
    this._running.add(stop!);
    try {
      const call = { password, salt, parameters };
      const key = await Promise.race([stopped, inWorker(prepared, call)]);
      if (key) {
        setTimeout(end, DONE_MS);
        return key;
      }
      end();
      this._slow();
      return await Promise.race([stopped, inJavaScript(call)]);
    } catch (error) {
      end();
      throw error;
    } finally {
      this._running.delete(stop!);
    }
  }

  cancel(): void {
    for (const stop of this._running) {
      stop();
    }
    this._take()?.worker.terminate();
  }

  private _prepare(): IPrepared | null {
    try {
      const worker = this._spawn?.();
      return worker ? { worker, ready: start(worker) } : null;
    } catch {
      return null;
    }
  }

  private _take(): IPrepared | null {
    clearTimeout(this._timer);
    const prepared = this._warm;
    this._warm = null;
    return prepared;
  }

  private _warm: IPrepared | null = null;
  private readonly _running = new Set<() => void>();
  private _timer: ReturnType<typeof setTimeout> | undefined;
}

function start(worker: Worker): Promise<boolean> {
  return new Promise(resolve => {
    const timer = setTimeout(() => resolve(false), START_MS);
    const settle = (ready: boolean) => {
      clearTimeout(timer);
      resolve(ready);
    };
    worker.onmessage = ({ data }: MessageEvent<DerivationMessage>) =>
      settle('ready' in data && data.ready);
    worker.onerror = () => settle(false);
  });
}

/** Loaded where it is needed, which is hardly anywhere. */
async function inJavaScript(call: IDerivationCall): Promise<Uint8Array> {
  const { argon2InJavaScript } = await import('../crypto/argon2-javascript');
  return argon2InJavaScript(call.password, call.salt, call.parameters);
}

/** Null if no worker can do it. */
async function inWorker(
  prepared: IPrepared | null,
  call: IDerivationCall
): Promise<Uint8Array | null> {
  if (!prepared || !(await prepared.ready)) {
    return null;
  }
  const { worker } = prepared;
  return new Promise(resolve => {
    worker.onmessage = ({ data }: MessageEvent<DerivationMessage>) =>
      resolve('key' in data ? data.key : null);
    worker.onerror = () => resolve(null);
    worker.postMessage(call);
  });
}
