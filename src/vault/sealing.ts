/** Seals and opens the parts of a file under one vault key; spec/vault.md §3 to §5. */
import { concat, equal, u64, utf8Encode, wipe } from '../crypto/bytes';
import { decodeBase64url, encodeBase64url } from '../crypto/encoding';
import { hmacSha256 } from '../crypto/hash';
import { suite as cipher } from '../crypto/suites';
import { decodeRecord, encodeRecord, type IRecord } from './entry';
import { VaultError } from './errors';
import { digestOf, type ISealedFile } from './format';
import type { SuiteName } from './header';
import {
  decodeIndex,
  encodeIndex,
  type IIndex,
  type IRow
} from './index-table';
import { subkey } from './keys';

export class Sealing {
  /** @param key - The vault key, which is this object's from now on. */
  constructor(
    private readonly _key: Uint8Array,
    readonly vault: string,
    readonly suite: SuiteName
  ) {
    this.tag = encodeBase64url(this._subkey('tag'));
  }

  /** Tells vault keys apart, and says nothing else of them. Never in the file. */
  readonly tag: string;

  /** Another one, with a copy of the key. */
  copy(): Sealing {
    return new Sealing(this._key.slice(), this.vault, this.suite);
  }

  mac(headerText: string): string {
    const key = this._subkey('header');
    const mac = hmacSha256(key, utf8Encode(headerText));
    wipe(key);
    return encodeBase64url(mac);
  }

  /**
   * @param digest - Of the index's text, if it is known.
   * @throws VaultError `altered`, `damaged`
   */
  openIndex(file: ISealedFile, digest = digestOf(file.index)): IIndex {
    const mac = decodeBase64url(this.mac(file.headerText));
    if (!equal(mac, decodeBase64url(file.mac))) {
      throw new VaultError('altered', 'header');
    }
    if (digest !== file.header.digest) {
      throw new VaultError('altered', 'index');
    }
    const padded = this._open('index', decodeBase64url(file.index), 'index');
    const { rows, ...index } = decodeAndWipe(padded, decodeIndex);
    const sameIds =
      rows.size === file.entries.size &&
      [...rows.keys()].every(id => file.entries.has(id));
    if (!sameIds) {
      throw new VaultError('altered', 'entries');
    }
    if (rows.size !== file.header.count) {
      throw new VaultError('damaged', 'count');
    }
    return { rows, ...index };
  }

  sealIndex(index: IIndex, now: number): string {
    return this._seal('index', encodeIndex(index, now));
  }

  /** @throws VaultError `altered`, `damaged` */
  openEntry(row: IRow, sealed: string): IRecord {
    if (digestOf(sealed) !== row.digest) {
      throw new VaultError('altered', 'entry');
    }
    let bytes: Uint8Array;
    try {
      bytes = decodeBase64url(sealed);
    } catch {
      throw new VaultError('damaged', 'entry, not base64url');
    }
    const padded = this._open(entryLabel(row.id, row.rev), bytes, 'entry');
    const record = decodeAndWipe(padded, decodeRecord);
    if (record.id !== row.id || record.rev !== row.rev) {
      throw new VaultError('altered', 'entry');
    }
    return record;
  }

  /** @throws VaultError `too-large` */
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
    try {
      return this._open('private', decodeBase64url(sealed), 'private');
    } catch {
      throw new VaultError('altered', 'private');
    }
  }

  /** Forget the key: nothing can be sealed or opened any more. */
  wipe(): void {
    wipe(this._key);
    this._wiped = true;
  }

  /** @throws Error after `wipe`: under a key of zeros a file would be open to all. */
  assertUsable(): void {
    if (this._wiped) {
      throw new Error('the vault key is wiped');
    }
  }

  private _seal(label: string | Uint8Array, text: Uint8Array): string {
    const key = this._subkey(label);
    const sealed = cipher(this.suite).seal(key, text);
    wipe(key, text);
    return encodeBase64url(sealed);
  }

  private _open(
    label: string | Uint8Array,
    sealed: Uint8Array,
    what: string
  ): Uint8Array {
    const key = this._subkey(label);
    const opened = cipher(this.suite).open(key, sealed);
    wipe(key);
    if (!opened) {
      throw new VaultError('altered', what);
    }
    return opened;
  }

  private _subkey(label: string | Uint8Array): Uint8Array {
    this.assertUsable();
    const bytes = typeof label === 'string' ? utf8Encode(label) : label;
    return subkey(this._key, this.vault, this.suite, bytes);
  }

  private _wiped = false;
}

function decodeAndWipe<T>(
  padded: Uint8Array,
  decode: (padded: Uint8Array) => T
): T {
  try {
    return decode(padded);
  } finally {
    wipe(padded);
  }
}

function entryLabel(id: string, rev: number): Uint8Array {
  return concat(utf8Encode('entry '), decodeBase64url(id), u64(rev));
}
