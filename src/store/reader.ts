/** Reads the file, and tells what it means for a store that is not open. */
import type { IPin } from '../custodian/protocol';
import type { IPinKeeper } from './pin';
import type { PinGuard } from './pin-guard';
import type { Call } from './saver';
import {
  StorageError,
  type ILocation,
  type IStorage,
  type IStoredFile,
  type Problem,
  type StoreState
} from './types';
import type { StoreView } from './view';

type Content = IStoredFile['content'];

export const INTERNAL: StoreState = {
  kind: 'unusable',
  problem: { kind: 'damaged', detail: 'internal' }
};

export interface IReaderOptions {
  readonly call: Call;
  readonly storage: IStorage;
  readonly pins: (location: ILocation) => IPinKeeper;
  readonly view: StoreView;
  readonly guard: PinGuard;
  /** The file was read while the store is open. */
  compare(content: Content): Promise<void>;
  /** The custodian has got the version of this tag; null: there is no file. */
  loaded(etag: string | null): void;
}

export class Reader {
  constructor(private readonly _options: IReaderOptions) {}

  /** When the custodian was given the file, ms since 1970. */
  readAt = 0;

  /** Never rejects: the outcome is in the view's state. */
  refresh(): Promise<void> {
    this._refreshing ??= this._refresh().finally(() => {
      this._refreshing = undefined;
    });
    return this._refreshing;
  }

  private async _refresh(): Promise<void> {
    const { storage, view, guard, pins, compare } = this._options;
    try {
      const { location, content } = await storage.read();
      this.readAt = Date.now();
      view.location = location;
      guard.keeper = pins(location);
      if (location.keeper === 'contents') {
        view.notices.add({ kind: 'no-server-extension' });
      }
      await (view.isUnlocked ? compare(content) : this._take(content));
    } catch (error) {
      if (!view.isUnlocked) {
        view.location = placeOf(error) ?? view.location;
        view.state = { kind: 'unusable', problem: unreadable(error) };
      }
    }
    view.emit();
  }

  private async _take(content: Content, again = false): Promise<void> {
    const { storage, view, guard, loaded } = this._options;
    const { state, pin } = await this._load(content);
    if (view.isUnlocked) {
      // An unlock has come between.
      return;
    }
    if (state.kind === 'unusable') {
      view.state = state;
      return;
    }
    const doubt = guard.check(pin);
    if (doubt && !again) {
      // Another tab may have stored, and noted it, since the file was read.
      return this._take((await storage.read()).content, true);
    }
    view.notices.remove('rolled-back', 'replaced');
    if (doubt) {
      view.notices.add(doubt);
    }
    view.state = doubt?.gone
      ? { kind: 'unusable', problem: { kind: 'unreachable', status: 404 } }
      : state;
    loaded(content?.etag ?? null);
  }

  private async _load(
    content: Content
  ): Promise<{ state: StoreState; pin: IPin | null }> {
    if (!content) {
      return { state: { kind: 'absent' }, pin: null };
    }
    try {
      const { bytes, etag } = content;
      const found = await this._options.call('load', { file: bytes, etag });
      return found.kind === 'ours'
        ? { state: { kind: 'locked' }, pin: found.pin }
        : { state: { kind: 'unusable', problem: found }, pin: null };
    } catch {
      return { state: INTERNAL, pin: null };
    }
  }

  private _refreshing: Promise<void> | undefined;
}

function placeOf(error: unknown): ILocation | undefined {
  return error instanceof StorageError ? error.location : undefined;
}

function unreadable(error: unknown): Problem {
  const status = error instanceof StorageError ? error.status : 0;
  switch (status) {
    case 409:
      return { kind: 'no-file-there' };
    case 413:
      return { kind: 'too-large' };
    default:
      return { kind: 'unreachable', status };
  }
}
