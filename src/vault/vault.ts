/** An unlocked vault: entries and grants, changed in memory and serialised on demand. */
import type { Argon2 } from '../crypto/argon2';
import { utf8Encode, wipe } from '../crypto/bytes';
import { applyDraft, type IDraft } from './draft';
import type { IRecord } from './entry';
import { EntryTexts } from './entry-texts';
import { VaultError } from './errors';
import { digestAsync, digestOf, type ISealedFile } from './format';
import * as grants from './grants';
import type { SuiteName } from './header';
import { emptyIndex, rowsByName, type IRow } from './index-table';
import { newId } from './keys';
import { mergeVaults, type IReport } from './merge-vaults';
import { freeName } from './names';
import * as opened from './opened';
import { Sealing } from './sealing';
import { newVaultKey, unwrap, type SlotSecret } from './slots';

export interface ICreated {
  readonly vault: Vault;
  readonly recoveryCode: string;
}

export class Vault {
  private constructor(private _opened: opened.IOpened) {
    this._base = opened.versions(_opened);
  }

  /** @throws VaultError `passphrase-length`; and what `argon2` throws. */
  static async create(options: {
    passphrase: string;
    suite: SuiteName;
    argon2: Argon2;
  }): Promise<ICreated> {
    const { passphrase, suite, argon2 } = options;
    const id = newId();
    const made = await newVaultKey(id, suite, passphrase, argon2);
    const vault = new Vault(opened.newVault(id, suite, made));
    vault._dirty = true;
    return { vault, recoveryCode: made.recoveryCode };
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
    const { header } = file;
    const [key, digest] = await Promise.all([
      unwrap(header, secret, argon2),
      // While another worker derives the key.
      digestAsync(utf8Encode(file.index))
    ]);
    const sealing = new Sealing(key, header.vault, header.suite);
    return new Vault(opened.openFile(file, sealing, digest));
  }

  get suite(): SuiteName {
    return this._opened.sealing.suite;
  }

  get dirty(): boolean {
    return this._dirty;
  }

  get hasRecovery(): boolean {
    return this._opened.header.slots.some(({ type }) => type === 'recovery');
  }

  get rows(): IterableIterator<IRow> {
    return this._opened.index.rows.values();
  }

  /** Put the rows in an order, in which they are written as well: the next reader finds them sorted. */
  arrange(compare: (a: IRow, b: IRow) => number): void {
    const { index } = this._opened;
    const sorted = [...index.rows].sort(([, a], [, b]) => compare(a, b));
    index.rows = new Map(sorted);
  }

  row(id: string): IRow | undefined {
    return this._opened.index.rows.get(id);
  }

  /** The row of that name, which is compared in NFC; of two, the one changed last. */
  lookup(name: string): IRow | undefined {
    this._names ??= rowsByName(this.rows);
    return this._names.get(name.normalize('NFC'));
  }

  /** @throws VaultError `no-entry`, `altered`, `damaged` */
  read(id: string): IRecord {
    this._row(id);
    return opened.read(this._opened, id);
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
    return this._store(record, this.row(record.id));
  }

  /** @throws VaultError `no-entry`, `altered`, `damaged`, `too-large` */
  duplicate(id: string, now: number): IRow {
    const record = this.read(id);
    const copy = {
      ...record,
      id: newId(),
      rev: 1,
      name: freeName(record.name, name => this.lookup(name) !== undefined),
      created: now,
      changed: now
    };
    return this._store(copy, this.row(id));
  }

  /** @throws VaultError `no-entry` */
  remove(id: string, now: number): IRow {
    const { index, sealed } = this._opened;
    const row = this._row(id);
    this._trash.set(id, { row, sealed: sealed.get(id)! });
    index.rows.delete(id);
    sealed.delete(id);
    index.deleted.set(id, { id, rev: row.rev + 1, at: now, unknown: {} });
    this._touch();
    return row;
  }

  /**
   * Undo `remove`.
   *
   * @throws VaultError `no-entry`, `altered`, `damaged`, `too-large`
   */
  restore(id: string): IRow {
    const kept = this._trash.get(id);
    // A merge may have brought back what somebody else had edited.
    if (!kept || this.row(id)) {
      throw new VaultError('no-entry');
    }
    const { sealing, index } = this._opened;
    const record = sealing.openEntry(kept.row, kept.sealed);
    const above = index.deleted.get(id)?.rev ?? 0;
    const rev = Math.max(record.rev, above) + 1;
    const row = this._store({ ...record, rev }, kept.row);
    this._trash.delete(id);
    index.deleted.delete(id);
    return row;
  }

  get grants(): grants.IGrantRow[] {
    return [...this._opened.index.grants.values()].map(
      ({ path, entry, since, used }) => ({ path, entry, since, used })
    );
  }

  hasGrant(path: string, entry: string): boolean {
    return this._opened.index.grants.has(grants.grantKey(path, entry));
  }

  allowAlways(path: string, entry: string, now: number): void {
    grants.allow(this._opened.index, path, entry, now);
    this._dirty = true;
  }

  revoke(path: string, entry: string, now: number): void {
    if (grants.revoke(this._opened.index, path, entry, now)) {
      this._dirty = true;
    }
  }

  markUsed(path: string, entry: string, now: number): void {
    if (grants.markUsed(this._opened.index, path, entry, now)) {
      this._dirty = true;
    }
  }

  /** @returns Whether a grant moved. */
  movePath(from: string, to: string, now: number): boolean {
    const moved = grants.movePath(this._opened.index, from, to, now);
    this._dirty ||= moved;
    return moved;
  }

