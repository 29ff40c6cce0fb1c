/** An unlocked vault: entries and grants, changed in memory and serialised on demand. */
import type { Argon2 } from '../crypto/argon2';
import { utf8Encode, wipe } from '../crypto/bytes';
import { randomBytes } from '../crypto/random';
import { applyDraft, type IDraft, type IRecord } from './entry';
import { VaultError } from './errors';
import {
  digestOf,
  fileParts,
  headerText,
  type IHeader,
  type ISealedFile
} from './format';
import {
  emptyIndex,
  grantKey,
  rowOf,
  type IGrantRow,
  type IIndex,
  type IRow
} from './index-table';
import {
  KEY_BYTES,
  newId,
  passphraseSlot,
  recoverySlot,
  unwrap,
  type SlotSecret,
  type SuiteName
} from './keys';
import { decide, mergeGrants, mergeLatest, type IVersion } from './merge';
import { CODE_BYTES, encodeRecoveryCode } from './recovery-code';
import { Sealing } from './sealing';

/** A grant's last use is stored at most this often, in ms: it is not worth a save each time. */
const USED_STEP_MS = 3_600_000;

export interface IVaultPin {
  readonly vault: string;
  readonly epoch: number;
  readonly generation: number;
  readonly digest: string;
}

export interface ICreated {
  readonly vault: Vault;
  readonly recoveryCode: string;
}

export interface IReport {
  readonly incoming: number;
  readonly copies: readonly string[];
}

export function pinOf(
  file: Pick<ISealedFile, 'header' | 'headerText'>
): IVaultPin {
  const { vault, epoch, generation } = file.header;
  return { vault, epoch, generation, digest: digestOf(file.headerText) };
}

export class Vault {
  private constructor(
    private _sealing: Sealing,
    private _header: IHeader,
    private _index: IIndex,
    private _sealed: Map<string, string>
  ) {
    this._base = versions(this._index);
  }

  /** @throws VaultError `passphrase-length`; and what `argon2` throws. */
  static async create(options: {
    passphrase: string;
    suite: SuiteName;
    argon2: Argon2;
  }): Promise<ICreated> {
    const { passphrase, suite, argon2 } = options;
    const id = newId();
    const key = randomBytes(KEY_BYTES);
    const code = randomBytes(CODE_BYTES);
    const header: IHeader = {
      vault: id,
      epoch: 0,
      generation: 1,
      suite,
      slots: [
        await passphraseSlot(key, id, suite, passphrase, argon2),
        recoverySlot(key, id, suite, code)
      ],
      count: 0,
      digest: '',
      unknown: {}
    };
    const vault = new Vault(
      new Sealing(key, id, suite),
      header,
      emptyIndex(),
      new Map()
    );
    vault._dirty = true;
    const recoveryCode = encodeRecoveryCode(code);
    wipe(code);
    return { vault, recoveryCode };
  }

  /**
   * @throws VaultError `wrong-secret`, `mistyped-code`, `altered`, `damaged`; and what `argon2`
   * throws.
   */
  static async unlock(
    file: ISealedFile,
    secret: SlotSecret,
    argon2: Argon2
  ): Promise<Vault> {
    return Vault.open(file, await unwrap(file.header, secret, argon2));
  }

  /** @throws VaultError `altered`, `damaged` */
  static open(file: ISealedFile, key: Uint8Array): Vault {
    const { vault, suite } = file.header;
    const sealing = new Sealing(key, vault, suite);
    const index = sealing.openIndex(file);
    return new Vault(sealing, file.header, index, new Map(file.entries));
  }

  get suite(): SuiteName {
    return this._sealing.suite;
  }

  get dirty(): boolean {
    return this._dirty;
  }

  get hasRecovery(): boolean {
    return this._header.slots.some(({ type }) => type === 'recovery');
  }

  get rows(): IterableIterator<IRow> {
    return this._index.rows.values();
  }

