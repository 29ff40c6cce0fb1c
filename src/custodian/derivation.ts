/**
 * Argon2id for the custodian: in a worker of its own where that works, else here in JavaScript.
 */
import { argon2InJavaScript, type IArgon2Parameters } from '../crypto/argon2';
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
  cancel(): void;
}

/** How long a prepared worker keeps its 65 MiB without being used, in ms. */
const WARM_MS = 60_000;

interface IPrepared {
  readonly worker: Worker;
  /** False: there is no WebAssembly or no worker to be had. */
  readonly ready: Promise<boolean>;
}

export class Derivation implements IDerivation {
  /** @param spawn - Makes the worker; absent in tests of the fallback. */
  constructor(private readonly spawn?: () => Worker) {}

  warm(): void {
    this._prepare();
    clearTimeout(this._timer);
    this._timer = setTimeout(() => this._drop(), WARM_MS);
  }

  async derive(
    password: Uint8Array,
    salt: Uint8Array,
    parameters: IArgon2Parameters
  ): Promise<Uint8Array> {
    clearTimeout(this._timer);
    const stop = new Promise<never>((_, reject) => {
      this._stop = () => reject(new CustodianError('cancelled'));
    });
    stop.catch(() => undefined);
    try {
      const key = await Promise.race([
        stop,
        this._inWorker({ password, salt, parameters })
      ]);
      return (
        key ??
        (await Promise.race([
          stop,
          argon2InJavaScript(password, salt, parameters)
        ]))
      );
    } finally {
      this._stop = undefined;
      this._drop();
    }
  }

  cancel(): void {
    this._stop?.();
    this._drop();
  }

  /** Null if no worker can do it. */
  private async _inWorker(call: IDerivationCall): Promise<Uint8Array | null> {
    const prepared = this._prepare();
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

  private _prepare(): IPrepared | null {
    if (this._prepared || !this.spawn) {
      return this._prepared;
    }
    try {
      const worker = this.spawn();
      const ready = new Promise<boolean>(resolve => {
        worker.onmessage = ({ data }: MessageEvent<DerivationMessage>) =>
          resolve('ready' in data && data.ready);
        worker.onerror = () => resolve(false);
      });
      this._prepared = { worker, ready };
    } catch {
      this._prepared = null;
    }
    return this._prepared;
  }

  private _drop(): void {
    this._prepared?.worker.terminate();
    this._prepared = null;
  }

  private _prepared: IPrepared | null = null;
  private _stop: (() => void) | undefined;
  private _timer: ReturnType<typeof setTimeout> | undefined;
}
