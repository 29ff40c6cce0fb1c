/** The ways to an open store: a first run, or an unlock. */
import {
  CustodianError,
  type Answer,
  type Secret
} from '../custodian/protocol';
import type { Creation } from './creation';
import type { PinGuard } from './pin-guard';
import type { Reader } from './reader';
import type { Call } from './saver';
import type { StoreView } from './view';

/** A file read within this time is fresh enough to be unlocked, in ms. */
const FRESH_MS = 5_000;

export interface IOpeningOptions {
  readonly call: Call;
  readonly view: StoreView;
  readonly guard: PinGuard;
  readonly reader: Reader;
  readonly creation: Creation;
  /** The store will be open: last settings. */
  prepare(): void;
  created(etag: string): void;
  unlocked(unlocked: Answer<'unlock'>): Promise<void>;
}

export class Opening {
  constructor(private readonly _options: IOpeningOptions) {}

  /** @throws StorageError; CustodianError `no-file` */
  async confirmCreation(): Promise<void> {
    const { call, view, guard, reader, creation, prepare, created } =
      this._options;
    const { etag, pin } = await creation.store();
    guard.trust(pin);
    const { locks } = view;
    try {
      prepare();
      const snapshot = await call('confirm', { etag });
      if (locks === view.locks) {
        created(etag);
        return view.adopt(snapshot);
      }
    } catch {
      // As below.
    }
    // A lock, or a death, came between. The file is there, and the person has its passphrase.
    await reader.refresh();
  }

  /** @throws CustodianError */
  async unlock(secret: Secret, abort?: AbortSignal): Promise<void> {
    const { call, view, guard, reader, prepare, unlocked } = this._options;
    const { locks } = view;
    const check = () => {
      if (abort?.aborted || locks !== view.locks) {
        throw new CustodianError('cancelled');
      }
    };
    const cancel = () => void call('cancel', {}).catch(() => undefined);
    check();
    abort?.addEventListener('abort', cancel);
    try {
      if (Date.now() - reader.readAt > FRESH_MS) {
        await Promise.race([reader.refresh(), whenAborted(abort)]);
      }
      check();
      if (guard.doubt) {
        throw new CustodianError(guard.doubt.kind);
      }
      if (view.isUnlocked) {
        return;
      }
      if (view.state.kind !== 'locked') {
        throw new CustodianError('no-file');
      }
      prepare();
      const answer = await call('unlock', { secret });
      check();
      await unlocked(answer);
    } finally {
      abort?.removeEventListener('abort', cancel);
    }
  }
}

/** Resolves when the signal is aborted: never without one. */
function whenAborted(signal?: AbortSignal): Promise<void> {
  return new Promise(resolve =>
    signal?.addEventListener('abort', () => resolve(), { once: true })
  );
}