  get grants(): IGrantRow[] {
    return [...this._index.grants.values()];
  }

  row(id: string): IRow | undefined {
    return this._index.rows.get(id);
  }

  /** The row of that name; of two, the one changed last. */
  lookup(name: string): IRow | undefined {
    this._names ??= this._byName();
    return this._names.get(name.normalize('NFC'));
  }

  /** @throws VaultError `no-entry`, `altered`, `damaged` */
  read(id: string): IRecord {
    return this._sealing.openEntry(this._row(id), this._sealed.get(id)!);
  }

  /**
   * @returns The new row.
   * @throws VaultError `invalid-draft`, `name-taken`, `stale`, `too-large`
   */
  put(draft: IDraft & { id?: string; rev?: number }, now: number): IRow {
    const stored =
      draft.id === undefined ? null : this._edited(draft.id, draft.rev);
    const record = applyDraft(draft, stored, {
      id: draft.id ?? newId(),
      rev: (stored?.rev ?? 0) + 1,
      now
    });
    const namesake = this.lookup(record.name);
    if (namesake && namesake.id !== record.id && record.name !== stored?.name) {
      throw new VaultError('name-taken');
    }
    return this._store(record);
  }

  duplicate(id: string, now: number): IRow {
    const record = this.read(id);
    return this._store({
      ...record,
      id: newId(),
      rev: 1,
      name: this._freeName(record.name),
      created: now,
      changed: now
    });
  }

  remove(id: string, now: number): IRow {
    const row = this._row(id);
    this._trash.set(id, { row, sealed: this._sealed.get(id)! });
    this._index.rows.delete(id);
    this._sealed.delete(id);
    this._index.deleted.set(id, { id, rev: row.rev, at: now });
    this._touch();
    return row;
  }

  /** Undo `remove`. */
  restore(id: string): IRow {
    const kept = this._trash.get(id);
    if (!kept) {
      throw new VaultError('no-entry');
    }
    const record = this._sealing.openEntry(kept.row, kept.sealed);
    this._trash.delete(id);
    this._index.deleted.delete(id);
    return this._store({ ...record, rev: record.rev + 1 });
  }

  hasGrant(path: string, entry: string): boolean {
    return this._index.grants.has(grantKey(path, entry));
  }

  allowAlways(path: string, entry: string, now: number): void {
    const key = grantKey(path, entry);
    this._index.revoked.delete(key);
    this._index.grants.set(key, { path, entry, since: now, used: now });
    this._dirty = true;
  }

  revoke(path: string, entry: string, now: number): void {
    const key = grantKey(path, entry);
    if (this._index.grants.delete(key)) {
      this._index.revoked.set(key, { path, entry, at: now });
      this._dirty = true;
    }
  }

  markUsed(path: string, entry: string, now: number): void {
    const key = grantKey(path, entry);
    const grant = this._index.grants.get(key);
    if (grant) {
      this._index.grants.set(key, { ...grant, used: now });
      this._dirty ||= now - grant.used > USED_STEP_MS;
    }
  }

  /** @returns Whether a grant moved. */
  movePath(from: string, to: string, now: number): boolean {
    const moved = this.grants.filter(({ path }) => path === from);
    for (const { entry, since, used } of moved) {
      this.revoke(from, entry, now);
      this._index.grants.set(grantKey(to, entry), {
        path: to,
        entry,
        since,
        used
      });
    }
    return moved.length > 0;
  }

