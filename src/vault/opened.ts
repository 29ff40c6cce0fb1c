/** What an open vault consists of, how a file becomes one, and how one becomes a file; spec/vault.md §1, §7, §8. */
import type { IRecord } from './entry';
import { EntryTexts } from './entry-texts';
import {
  digestOf,
  ENTRIES_START,
  FILE_END,
  FILE_LIMIT,
  headPart,
  type ISealedFile
} from './format';
import { headerText, type IHeader, type SuiteName } from './header';
import {
  emptyIndex,
  encodeIndex,
  rowOf,
  type IIndex,
  type IRow
} from './index-table';
import type { IVersion } from './merge';
import { pinOf, type IVaultPin } from './pin';
import { Sealing } from './sealing';
import type { INewKey } from './slots';

export interface IOpened {
  readonly sealing: Sealing;
  readonly header: IHeader;
  readonly index: IIndex;
  /** Sealed entries by id. */
  readonly sealed: Map<string, string>;
  readonly texts: EntryTexts;
}

/** The revisions of all entries. */
export type Base = ReadonlyMap<string, IVersion>;

/** What the file has besides an entry's text: `"<id>":"",`. */
const ENTRY_FRAME = 28;
/** Room for a new entry's row and the header. */
const SLACK = 2 * 1024 * 1024;

/** A new vault without entries, not yet written. */
export function newVault(
  vault: string,
  suite: SuiteName,
  { key, slots }: INewKey
): IOpened {
  return {
    sealing: new Sealing(key, vault, suite),
    header: {
      vault,
      epoch: 0,
      generation: 1,
      suite,
      slots,
      count: 0,
      digest: '',
      critical: [],
      unknown: {}
    },
    index: emptyIndex(),
    sealed: new Map(),
    texts: new EntryTexts()
  };
}

/**
 * @param sealing - Taken over; wiped if the file does not open.
 * @param digest - Of the index's text, if it is known.
 * @throws VaultError `altered`, `damaged`
 */
export function openFile(
  file: ISealedFile,
  sealing: Sealing,
  digest?: string
): IOpened {
  try {
    const index = sealing.openIndex(file, digest);
    return {
      sealing,
      header: file.header,
      index,
      sealed: new Map(file.entries),
      texts: new EntryTexts()
    };
  } catch (error) {
    sealing.wipe();
    throw error;
  }
}

/**
 * The same vault, every entry sealed anew; the given one is left as it is.
 *
 * @throws VaultError `altered`, `damaged`
 */
export function rekey(old: IOpened, { key, slots }: INewKey): IOpened {
  const { header, index } = old;
  const { vault, suite } = old.sealing;
  const opened = {
    sealing: new Sealing(key, vault, suite),
    header: { ...header, generation: header.generation + 1, slots },
    index: { ...index, rows: new Map<string, IRow>() },
    sealed: new Map<string, string>(),
    texts: new EntryTexts()
  };
  for (const row of index.rows.values()) {
    store(opened, read(old, row.id), row);
  }
  return opened;
}

/** A file's text, in parts, of which some may be in UTF-8. */
export interface IWritten {
  readonly parts: (string | Uint8Array<ArrayBuffer>)[];
  readonly pin: IVaultPin;
}

/** A file that lacks the digest of its index, which takes a while. */
export interface IBegun {
  /** Without the digest. */
  readonly header: IHeader;
  /** The sealed index. */
  readonly index: string;
  /**
   * @param bytes - The index in UTF-8, if it is at hand.
   * @throws Error if the key is wiped.
   */
  finish(digest: string, bytes?: Uint8Array<ArrayBuffer>): IWritten;
}

/** The file as it is now, of the next epoch. */
export function beginFile(
  { sealing, header: last, index: table, sealed, texts }: IOpened,
  now: number
): IBegun {
  const index = sealing.sealIndex(table, now);
  const header: IHeader = {
    ...last,
    epoch: last.epoch + 1,
    count: table.rows.size
  };
  const entries = texts.parts(sealed);
  return {
    header,
    index,
    finish: (digest, bytes) => {
      const complete = { ...header, digest };
      const text = headerText(complete);
      const mac = sealing.mac(text);
      return {
        parts: [
          headPart({ headerText: text, mac }),
          bytes ?? index,
          ENTRIES_START,
          ...entries,
          FILE_END
        ],
        pin: pinOf({ header: complete, headerText: text })
      };
    }
  };
}

export function versions({ index, sealing }: IOpened): Base {
  const all = new Map<string, IVersion>();
  for (const { id, rev, digest } of index.rows.values()) {
    all.set(id, { rev, digest, key: sealing.tag });
  }
  return all;
}

/** @throws VaultError `altered`, `damaged` */
export function read({ sealing, index, sealed }: IOpened, id: string): IRecord {
  return sealing.openEntry(index.rows.get(id)!, sealed.get(id)!);
}

/**
 * Seal a record.
 *
 * @param old - The row whose unknown members are kept.
 * @throws VaultError `too-large`
 */
export function store(
  opened: IOpened,
  record: IRecord,
  old: IRow | undefined
): IRow {
  return put(opened, record, opened.sealing.sealEntry(record), old);
}

/** Put a record that is sealed. */
export function put(
  { index, sealed }: IOpened,
  record: IRecord,
  text: string,
  old: IRow | undefined
): IRow {
  const row = rowOf(record, digestOf(text), old);
  sealed.set(record.id, text);
  index.rows.set(record.id, row);
  return row;
}

/** Whether the file can still be read with a sealed entry of that length in it. */
export function hasRoom(
  { index, sealed }: IOpened,
  id: string,
  length: number
): boolean {
  if (length <= (sealed.get(id)?.length ?? 0)) {
    return true;
  }
  let size = length;
  for (const [other, { length: more }] of sealed) {
    size += other === id ? 0 : more + ENTRY_FRAME;
  }
  // The index is never that much larger than the entries, and takes a while to measure.
  if (size > FILE_LIMIT / 3) {
    size += (encodeIndex(index, 0).length * 4) / 3 + SLACK;
  }
  return size <= FILE_LIMIT;
}
