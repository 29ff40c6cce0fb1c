/** The one place where keys and the decrypted index live: the vault's part of the operations. */
import type { Argon2 } from '../crypto/argon2';
import { utf8Decode, wipe } from '../crypto/bytes';
import {
  pinOf,
  Vault,
  VaultError,
  type ForeignHint,
  type IRow
} from '../vault';
import { AutoLock } from './autolock';
import type { IDerivation } from './derivation';
import { FileBody } from './file-body';
import { Holder } from './holder';
import { movedPath } from './moved-path';
import { byName } from './order';
import {
  CustodianError,
  type FileFinding,
  type IEntryDetail,
  type IEntryDraft,
  type IEntrySummary,
  type INewFile,
  type IOperations,
  type ISnapshot,
  type IUnlockedSnapshot,
  type Secret
} from './protocol';
import { RequestDesk } from './request-desk';

export interface IHostEvents {
  locked(): void;
  deadline(at: number | null): void;
}

/** The operations as they run: some take time. */
export type Operations = {
  [K in keyof IOperations]: (
    args: Parameters<IOperations[K]>[0]
  ) => ReturnType<IOperations[K]> | Promise<ReturnType<IOperations[K]>>;
};

export class Custodian {
  constructor(
    private readonly _derivation: IDerivation,
    events: IHostEvents
  ) {
    this._autoLock = new AutoLock(
      () => {
        try {
          this._lock();
        } finally {
          events.locked();
        }
      },
      at => events.deadline(at)
    );
    const argon2: Argon2 = (password, salt, parameters) =>
      this._derivation.derive(password, salt, parameters);
    this._argon2 = argon2;
    this._holder = new Holder(argon2, (from, to) => this._carry(from, to));
  }

  readonly operations: Operations = {
    load: ({ file, etag }) => this._load(new Uint8Array(file), etag),
    warm: () => this._derivation.warm(),
    create: args => this._create(args.passphrase, args.suite),
    confirm: ({ etag }) => this._confirm(etag),
    abandon: () => this._abandon(),
    unlock: ({ secret }) => this._unlock(secret),
    cancel: () => this._derivation.cancel(),
    lock: () => this._lock(),
    touch: () => this._autoLock.touch(),
    setAutoLock: ({ autoLockMs }) => this._autoLock.setIdle(autoLockMs),
    list: () => this._snapshot(),
    summary: ({ id }) => {
      const row = this._open.row(id);
      return row ? summary(row) : null;
    },
    grants: () => this._open.grants,
    detail: ({ id }) => this._detail(id),
    reveal: ({ id, field }) => {
      const found = this._open.read(id).fields[field];
      if (!found) {
        throw new CustodianError('no-entry');
      }
      return found.value;
    },
    put: ({ draft }) => {
      const vault = this._open;
      assertVersion(vault, draft.id, draft.version);
      assertHidden(vault, draft);
      return summary(vault.put(draft, Date.now()));
    },
    duplicate: args => {
      const { id, name } = this._open.duplicate(args.id, Date.now());
      return { id, name };
    },
    remove: ({ id, version }) => {
      const vault = this._open;
      assertVersion(vault, id, version);
      return { name: vault.remove(id, Date.now()).name };
    },
    restore: ({ id }) => void this._open.restore(id),
    stash: ({ draft }) => this._stash(draft),
    unstash: () => this._unstash(),
    allowAlways: ({ path, entries }) => {
      for (const entry of entries) {
        this._open.allowAlways(path, entry, Date.now());
      }
    },
    revoke: ({ path, entry }) => this._open.revoke(path, entry, Date.now()),
    movePath: ({ from, to }) => this._movePath(from, to),
    changePassphrase: ({ current, next }) => {
      this._autoLock.strike();
      return this._holder.changePassphrase(current, next);
    },
    rekeyed: ({ etag }) => this._holder.rekeyed(etag),
    save: () => {
      this._autoLock.strike();
      return this._holder.save();
    },
    saved: ({ etag }) => this._holder.saved(etag),
    merge: args => this._merge(args),
    receive: args => this._desk.receive(args),
    review: ({ handle }) => this._desk.review(handle),
    resume: ({ handle, granted }) => this._desk.resume(handle, granted),
    grant: ({ handle, scope }) => this._desk.grant(handle, scope),
    refuse: ({ handle, status }) => this._desk.refuse(handle, status),
    retain: ({ allowed }) => this._desk.retain(allowed)
  };

  private get _open(): Vault {
    this._autoLock.strike();
    const { vault } = this._holder;
    if (!vault) {
      throw new CustodianError('locked');
    }
    return vault;
  }

  private _load(bytes: Uint8Array, etag: string): FileFinding {
    try {
      const file = this._holder.load(bytes, etag);
      return { kind: 'ours', pin: pinOf(file), suite: file.header.suite };
    } catch (error) {
      return finding(error);
    }
  }