  /**
   * Seal everything anew under a new vault key.
   *
   * @returns The new recovery code.
   * @throws VaultError `wrong-secret`, `passphrase-length`, `altered`
   */
  async changePassphrase(
    current: SlotSecret,
    next: string,
    argon2: Argon2
  ): Promise<string> {
    wipe(await unwrap(this._header, current, argon2));
    const { vault, suite } = this._header;
    const key = randomBytes(KEY_BYTES);
    const code = randomBytes(CODE_BYTES);
    const slots = [
      await passphraseSlot(key, vault, suite, next, argon2),
      recoverySlot(key, vault, suite, code)
    ];
    const records = [...this.rows].map(({ id }) => this.read(id));
    const old = this._sealing;
    this._sealing = new Sealing(key, vault, suite);
    this._header = {
      ...this._header,
      generation: this._header.generation + 1,
      slots
    };
    for (const record of records) {
      this._store(record);
    }
    this._trash.clear();
    this._dirty = true;
    old.wipe();
    const recoveryCode = encodeRecoveryCode(code);
    wipe(code);
    return recoveryCode;
  }

  /** The file as it would be now. `epoch` rises with each call. */
  serialise(now: number): { parts: string[]; pin: IVaultPin } {
    const index = this._sealing.sealIndex(this._index, now);
    this._header = {
      ...this._header,
      epoch: this._header.epoch + 1,
      count: this._index.rows.size,
      digest: digestOf(index)
    };
    const text = headerText(this._header);
    const parts = fileParts({
      headerText: text,
      mac: this._sealing.mac(text),
      index,
      entries: this._sealed
    });
    this._serialised = versions(this._index);
    this._dirty = false;
    return { parts, pin: pinOf({ header: this._header, headerText: text }) };
  }

  /** What the last `serialise` gave is stored: others build on it now. */
  markSaved(): void {
    this._base = this._serialised ?? this._base;
  }

  /** What the last `serialise` gave is not stored. */
  markUnsaved(): void {
    this._dirty = true;
  }

  /**
   * Take in a vault that somebody else stored, with the same base.
   *
   * @returns What to go on with: this vault, or `theirs` if its key is newer.
   */
  merge(theirs: Vault, now: number): { vault: Vault; report: IReport } {
    const target =
      theirs._header.generation > this._header.generation ? theirs : this;
    const result = emptyIndex();
    const sealed = new Map<string, string>();
    const copies: string[] = [];
    let incoming = 0;
    let mineCount = 0;
    const keep = (from: Vault, row: IRow) => {
      if (from._sealing === target._sealing || from._sameKey(target)) {
        result.rows.set(row.id, row);
        sealed.set(row.id, from._sealed.get(row.id)!);
      } else {
        put(from.read(row.id), row);
      }
    };
    const put = (record: IRecord, row?: IRow) => {
      const text = target._sealing.sealEntry(record);
      result.rows.set(record.id, rowOf(record, digestOf(text), row?.unknown));
      sealed.set(record.id, text);
    };
    const ids = new Set([
      ...theirs._index.rows.keys(),
      ...this._index.rows.keys()
    ]);
    for (const id of ids) {
      const mine = this._index.rows.get(id);
      const other = theirs._index.rows.get(id);
      const base = this._base.get(id);
      switch (decide(base, mine, other)) {
        case 'theirs':
          keep(theirs, other!);
          incoming += mine?.digest === other!.digest ? 0 : 1;
          break;
        case 'mine':
          keep(this, mine!);
          mineCount++;
          break;
        case 'mine-revived': {
          const above = theirs._index.deleted.get(id)?.rev ?? 0;
          const rev = Math.max(mine!.rev, above) + 1;
          put({ ...this.read(id), rev }, mine);
          mineCount++;
          break;
        }
        case 'both': {
          keep(theirs, other!);
          incoming++;
          const record = this.read(id);
          const name = freeName(
            record.name,
            used =>
              [...theirs.rows, ...this.rows].some(row => row.name === used) ||
              copies.includes(used)
          );
          put({ ...record, id: newId(), rev: 1, name });
          copies.push(name);
          break;
        }
        case 'gone':
          incoming += mine ? 1 : 0;
      }
    }
    result.revoked = mergeLatest(this._index.revoked, theirs._index.revoked);
    result.deleted = mergeLatest(this._index.deleted, theirs._index.deleted);
    for (const id of result.rows.keys()) {
      result.deleted.delete(id);
    }
    result.grants = mergeGrants(
      this._index.grants,
      theirs._index.grants,
      result.revoked
    );
    result.unknown = { ...this._index.unknown, ...theirs._index.unknown };
    target._header = {
      ...target._header,
      epoch: Math.max(this._header.epoch, theirs._header.epoch)
    };
    target._base = versions(theirs._index);
    target._dirty =
      this._dirty ||
      mineCount > 0 ||
      copies.length > 0 ||
      (target !== theirs &&
        theirs._header.generation !== this._header.generation);
    target._index = result;
    target._sealed = sealed;
    target._names = undefined;
    if (now && target !== this) {
      this.wipe();
    }
    return { vault: target, report: { incoming, copies } };
  }

