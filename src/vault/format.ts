/** The file's text and its parts; spec/vault.md §1 and §2. No keys here. */
import { utf8Decode, utf8Encode } from '../crypto/bytes';
import { encodeBase64url } from '../crypto/encoding';
import { sha256 } from '../crypto/hash';
import { VaultError } from './errors';
import * as schema from './schema';

export const FILE_LIMIT = 64 * 1024 * 1024;
const FORMAT = 1;
const WRAP_BYTES = { nacl: 72, aes: 60 };
const SLOT_LIMIT = 16;
/** How a store begins, after a byte order mark that an editor may have put there. */
const OURS = /^(?:\xef\xbb\xbf)?\s*\{\s*"credentialstore"\s*:/;
const BEGINNING = 64;

/** What Argon2id may be asked to do; anything else is refused before deriving. */
export const BOUNDS = {
  memory: { least: 19_456, most: 1_048_576 },
  passes: { least: 2, most: 16 }
} as const;

/** A key slot. Slots of a later version, and members that we do not know, are kept. */
export interface ISlot {
  readonly type: string;
}

export interface IPassphraseSlot extends ISlot {
  readonly type: 'passphrase';
  readonly id: string;
  readonly kdf: 'argon2id';
  readonly salt: string;
  /** KiB */
  readonly memory: number;
  readonly passes: number;
  readonly lanes: 1;
  readonly wrap: string;
}

export interface IRecoverySlot extends ISlot {
  readonly type: 'recovery';
  readonly id: string;
  readonly salt: string;
  readonly wrap: string;
}

export interface IHeader {
  readonly vault: string;
  readonly epoch: number;
  readonly generation: number;
  readonly suite: 'nacl' | 'aes';
  readonly slots: readonly ISlot[];
  readonly count: number;
  /** base64url of SHA-256 over the text of `index`. */
  readonly digest: string;
  /** Members that this version does not know. */
  readonly unknown: schema.Members;
}

/** The texts of a file, as they are written. */
export interface IFileTexts {
  /** The exact text that `mac` covers. */
  readonly headerText: string;
  readonly mac: string;
  readonly index: string;
  readonly entries: ReadonlyMap<string, string>;
}

/** A file that keeps every rule that can be checked without a key. */
export interface ISealedFile extends IFileTexts {
  readonly header: IHeader;
}

export type ForeignHint = 'empty' | 'json' | 'text' | 'binary';

export function isPassphraseSlot(slot: ISlot): slot is IPassphraseSlot {
  return slot.type === 'passphrase';
}

export function isRecoverySlot(slot: ISlot): slot is IRecoverySlot {
  return slot.type === 'recovery';
}

/** base64url of SHA-256 over a text of the file. */
export function digestOf(text: string): string {
  return encodeBase64url(sha256(utf8Encode(text)));
}

function damaged(rule: string): never {
  throw new VaultError('damaged', rule);
}

/**
 * @throws VaultError `foreign` (detail: a {@link ForeignHint}), `newer`, `damaged`, `bounds`.
 */
export function parseFile(bytes: Uint8Array): ISealedFile {
  const beginning = String.fromCharCode(...bytes.subarray(0, BEGINNING));
  if (!OURS.test(beginning)) {
    throw new VaultError('foreign', hint(bytes));
  }
  if (bytes.length > FILE_LIMIT) {
    damaged('size');
  }
  const { text, value } = parseText(bytes);
  const { credentialstore, header, mac, index, entries, ...others } = value;
  if (schema.positive(credentialstore, 'version') > FORMAT) {
    throw new VaultError('newer');
  }
  if (Object.keys(others).length) {
    damaged('members of the file');
  }
  const headerText = schema.text(header, 'header');
  schema.bytes(mac, 'mac', 32);
  const table = new Map<string, string>();
  for (const [id, sealed] of Object.entries(
    schema.members(entries, 'entries')
  )) {
    table.set(schema.id(id, 'entry id'), schema.base64url(sealed, 'entry'));
  }
  const texts: IFileTexts = {
    headerText,
    mac: mac as string,
    index: schema.base64url(index, 'index'),
    entries: table
  };
  // What we would write is canonical. Members that repeat, and their order, show as well.
  const canonical = fileParts(texts).join('');
  if (text !== canonical && `${text}\n` !== canonical) {
    damaged('not canonical JSON');
  }
  const parsed = parseHeader(headerText);
  if (table.size !== parsed.count) {
    damaged('count');
  }
  return { header: parsed, ...texts };
}

function hint(bytes: Uint8Array): ForeignHint {
  if (bytes.length > FILE_LIMIT) {
    return 'binary';
  }
  let text: string;
  try {
    text = utf8Decode(bytes);
  } catch {
    return 'binary';
  }
  if (!text.trim()) {
    return 'empty';
  }
  try {
    JSON.parse(text);
    return 'json';
  } catch {
    return text.includes('\0') ? 'binary' : 'text';
  }
}

function parseText(bytes: Uint8Array): { text: string; value: schema.Members } {
  try {
    const text = utf8Decode(bytes);
    return { text, value: JSON.parse(text) };
  } catch {
    return damaged('JSON');
  }
}

/** @returns The value of canonical JSON; spec/vault.md §1. */
function parseCanonical(text: string, what: string): unknown {
  let value: unknown;
  let canonical: string;
  try {
    value = JSON.parse(text);
    canonical = JSON.stringify(value, integersOnly);
  } catch {
    // Not JSON, or nested so deep that the stack ends.
    return damaged(what);
  }
  return canonical === text ? value : damaged(`${what}, not canonical JSON`);
}

function integersOnly(_: string, value: unknown): unknown {
  const isOther = typeof value === 'number' && !Number.isSafeInteger(value);
  return isOther || (value as number) < 0 ? undefined : value;
}

function parseHeader(text: string): IHeader {
  const {
    version,
    vault,
    epoch,
    generation,
    suite,
    slots,
    count,
    digest,
    critical,
    ...unknown
  } = schema.members(parseCanonical(text, 'header'), 'header');
  if (
    schema.positive(version, 'version') > FORMAT ||
    schema.texts(critical, 'critical').length > 0
  ) {
    throw new VaultError('newer');
  }
  if (suite !== 'nacl' && suite !== 'aes') {
    return damaged('suite');
  }
  schema.bytes(digest, 'digest', 32);
  const parsed = schema
    .list(slots, 'slots')
    .map(slot => parseSlot(slot, suite));
  if (parsed.length > SLOT_LIMIT || !parsed.some(isPassphraseSlot)) {
    damaged('slots');
  }
  return {
    vault: schema.id(vault, 'vault'),
    epoch: schema.positive(epoch, 'epoch'),
    generation: schema.positive(generation, 'generation'),
    suite,
    slots: parsed,
    count: schema.integer(count, 'count'),
    digest: digest as string,
    unknown
  };
}

/** The slot itself, once checked, so that members that we do not know stay in it. */
function parseSlot(value: unknown, suite: 'nacl' | 'aes'): ISlot {
  const slot = schema.members(value, 'slot');
  schema.text(slot.type, 'slot');
  if (slot.type !== 'passphrase' && slot.type !== 'recovery') {
    return slot as unknown as ISlot;
  }
  schema.id(slot.id, 'slot id');
  schema.bytes(slot.salt, 'salt', 16);
  schema.bytes(slot.wrap, 'wrap', WRAP_BYTES[suite]);
  if (slot.type === 'passphrase') {
    const memory = schema.integer(slot.memory, 'memory');
    const passes = schema.integer(slot.passes, 'passes');
    const inBounds =
      slot.kdf === 'argon2id' &&
      slot.lanes === 1 &&
      memory >= BOUNDS.memory.least &&
      memory <= BOUNDS.memory.most &&
      passes >= BOUNDS.passes.least &&
      passes <= BOUNDS.passes.most;
    if (!inBounds) {
      throw new VaultError('bounds');
    }
  }
  return slot as unknown as ISlot;
}

/** The exact text of a header; see spec/vault.md §2 for the order of members. */
export function headerText(header: IHeader): string {
  const { unknown, ...known } = header;
  return JSON.stringify({
    version: FORMAT,
    ...known,
    critical: [],
    ...unknown
  });
}

/** The file's text, in parts: a Blob of them costs less than one long string. */
export function fileParts(file: IFileTexts): string[] {
  const { mac, index, entries } = file;
  const header = JSON.stringify(file.headerText);
  const members: string[] = [];
  for (const [id, sealed] of entries) {
    members.push(`"${id}":"${sealed}"`);
  }
  return [
    `{"credentialstore":${FORMAT},"header":${header},"mac":"${mac}","index":"${index}","entries":{`,
    members.join(),
    '}}\n'
  ];
}