  private async _create(
    passphrase: string,
    suite: 'nacl' | 'aes'
  ): Promise<INewFile> {
    const { vault, recoveryCode } = await Vault.create({
      passphrase,
      suite,
      argon2: this._argon2
    });
    this._created?.wipe();
    this._created = vault;
    const { parts, pin } = vault.serialise(Date.now());
    return { recoveryCode, file: new FileBody().of(parts), pin, etag: null };
  }

  private _confirm(etag: string): ISnapshot {
    if (!this._created) {
      throw new CustodianError('no-file');
    }
    this._holder.adopt(this._created, etag);
    this._created = undefined;
    this._autoLock.start();
    return this._snapshot();
  }

  private _abandon(): void {
    this._derivation.cancel();
    this._created?.wipe();
    this._created = undefined;
  }

  private async _unlock(secret: Secret): Promise<IUnlockedSnapshot> {
    const unlocked = await this._holder.unlock(secret);
    this._autoLock.start();
    return { ...this._snapshot(), ...unlocked };
  }

  private _lock(): void {
    this._autoLock.stop();
    // A passphrase that is on its way opens nothing any more.
    this._abandon();
    this._desk.lock();
    this._holder.lock();
  }

  private _movePath(from: string, to: string): boolean {
    const vault = this._open;
    this._desk.movePath(from, to);
    let hasMoved = false;
    for (const path of new Set(vault.grants.map(grant => grant.path))) {
      const next = movedPath(path, from, to);
      if (next !== undefined) {
        vault.movePath(path, next, Date.now());
        hasMoved = true;
      }
    }
    return hasMoved;
  }

  private _stash(draft: IEntryDraft | null): void {
    this._draft = draft ? this._open.sealPrivate(JSON.stringify(draft)) : null;
  }

  private _unstash(): IEntryDraft | null {
    const vault = this._open;
    const text = this._draft === null ? null : read(vault, this._draft);
    return text === null ? null : (JSON.parse(text) as IEntryDraft);
  }

  /** What is half-typed survives a new vault key. */
  private _carry(from: Vault, to: Vault): void {
    const text = this._draft === null ? null : read(from, this._draft);
    if (text !== null) {
      this._draft = to.sealPrivate(text);
    }
  }

  private _snapshot(): ISnapshot {
    const vault = this._open;
    vault.arrange(byName);
    return {
      entries: [...vault.rows].map(summary),
      grants: vault.grants,
      suite: vault.suite,
      hasRecovery: vault.hasRecovery
    };
  }

  private _detail(id: string): IEntryDetail {
    const vault = this._open;
    const { notes, fields } = vault.read(id);
    return {
      ...summary(vault.row(id)!),
      notes,
      texts: fields.map(({ type, value }) => (type === 'text' ? value : null))
    };
  }

  private _merge({
    file,
    etag,
    seen
  }: Parameters<IOperations['merge']>[0]): ReturnType<IOperations['merge']> {
    this._autoLock.strike();
    return this._holder.merge(file && new Uint8Array(file), etag, seen);
  }

  private readonly _argon2: Argon2;
  private readonly _autoLock: AutoLock;
  private readonly _holder: Holder;
  private readonly _desk = new RequestDesk(() => {
    this._autoLock.strike();
    return this._holder.vault;
  });
  private _created: Vault | undefined;
  /** A half-typed entry, sealed. */
  private _draft: string | null = null;
}

/** @throws CustodianError `stale`, if a merge has replaced what the person saw. */
function assertVersion(vault: Vault, id?: string, version?: string): void {
  if (version !== undefined && vault.row(id ?? '')?.digest !== version) {
    throw new CustodianError('stale');
  }
}

/**
 * A hidden value does not become a text, which all can read, without being typed anew.
 *
 * @throws CustodianError `invalid-draft`
 */
function assertHidden(vault: Vault, { id, fields }: IEntryDraft): void {
  const stored = vault.row(id ?? '')?.fields;
  fields.forEach(({ from, type, value }, i) => {
    if (
      value === undefined &&
      type === 'text' &&
      stored?.[from ?? -1]?.type === 'hidden'
    ) {
      throw new CustodianError('invalid-draft', `hidden.${i}`);
    }
  });
}

/** Null: it was sealed under a vault key that was replaced since. */
function read(vault: Vault, draft: string): string | null {
  let bytes: Uint8Array | undefined;
  try {
    bytes = vault.openPrivate(draft);
    return utf8Decode(bytes);
  } catch {
    return null;
  } finally {
    if (bytes) {
      wipe(bytes);
    }
  }
}

function finding(error: unknown): FileFinding {
  if (error instanceof VaultError) {
    switch (error.code) {
      case 'foreign':
        return { kind: 'foreign', hint: error.detail as ForeignHint };
      case 'newer':
        return { kind: 'newer' };
      default:
        return { kind: 'damaged', detail: error.detail ?? error.code };
    }
  }
  throw error;
}

function summary(row: IRow): IEntrySummary {
  const { id, rev, name, kind, user, url, tags, created, changed } = row;
  const fields = row.fields.map(({ name, type }) => ({ name, type }));
  return {
    id,
    rev,
    version: row.digest,
    name,
    kind,
    user,
    url,
    tags,
    fields,
    created,
    changed
  };
}