  /** The versions that the last stored file had; not secret. */
  get base(): ReadonlyMap<string, IVersion> {
    return this._base;
  }

  set base(base: ReadonlyMap<string, IVersion>) {
    this._base = base;
    this._dirty = true;
  }

  /** Open another version of this vault's file with this vault's key. */
  openOther(file: ISealedFile): Vault {
    if (file.header.vault !== this._header.vault) {
      throw new VaultError('other-vault');
    }
    if (file.header.generation !== this._header.generation) {
      throw new VaultError('passphrase-changed');
    }
    return Vault.open(file, this._sealing.vaultKey.slice());
  }

  sealPrivate(text: string): string {
    return this._sealing.sealPrivate(utf8Encode(text));
  }

  openPrivate(sealed: string): Uint8Array {
    return this._sealing.openPrivate(sealed);
  }

  /** Forget the key and everything decrypted. */
  wipe(): void {
    this._sealing.wipe();
    this._index = emptyIndex();
    this._sealed = new Map();
    this._names = undefined;
    this._trash.clear();
  }

  private _sameKey(other: Vault): boolean {
    return this._header.generation === other._header.generation;
  }

  private _row(id: string): IRow {
    const row = this._index.rows.get(id);
    if (!row) {
      throw new VaultError('no-entry');
    }
    return row;
  }

  private _edited(id: string, rev: number | undefined): IRecord {
    const row = this._index.rows.get(id);
    if (!row || (rev !== undefined && rev !== row.rev)) {
      throw new VaultError('stale');
    }
    return this.read(id);
  }

  private _store(record: IRecord): IRow {
    const sealed = this._sealing.sealEntry(record);
    const unknown = this._index.rows.get(record.id)?.unknown;
    const row = rowOf(record, digestOf(sealed), unknown);
    this._sealed.set(record.id, sealed);
    this._index.rows.set(record.id, row);
    this._touch();
    return row;
  }

  private _touch(): void {
    this._dirty = true;
    this._names = undefined;
  }

  private _byName(): Map<string, IRow> {
    const names = new Map<string, IRow>();
    for (const row of this.rows) {
      const other = names.get(row.name);
      if (!other || other.changed < row.changed) {
        names.set(row.name, row);
      }
    }
    return names;
  }

  private _freeName(name: string): string {
    return freeName(name, used => this.lookup(used) !== undefined);
  }

  private _base: ReadonlyMap<string, IVersion>;
  private _serialised: ReadonlyMap<string, IVersion> | undefined;
  private _names: Map<string, IRow> | undefined;
  private _dirty = false;
  private readonly _trash = new Map<string, { row: IRow; sealed: string }>();
}

function versions(index: IIndex): ReadonlyMap<string, IVersion> {
  return new Map(
    [...index.rows.values()].map(({ id, rev, digest }) => [id, { rev, digest }])
  );
}

function freeName(name: string, taken: (name: string) => boolean): string {
  for (let n = 2; ; n++) {
    const candidate = `${name} (${n})`;
    if (!taken(candidate)) {
      return candidate;
    }
  }
}
