/** Seals and opens the parts of a file under one vault key; spec/vault.md §3 to §5. */
import { concat, equal, u64, utf8Encode, wipe } from '../crypto/bytes';
import { decodeBase64url, encodeBase64url } from '../crypto/encoding';
import { hmacSha256 } from '../crypto/hash';
import { suite } from '../crypto/suites';
import { decodeRecord, encodeRecord, type IRecord } from './entry';
import { VaultError } from './errors';
import { digestOf, type ISealedFile } from './format';
import {
  decodeIndex,
  encodeIndex,
  type IIndex,
  type IRow
} from './index-table';
import { subkey, type SuiteName } from './keys';

export class Sealing {
  constructor(
    private readonly _key: Uint8Array,
    readonly vault: string,
    readonly suite: SuiteName
  ) {}

  /** The vault key, for wrapping it in a slot. Not a copy. */
  get vaultKey(): Uint8Array {
    return this._key;
  }

  mac(headerText: string): string {
    const key = this._subkey('header');
    const mac = hmacSha256(key, utf8Encode(headerText));
    wipe(key);
    return encodeBase64url(mac);
  }

  /** @throws VaultError `altered`, `damaged` */
  openIndex(file: ISealedFile): IIndex {
    const mac = decodeBase64url(this.mac(file.headerText));
    if (!equal(mac, decodeBase64url(file.mac))) {
      throw new VaultError('altered', 'header');
    }
    if (digestOf(file.index) !== file.header.digest) {
      throw new VaultError('altered', 'index');
    }
    const index = decodeIndex(this._open('index', file.index, 'index'));
    if (index.rows.size !== file.entries.size) {
      throw new VaultError('altered', 'entries');
    }
    for (const id of index.rows.keys()) {
      if (!file.entries.has(id)) {
        throw new VaultError('altered', 'entries');
      }
    }
    return index;
  }

  sealIndex(index: IIndex, now: number): string {
    return this._seal('index', encodeIndex(index, now));
  }

  /** @throws VaultError `altered`, `damaged` */
  openEntry(row: IRow, sealed: string): IRecord {
    if (digestOf(sealed) !== row.digest) {
      throw new VaultError('altered', 'entry');
    }
    const padded = this._open(entryLabel(row.id, row.rev), sealed, 'entry');
    const record = decodeRecord(padded);
    wipe(padded);
    if (record.id !== row.id || record.rev !== row.rev) {
      throw new VaultError('altered', 'entry');
    }
    return record;
  }

  sealEntry(record: IRecord): string {
    const label = entryLabel(record.id, record.rev);
    return this._seal(label, encodeRecord(record));
  }

  /** Seal bytes of the page's own, which never reach the file. Wipes them. */
  sealPrivate(text: Uint8Array): string {
    return this._seal('private', text);
  }

  /** @throws VaultError `altered` */
  openPrivate(sealed: string): Uint8Array {
    return this._open('private', sealed, 'private');
  }

  wipe(): void {
    wipe(this._key);
  }

  private _seal(label: string | Uint8Array, text: Uint8Array): string {
    const key = this._subkey(label);
    const sealed = suite(this.suite).seal(key, text);
    wipe(key, text);
    return encodeBase64url(sealed);
  }

  private _open(
    label: string | Uint8Array,
    sealed: string,
    what: string
  ): Uint8Array {
    const key = this._subkey(label);
    let bytes: Uint8Array | null = null;
    try {
      bytes = suite(this.suite).open(key, decodeBase64url(sealed));
    } catch {
      // Not base64url: as altered as any other change.
    }
    wipe(key);
    if (!bytes) {
      throw new VaultError('altered', what);
    }
    return bytes;
  }

  private _subkey(label: string | Uint8Array): Uint8Array {
    const bytes = typeof label === 'string' ? utf8Encode(label) : label;
    return subkey(this._key, this.vault, this.suite, bytes);
  }
}

function entryLabel(id: string, rev: number): Uint8Array {
  return concat(utf8Encode('entry '), decodeBase64url(id), u64(rev));
}
