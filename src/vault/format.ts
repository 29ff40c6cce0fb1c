/** The file's text and its five parts; spec/vault.md §1. No keys here. */
import { utf8Decode, utf8Encode } from '../crypto/bytes';
import { encodeBase64url } from '../crypto/encoding';
import { sha256, sha256Async } from '../crypto/hash';
import { VaultError } from './errors';
import { FORMAT, parseHeader, type IHeader } from './header';
import { isBlank, recognise } from './recognise';
import { Scanner } from './scanner';
import * as schema from './schema';

export const FILE_LIMIT = 16 * 1024 * 1024;
/** What is between the index and the entries. */
export const ENTRIES_START = '","entries":{';
/** What is behind the entries. */
export const FILE_END = '}}\n';
const MAC_BYTES = 32;

/** A file that keeps every rule that can be checked without a key. */
export interface ISealedFile {
  readonly header: IHeader;
  /** The exact text that `mac` covers. */
  readonly headerText: string;
  readonly mac: string;
  readonly index: string;
  /** Sealed entries by id; whether they are base64url shows when one is used. */
  readonly entries: ReadonlyMap<string, string>;
}

export type ForeignHint = 'empty' | 'other';

/** base64url of SHA-256 over a text of the file. */
export function digestOf(text: string): string {
  return encodeBase64url(sha256(utf8Encode(text)));
}

/** The same for megabytes, where one can wait. */
export async function digestAsync(text: Uint8Array): Promise<string> {
  return encodeBase64url(await sha256Async(text));
}

/**
 * @throws VaultError `foreign` (detail: a {@link ForeignHint}), `newer`, `damaged`, `bounds`.
 */
export function parseFile(bytes: Uint8Array): ISealedFile {
  switch (recognise(bytes)) {
    case 'foreign':
      throw new VaultError('foreign', isBlank(bytes) ? 'empty' : 'other');
    case 'newer':
      throw new VaultError('newer');
    case 'ours':
      return parseOurs(bytes);
  }
}

function parseOurs(bytes: Uint8Array): ISealedFile {
  if (bytes.length > FILE_LIMIT) {
    throw new VaultError('damaged', 'size');
  }
  if (!endsAsOurs(bytes)) {
    throw new VaultError('damaged', 'file, cut off');
  }
  let text: string;
  try {
    text = utf8Decode(bytes);
  } catch {
    throw new VaultError('damaged', 'not UTF-8');
  }
  const file = scan(text.endsWith('\n') ? text.slice(0, -1) : text);
  return { header: parseHeader(file.headerText), ...file };
}

/** The five members, in their order, and nothing else. */
function scan(text: string): Omit<ISealedFile, 'header'> {
  const scanner = new Scanner(text);
  const member = (start: string, what: string) => {
    scanner.expect(start, 'members of the file');
    return scanner.string(what);
  };
  const headerText = member(`{"credentialstore":${FORMAT},"header":`, 'header');
  const mac = schema.base64url(member(',"mac":', 'mac'), 'mac', MAC_BYTES);
  const index = schema.base64url(member(',"index":', 'index'), 'index');
  scanner.expect(',"entries":{', 'members of the file');
  const entries = scanEntries(scanner);
  if (!scanner.atEnd) {
    throw new VaultError('damaged', 'something behind the file');
  }
  return { headerText, mac, index, entries };
}

function scanEntries(scanner: Scanner): Map<string, string> {
  const entries = new Map<string, string>();
  if (scanner.skip('}}')) {
    return entries;
  }
  do {
    const id = schema.id(scanner.string('entry id'), 'entry id');
    scanner.expect(':', 'entry');
    if (entries.has(id)) {
      throw new VaultError('damaged', 'entry, there twice');
    }
    entries.set(id, scanner.string('entry'));
  } while (scanner.skip(','));
  scanner.expect('}}', 'entries');
  return entries;
}

/** What tells most cut files at once, however many megabytes are left of them. */
function endsAsOurs(bytes: Uint8Array): boolean {
  const newline = bytes.at(-1) === FILE_END.charCodeAt(2) ? 1 : 0;
  const [first, second] = bytes.subarray(bytes.length - newline - 2);
  return first === FILE_END.charCodeAt(0) && second === FILE_END.charCodeAt(1);
}

/** The file's text, in parts: a Blob of them costs less than one long string. */
export function fileParts(file: Omit<ISealedFile, 'header'>): string[] {
  return [
    headPart(file),
    file.index,
    ENTRIES_START,
    ...entryParts(file.entries)
  ];
}

/** All before the index. */
export function headPart({
  headerText,
  mac
}: Pick<ISealedFile, 'headerText' | 'mac'>): string {
  return `{"credentialstore":${FORMAT},"header":${JSON.stringify(headerText)},"mac":"${mac}","index":"`;
}

/** The entries and what is behind. */
function entryParts(entries: ISealedFile['entries']): string[] {
  const parts: string[] = [];
  let separator = '';
  for (const [id, sealed] of entries) {
    parts.push(separator + entryText(id, sealed));
    separator = ',';
  }
  parts.push(FILE_END);
  return parts;
}

/** Somebody else's entry that was altered is kept, and may hold any character. */
export function entryText(id: string, sealed: string): string {
  return `"${id}":${JSON.stringify(sealed)}`;
}
