/** The file's header, in the clear but authenticated: parsed and written; spec/vault.md §2. */
import { parseCanonical } from './canonical';
import { VaultError } from './errors';
import * as schema from './schema';

export const FORMAT = 1;
const SLOT_LIMIT = 16;
const SALT_BYTES = 16;
const DIGEST_BYTES = 32;
const WRAP_BYTES = { nacl: 72, aes: 60 };
const MEMBERS = [
  'version',
  'vault',
  'epoch',
  'generation',
  'suite',
  'slots',
  'count',
  'digest',
  'critical'
];

/** What Argon2id may be asked to do; anything else is refused before deriving. */
const BOUNDS = {
  memory: { least: 19_456, most: 1_048_576 },
  passes: { least: 2, most: 16 }
} as const;

export type SuiteName = 'nacl' | 'aes';

export interface IPassphraseSlot {
  readonly type: 'passphrase';
  readonly id: string;
  /** `argon2id`, once the bounds are checked. */
  readonly kdf: string;
  readonly salt: string;
  /** KiB */
  readonly memory: number;
  readonly passes: number;
  /** 1, once the bounds are checked. */
  readonly lanes: number;
  readonly wrap: string;
  /** Members of a later version. */
  readonly unknown: schema.Members;
}

export interface IRecoverySlot {
  readonly type: 'recovery';
  readonly id: string;
  readonly salt: string;
  readonly wrap: string;
  /** Members of a later version. */
  readonly unknown: schema.Members;
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
  readonly suite: SuiteName;
  readonly slots: readonly Slot[];
  readonly count: number;
  /** base64url of SHA-256 over the text of `index`. */
  readonly digest: string;
  readonly critical: readonly string[];
  /** Members of a later version. */
  readonly unknown: schema.Members;
}

/** @throws VaultError `damaged`, `newer`, `bounds` */
export function parseHeader(text: string): IHeader {
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
  if (version !== FORMAT) {
    throw new VaultError('damaged', 'version');
  }
  const needed = schema.texts(critical, 'critical');
  if (needed.some(name => !MEMBERS.includes(name))) {
    throw new VaultError('newer');
  }
  if (suite !== 'nacl' && suite !== 'aes') {
    throw new VaultError('damaged', 'suite');
  }
  const header = {
    vault: schema.id(vault, 'vault'),
    epoch: schema.integer(epoch, 'epoch', 1),
    generation: schema.integer(generation, 'generation', 1),
    suite,
    slots: schema.list(slots, 'slots').map(slot => parseSlot(slot, suite)),
    count: schema.integer(count, 'count'),
    digest: schema.base64url(digest, 'digest', DIGEST_BYTES),
    critical: needed,
    unknown
  } satisfies IHeader;
  if (
    header.slots.length > SLOT_LIMIT ||
    !header.slots.some(({ type }) => type === 'passphrase')
  ) {
    throw new VaultError('damaged', 'slots');
  }
  if (!header.slots.every(isWithinBounds)) {
    throw new VaultError('bounds');
  }
  return header;
}

function parseSlot(value: unknown, suite: SuiteName): Slot {
  const raw = schema.members(value, 'slot');
  const common = (id: unknown, salt: unknown, wrap: unknown) => ({
    id: schema.id(id, 'slot id'),
    salt: schema.base64url(salt, 'salt', SALT_BYTES),
    wrap: schema.base64url(wrap, 'wrap', WRAP_BYTES[suite])
  });
  switch (schema.text(raw.type, 'slot type')) {
    case 'passphrase': {
      const { type, id, kdf, salt, memory, passes, lanes, wrap, ...unknown } =
        raw;
      return {
        type: type as 'passphrase',
        ...common(id, salt, wrap),
        kdf: schema.text(kdf, 'kdf'),
        memory: schema.integer(memory, 'memory'),
        passes: schema.integer(passes, 'passes'),
        lanes: schema.integer(lanes, 'lanes'),
        unknown
      };
    }
    case 'recovery': {
      const { type, id, salt, wrap, ...unknown } = raw;
      return {
        type: type as 'recovery',
        ...common(id, salt, wrap),
        unknown
      };
    }
    default:
      return { type: 'unknown', raw };
  }
}

function isWithinBounds(slot: Slot): boolean {
  if (slot.type !== 'passphrase') {
    return true;
  }
  const { kdf, memory, passes, lanes } = slot;
  return (
    kdf === 'argon2id' &&
    lanes === 1 &&
    memory >= BOUNDS.memory.least &&
    memory <= BOUNDS.memory.most &&
    passes >= BOUNDS.passes.least &&
    passes <= BOUNDS.passes.most
  );
}

/** The exact text of a header, which `mac` covers. */
export function headerText(header: IHeader): string {
  const { vault, epoch, generation, suite, slots } = header;
  const { count, digest, critical, unknown } = header;
  return JSON.stringify({
    version: FORMAT,
    vault,
    epoch,
    generation,
    suite,
    slots: slots.map(slotMembers),
    count,
    digest,
    critical,
    ...unknown
  });
}

function slotMembers(slot: Slot): unknown {
  switch (slot.type) {
    case 'unknown':
      return slot.raw;
    case 'recovery': {
      const { type, id, salt, wrap, unknown } = slot;
      return { type, id, salt, wrap, ...unknown };
    }
    case 'passphrase': {
      const { type, id, kdf, salt, memory, passes, lanes, wrap, unknown } =
        slot;
      return {
        type,
        id,
        kdf,
        salt,
        memory,
        passes,
        lanes,
        wrap,
        ...unknown
      };
    }
  }
}
