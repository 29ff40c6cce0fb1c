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
const KNOWN_CRITICAL: readonly string[] = [];

/** What Argon2id may be asked to do; anything else is refused before deriving. */
export const BOUNDS = {
  memory: { least: 19_456, most: 1_048_576 },
  passes: { least: 2, most: 16 }
} as const;

export interface IPassphraseSlot {
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

export interface IRecoverySlot {
  readonly type: 'recovery';
  readonly id: string;
  readonly salt: string;
  readonly wrap: string;
}

/** A slot of a later version: kept as it is. */
export interface IUnknownSlot {
  readonly type: 'unknown';
  readonly raw: schema.Members;
}

export type Slot = IPassphraseSlot | IRecoverySlot | IUnknownSlot;

export interface IHeader {
  readonly vault: string;
  readonly epoch: number;
  readonly generation: number;
  readonly suite: 'nacl' | 'aes';
  readonly slots: readonly Slot[];
  readonly count: number;
  /** base64url of SHA-256 over the text of `index`. */
  readonly digest: string;
  /** Members that this version does not know. */
  readonly unknown: schema.Members;
}

/** A file that keeps every rule that can be checked without a key. */
export interface ISealedFile {
  readonly header: IHeader;
  /** The exact text that `mac` covers. */
  readonly headerText: string;
  readonly mac: string;
  readonly index: string;
  readonly entries: ReadonlyMap<string, string>;
}

export type ForeignHint = 'empty' | 'json' | 'text' | 'binary';

/** base64url of SHA-256 over a text of the file. */
export function digestOf(text: string): string {
  return encodeBase64url(sha256(utf8Encode(text)));
}

/**
 * @throws VaultError `foreign` (detail: a {@link ForeignHint}), `newer`, `damaged`, `bounds`.
 */
export function parseFile(bytes: Uint8Array): ISealedFile {
  if (bytes.length > FILE_LIMIT) {
    throw new VaultError('foreign', 'binary');
  }
  const members = parseMembers(bytes);
  const { credentialstore, header, mac, index, entries } = members;
  if (
    Object.keys(members).join() !== 'credentialstore,header,mac,index,entries'
  ) {
    throw new VaultError('damaged', 'members of the file');
  }
  if (credentialstore !== FORMAT) {
    throw new VaultError('damaged', 'version');
  }
  const headerText = schema.text(header, 'header');
  const parsed = parseHeader(headerText);
  schema.bytes(mac, 'mac', 32);
  const table = new Map<string, string>();
  for (const [id, sealed] of Object.entries(
    schema.members(entries, 'entries')
  )) {
    table.set(schema.id(id, 'entry id'), schema.text(sealed, 'entry'));
  }
  if (table.size !== parsed.count) {
    throw new VaultError('damaged', 'count');
  }
  return {
    header: parsed,
    headerText,
    mac: mac as string,
    index: schema.text(index, 'index'),
    entries: table
  };
}

function parseMembers(bytes: Uint8Array): schema.Members {
  let text: string;
  try {
    text = utf8Decode(bytes);
  } catch {
    throw new VaultError('foreign', 'binary');
  }
  if (!text.trim()) {
    throw new VaultError('foreign', 'empty');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A store that was cut short is ours still, and is not to be overwritten either.
    if (text.startsWith('{"credentialstore":')) {
      throw new VaultError('damaged', 'JSON');
    }
    throw new VaultError('foreign', 'text');
  }
  if (
    typeof value !== 'object' ||
    value === null ||
    Object.keys(value)[0] !== 'credentialstore'
  ) {
    throw new VaultError('foreign', 'json');
  }
  const members = value as schema.Members;
  if (schema.integer(members.credentialstore, 'version') > FORMAT) {
    throw new VaultError('newer');
  }
  assertCanonical(text.endsWith('\n') ? text.slice(0, -1) : text, value);
  return members;
}

function assertCanonical(text: string, value: unknown): void {
  if (JSON.stringify(value) !== text) {
    throw new VaultError('damaged', 'not canonical JSON');
  }
}

function parseHeader(text: string): IHeader {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new VaultError('damaged', 'header');
  }
  assertCanonical(text, value);
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
  } = schema.members(value, 'header');
  if (schema.integer(version, 'version') > FORMAT) {
    throw new VaultError('newer');
  }
  const needed = schema.texts(critical, 'critical');
  if (needed.some(name => !KNOWN_CRITICAL.includes(name))) {
    throw new VaultError('newer');
  }
  if (suite !== 'nacl' && suite !== 'aes') {
    throw new VaultError('damaged', 'suite');
  }
  schema.bytes(digest, 'digest', 32);
  const parsed = schema
    .list(slots, 'slots')
    .map(slot => parseSlot(slot, suite));
  if (
    parsed.length > SLOT_LIMIT ||
    !parsed.some(({ type }) => type === 'passphrase')
  ) {
    throw new VaultError('damaged', 'slots');
  }
  return {
    vault: schema.id(vault, 'vault'),
    epoch: schema.integer(epoch, 'epoch'),
    generation: schema.integer(generation, 'generation'),
    suite,
    slots: parsed,
    count: schema.integer(count, 'count'),
    digest: digest as string,
    unknown
  };
}

