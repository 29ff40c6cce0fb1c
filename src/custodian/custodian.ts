/** The one place where keys and the decrypted index live: the vault's part of the operations. */
import type { Argon2 } from '../crypto/argon2';
import { utf8Decode } from '../crypto/bytes';
import {
  parseFile,
  pinOf,
  Vault,
  VaultError,
  type ForeignHint,
  type IRow,
  type ISealedFile
} from '../vault';
import { AutoLock } from './autolock';
import type { IDerivation } from './derivation';
import {
  CustodianError,
  type FileFinding,
  type IEntryDetail,
  type IEntryDraft,
  type IEntrySummary,
  type IOperations,
  type ISnapshot,
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

/** Unsaved changes over a lock: ciphertext, and the versions that they build on. */
interface IPendingFile {
  readonly file: ISealedFile;
  readonly base: Vault['base'];
}

export class Custodian {
  constructor(
    private readonly _derivation: IDerivation,
    events: IHostEvents
  ) {
    this._autoLock = new AutoLock(
      () => {
        this._lock();
        events.locked();
      },
      at => events.deadline(at)
    );
  }

  readonly operations: Operations = {
    load: ({ file }) => this._load(new Uint8Array(file)),
    warm: () => this._derivation.warm(),
    create: args => this._create(args.passphrase, args.suite),
    confirm: () => this._confirm(),
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
      const { id, name } = this._open.put(draft, Date.now());
      return { id, name };
    },
    duplicate: args => {
      const { id, name } = this._open.duplicate(args.id, Date.now());
      return { id, name };
    },
    remove: ({ id }) => ({ name: this._open.remove(id, Date.now()).name }),
    restore: ({ id }) => void this._open.restore(id),
    stash: ({ draft }) => this._stash(draft),
    unstash: () => this._unstash(),
    allowAlways: ({ path, entries }) => {
      for (const entry of entries) {
        this._open.allowAlways(path, entry, Date.now());
      }
    },
    revoke: ({ path, entry }) => this._open.revoke(path, entry, Date.now()),
    movePath: ({ from, to }) => this._open.movePath(from, to, Date.now()),
    changePassphrase: async ({ current, next }) => ({
      recoveryCode: await this._open.changePassphrase(
        current,
        next,
        this._argon2
      )
    }),
    save: () => this._save(),
    saved: () => {
      this._saving = false;
      this._vault?.markSaved();
    },
    merge: ({ file }) => this._merge(new Uint8Array(file)),
    receive: args => this._desk.receive(args),
    review: ({ handle }) => this._desk.review(handle),
    grant: ({ handle }) => this._desk.grant(handle),
    refuse: ({ handle, status }) => this._desk.refuse(handle, status)
  };

  private get _open(): Vault {
    this._autoLock.strike();
    if (!this._vault) {
      throw new CustodianError('locked');
    }
    return this._vault;
  }

  private _load(bytes: Uint8Array): FileFinding {
    try {
      this._file = parseFile(bytes);
    } catch (error) {
      this._file = undefined;
      return finding(error);
    }
    const { suite } = this._file.header;
    return { kind: 'ours', pin: pinOf(this._file), suite };
  }

  private async _create(passphrase: string, suite: 'nacl' | 'aes') {
    const { vault, recoveryCode } = await Vault.create({
      passphrase,
      suite,
      argon2: this._argon2
    });
    this._created?.wipe();
    this._created = vault;
    const { parts, pin } = vault.serialise(Date.now());
    return { recoveryCode, file: new Blob(parts), pin };
  }

  private _confirm(): ISnapshot {
    if (!this._created) {
      throw new CustodianError('no-file');
    }
    this._created.markSaved();
    this._vault = this._created;
    this._created = undefined;
    this._autoLock.start();
    return this._snapshot();
  }

  private async _unlock(secret: Secret): Promise<ISnapshot> {
    if (!this._file) {
      throw new CustodianError('no-file');
    }
    const file = this._file;
    let vault = await Vault.unlock(file, secret, this._argon2);
    vault = this._resume(vault);
    this._vault?.wipe();
    this._vault = vault;
    // The text of 10,000 entries is in the vault now; once is enough.
    this._file = undefined;
    this._autoLock.start();
    return this._snapshot();
  }

  /** Changes that were not stored before the lock are merged into what is stored. */
  private _resume(stored: Vault): Vault {
    if (!this._pending) {
      return stored;
    }
    const { file, base } = this._pending;
    try {
      const mine = stored.openOther(file);
      mine.base = base;
      this._pending = undefined;
      return mine.merge(stored, Date.now()).vault;
    } catch (error) {
      if (error instanceof VaultError && error.code === 'other-vault') {
        this._pending = undefined;
      }
      return stored;
    }
  }

  private _lock(): void {
    this._autoLock.stop();
    this._desk.lock();
    const vault = this._vault;
    this._vault = undefined;
    this._created?.wipe();
    this._created = undefined;
    if (!vault) {
      return;
    }
    const dirty = vault.dirty || this._saving;
    const base = vault.base;
    const { parts } = vault.serialise(Date.now());
    const file = parseFile(new TextEncoder().encode(parts.join('')));
    if (dirty) {
      this._pending = { file, base };
    }
    // What was stored last may be unlocked again without another read.
    this._file ??= file;
    vault.wipe();
  }

  private _stash(draft: IEntryDraft | null): void {
    this._draft = draft ? this._open.sealPrivate(JSON.stringify(draft)) : null;
  }

  private _unstash(): IEntryDraft | null {
    if (this._draft === null) {
      return null;
    }
    try {
      return JSON.parse(utf8Decode(this._open.openPrivate(this._draft)));
    } catch (error) {
      if (error instanceof CustodianError) {
        throw error;
      }
      // Sealed under a vault key that was replaced since: it cannot be read any more.
      return null;
    }
  }

  private _snapshot(): ISnapshot {
    const vault = this._open;
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

  private _save() {
    const vault = this._open;
    if (!vault.dirty && !this._saving) {
      return {
        file: null,
        pin: { vault: '', epoch: 0, generation: 0, digest: '' }
      };
    }
    this._saving = true;
    const { parts, pin } = vault.serialise(Date.now());
    return { file: new Blob(parts), pin };
  }

  private _merge(bytes: Uint8Array) {
    const mine = this._open;
    let theirs: Vault;
    try {
      const file = parseFile(bytes);
      this._file = file;
      theirs = mine.openOther(file);
    } catch (error) {
      const found = finding(error);
      throw error instanceof VaultError && found.kind === 'foreign'
        ? new CustodianError('damaged', 'foreign')
        : error;
    }
    const { vault, report } = mine.merge(theirs, Date.now());
    this._vault = vault;
    return report;
  }

  private readonly _argon2: Argon2 = (password, salt, parameters) =>
    this._derivation.derive(password, salt, parameters);

  private readonly _autoLock: AutoLock;
  private readonly _desk = new RequestDesk(() => {
    this._autoLock.strike();
    return this._vault;
  });
  private _file: ISealedFile | undefined;
  private _vault: Vault | undefined;
  private _created: Vault | undefined;
  private _pending: IPendingFile | undefined;
  private _draft: string | null = null;
  /** Something was serialised that is not known to be stored. */
  private _saving = false;
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
  const { id, rev, name, kind, user, url, tags, fields, created, changed } =
    row;
  return {
    id,
    rev,
    name,
    kind,
    user,
    url,
    tags,
    // Not what a later version has put there.
    fields: fields.map(field => ({ name: field.name, type: field.type })),
    created,
    changed
  };
}