  /**
   * Seal everything anew under a new vault key. No file that others store meanwhile can be opened
   * with it (`passphrase-changed`), so do it in a copy until the result is stored.
   *
   * @returns The new recovery code.
   * @throws VaultError `wrong-secret`, `mistyped-code`, `passphrase-length`, `altered`, `damaged`;
   * and what `argon2` throws.
   */
  async changePassphrase(
    current: SlotSecret,
    next: string,
    argon2: Argon2
  ): Promise<string> {
    wipe(await unwrap(this._opened.header, current, argon2));
    const { vault, suite } = this._opened.sealing;
    const made = await newVaultKey(vault, suite, next, argon2);
    const old = this._opened;
    // The vault may have been locked meanwhile.
    old.sealing.assertUsable();
    this._opened = opened.rekey(old, made);
    old.sealing.wipe();
    this._trash.clear();
    this._touch();
    return made.recoveryCode;
  }

  /** The file as it would be now. `epoch` rises with each call. */
  serialise(now: number): opened.IWritten {
    const { index, finish } = this._begin(now);
    return finish(digestOf(index));
  }

  /**
   * The same, sooner. What is changed until it resolves is not in it.
   *
   * @throws Error if the vault is wiped meanwhile.
   */
  async serialiseAsync(now: number): Promise<opened.IWritten> {
    const { index, finish } = this._begin(now);
    const bytes = utf8Encode(index);
    return finish(await digestAsync(bytes), bytes);
  }

  /** What was serialised last is stored: others build on it now. */
  markSaved(): void {
    this._base = this._serialised ?? this._base;
  }

  /** What was serialised last is not stored. */
  markUnsaved(): void {
    this._dirty = true;
  }

  /**
   * Take in a vault that somebody else stored, with the same base. One of the two is wiped.
   *
   * @returns What to go on with: this vault, or `theirs` if its key is another and not older.
   * @throws VaultError `altered`, `damaged`, if an entry has to be sealed anew and cannot be read.
   */
  merge(theirs: Vault, now: number): { vault: Vault; report: IReport } {
    const base = opened.versions(theirs._opened);
    const merged = mergeVaults(this._opened, theirs._opened, this._base, now);
    const mineGoesOn = merged.opened.sealing === this._opened.sealing;
    const [vault, other] = mineGoesOn ? [this, theirs] : [theirs, this];
    const dirty = this._dirty || merged.differs;
    other.wipe();
    vault._opened = merged.opened;
    vault._base = base;
    vault._serialised = undefined;
    vault._dirty = dirty;
    vault._names = undefined;
    return { vault, report: merged.report };
  }

  /** The revisions that the last stored file had; not secret. */
  get base(): opened.Base {
    return this._base;
  }

  set base(base: opened.Base) {
    this._base = base;
    this._dirty = true;
  }

  /**
   * Open another version of this vault's file with this vault's key.
   *
   * @throws VaultError `other-vault`, `passphrase-changed`, `altered`, `damaged`
   */
  openOther(file: ISealedFile): Vault {
    const { header, sealing } = this._opened;
    if (file.header.vault !== header.vault) {
      throw new VaultError('other-vault');
    }
    if (file.header.generation !== header.generation) {
      throw new VaultError('passphrase-changed');
    }
    return new Vault(opened.openFile(file, sealing.copy()));
  }

  sealPrivate(text: string): string {
    return this._opened.sealing.sealPrivate(utf8Encode(text));
  }

  openPrivate(sealed: string): Uint8Array {
    return this._opened.sealing.openPrivate(sealed);
  }

  /** Forget the key and everything decrypted. */
  wipe(): void {
    const { sealing, header } = this._opened;
    sealing.wipe();
    this._opened = {
      sealing,
      header,
      index: emptyIndex(),
      sealed: new Map(),
      texts: new EntryTexts()
    };
    this._names = undefined;
    this._trash.clear();
  }

  private _begin(now: number): opened.IBegun {
    const begun = opened.beginFile(this._opened, now);
    this._opened = { ...this._opened, header: begun.header };
    this._serialised = opened.versions(this._opened);
    this._dirty = false;
    return begun;
  }

  private _row(id: string): IRow {
    const row = this.row(id);
    if (!row) {
      throw new VaultError('no-entry');
    }
    return row;
  }

  private _edited(id: string, rev: number | undefined): IRecord {
    const row = this.row(id);
    if (!row || (rev !== undefined && rev !== row.rev)) {
      throw new VaultError('stale');
    }
    return this.read(id);
  }

  private _store(record: IRecord, old: IRow | undefined): IRow {
    const text = this._opened.sealing.sealEntry(record);
    if (!opened.hasRoom(this._opened, record.id, text.length)) {
      throw new VaultError('too-large');
    }
    const before = this.row(record.id);
    const row = opened.put(this._opened, record, text, old);
    this._dirty = true;
    this._rename(before, row);
    return row;
  }

  /** While each name is one row's, one entry's is set; to look through all takes a while. */
  private _rename(before: IRow | undefined, row: IRow): void {
    const names = this._names;
    const name = row.name.normalize('NFC');
    const count = this._opened.index.rows.size - (before ? 0 : 1);
    const namesake = names?.get(name);
    if (names?.size !== count || (namesake && namesake !== before)) {
      this._names = undefined;
      return;
    }
    if (before) {
      names.delete(before.name.normalize('NFC'));
    }
    names.set(name, row);
  }

  private _touch(): void {
    this._dirty = true;
    this._names = undefined;
  }

  private _base: opened.Base;
  private _serialised: opened.Base | undefined;
  private _names: Map<string, IRow> | undefined;
  private _dirty = false;
  private readonly _trash = new Map<string, { row: IRow; sealed: string }>();
}