function parseSlot(value: unknown, suite: 'nacl' | 'aes'): Slot {
  const raw = schema.members(value, 'slot');
  const { type, id, kdf, salt, memory, passes, lanes, wrap } = raw;
  if (type !== 'passphrase' && type !== 'recovery') {
    schema.text(type, 'slot');
    return { type: 'unknown', raw };
  }
  const common = {
    id: schema.id(id, 'slot id'),
    salt: schema.text(salt, 'salt'),
    wrap: schema.text(wrap, 'wrap')
  };
  schema.bytes(salt, 'salt', 16);
  schema.bytes(wrap, 'wrap', WRAP_BYTES[suite]);
  if (type === 'recovery') {
    return { type, ...common };
  }
  const slot: IPassphraseSlot = {
    type,
    ...common,
    kdf: 'argon2id',
    memory: schema.integer(memory, 'memory'),
    passes: schema.integer(passes, 'passes'),
    lanes: 1
  };
  const inBounds =
    kdf === 'argon2id' &&
    lanes === 1 &&
    slot.memory >= BOUNDS.memory.least &&
    slot.memory <= BOUNDS.memory.most &&
    slot.passes >= BOUNDS.passes.least &&
    slot.passes <= BOUNDS.passes.most;
  if (!inBounds) {
    throw new VaultError('bounds');
  }
  return slot;
}

/** The exact text of a header; see spec/vault.md §2 for the order of members. */
export function headerText(header: IHeader): string {
  const { vault, epoch, generation, suite, slots, count, digest, unknown } =
    header;
  return JSON.stringify({
    version: FORMAT,
    vault,
    epoch,
    generation,
    suite,
    slots: slots.map(slotMembers),
    count,
    digest,
    critical: [],
    ...unknown
  });
}

function slotMembers(slot: Slot): unknown {
  switch (slot.type) {
    case 'unknown':
      return slot.raw;
    case 'recovery': {
      const { type, id, salt, wrap } = slot;
      return { type, id, salt, wrap };
    }
    case 'passphrase': {
      const { type, id, kdf, salt, memory, passes, lanes, wrap } = slot;
      return { type, id, kdf, salt, memory, passes, lanes, wrap };
    }
  }
}

/** The file's text, in parts: a Blob of them costs less than one long string. */
export function fileParts(file: Omit<ISealedFile, 'header'>): string[] {
  const { mac, index, entries } = file;
  const parts = [
    `{"credentialstore":${FORMAT},"header":${JSON.stringify(file.headerText)},"mac":"${mac}","index":"${index}","entries":{`
  ];
  let separator = '';
  for (const [id, sealed] of entries) {
    parts.push(`${separator}"${id}":"${sealed}"`);
    separator = ',';
  }
  parts.push('}}\n');
  return parts;
}
