import fc from 'fast-check';
import { pad } from '../crypto/padding';
import { encodeBase64url } from '../crypto/encoding';
import { utf8Encode } from '../crypto/bytes';
import {
  codeOf,
  codeOfAsync,
  ENTRY_1,
  ENTRY_2,
  fakeArgon2,
  faultOf,
  forge,
  forgeText,
  idOf,
  KEY,
  outcome,
  PASSPHRASE,
  recordOf,
  unlock,
  VAULT_ID,
  withMembers,
  type IPlan
} from '../testing/vault';
import { parseFile } from './format';
import { Sealing } from './sealing';
import { Vault } from './vault';

const outcomeOf = (plan: IPlan) => outcome(forge(plan));

/** Another character, at one place of a text. */
function flipped(text: string, at: number): string {
  const put = text[at] === 'A' ? 'Q' : 'A';
  return text.slice(0, at) + put + text.slice(at + 1);
}
/** The file's parts as JSON, to be put together again differently. */
type Parts = {
  header: string;
  mac: string;
  index: string;
  entries: Record<string, string>;
};
const asBytes = (parts: object) => utf8Encode(JSON.stringify(parts));
const partsOf = (plan: IPlan = {}): Parts => JSON.parse(forgeText(plan));

describe.each(['nacl', 'aes'] as const)('%s: one thing altered', suite => {
  // A file is forged once, so that its nonces stay.
  const parts = partsOf({ suite });
  const every = async (
    part: 'mac' | 'index',
    allowed: (string | null)[]
  ): Promise<void> => {
    for (let at = 0; at < parts[part].length; at++) {
      const changed = { ...parts, [part]: flipped(parts[part], at) };
      expect(allowed).toContain(await outcome(asBytes(changed)));
    }
  };

  it('notices every character of the mac', async () => {
    // The last one holds unused bits: then it is no base64url any more.
    await every('mac', ['altered', 'damaged']);
    const changed = { ...parts, mac: flipped(parts.mac, 5) };
    expect(await outcome(asBytes(changed))).toBe('altered');
  });

  it('notices every character of the index', async () => {
    await every('index', ['altered', 'damaged']);
    const changed = { ...parts, index: flipped(parts.index, 50) };
    expect(await outcome(asBytes(changed))).toBe('altered');
  });

  it('notices every character of an entry, when it is read', async () => {
    const sealed = parts.entries[ENTRY_1];
    for (let at = 0; at < sealed.length; at++) {
      const entries = { ...parts.entries, [ENTRY_1]: flipped(sealed, at) };
      const vault = await unlock(asBytes({ ...parts, entries }));
      expect(codeOf(() => vault.read(ENTRY_1))).toBe('altered');
      expect(vault.read(ENTRY_2).name).toBe('entry 2');
    }
  });

  it('notices every character of the header', async () => {
    const { header } = parts;
    const seen = new Set<string | null>();
    for (let at = 0; at < header.length; at++) {
      const text = flipped(header, at);
      seen.add(await outcome(asBytes({ ...parts, header: text })));
    }
    expect(seen).not.toContain(null);
    expect([...seen].sort()).toEqual([
      'altered',
      'bounds',
      'damaged',
      'wrong-secret'
    ]);
  });

  it('notices a digit of the header that is another', async () => {
    const { header } = parts;
    const seen = new Set<string | null>();
    for (let at = 0; at < header.length; at++) {
      if (/[1-8]/.test(header[at]) && /[:\d]/.test(header[at - 1])) {
        const digit = String(Number(header[at]) + 1);
        const text = header.slice(0, at) + digit + header.slice(at + 1);
        seen.add(await outcome(asBytes({ ...parts, header: text })));
      }
    }
    expect(seen).not.toContain(null);
    expect(seen).toContain('altered');
    expect(seen).toContain('bounds');
  });

  it('notices every byte of the file, whatever is put there', async () => {
    const bytes = asBytes(parts);
    const change = fc.record({
      at: fc.nat({ max: bytes.length - 1 }),
      bits: fc.integer({ min: 1, max: 255 })
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, bits }) => {
        const changed = bytes.slice();
        changed[at] ^= bits;
        expect(await outcome(changed)).not.toBeNull();
      }),
      { numRuns: 300 }
    );
  });
});

describe('entries that are moved about', () => {
  const [now, earlier] = [partsOf(), partsOf()];
  const of = (entries: Record<string, string>) =>
    outcome(asBytes({ ...now, entries }));
  const { [ENTRY_1]: one, [ENTRY_2]: two } = now.entries;

  it('are noticed when they are swapped', async () => {
    expect(await of({ [ENTRY_1]: two, [ENTRY_2]: one })).toBe('altered');
    expect(await of({ [ENTRY_1]: one, [ENTRY_2]: one })).toBe('altered');
  });

  it('are noticed when one is dropped, added, or comes back, before any is read', async () => {
    const opening = (entries: Record<string, string>) =>
      codeOfAsync(() => unlock(asBytes({ ...now, entries })));
    expect(await opening({ [ENTRY_1]: one })).toBe('altered');
    expect(await opening({})).toBe('altered');
    expect(await opening({ ...now.entries, [idOf(3)]: one })).toBe('altered');
    expect(await opening({ [ENTRY_1]: one, [idOf(3)]: two })).toBe('altered');
    expect(await opening(now.entries)).toBeNull();
  });

  it('are noticed when an earlier one is replayed', async () => {
    expect(
      await of({ ...now.entries, [ENTRY_1]: earlier.entries[ENTRY_1] })
    ).toBe('altered');
  });

  it('are noticed with an index, or a header, of another time', async () => {
    const { index, header, mac } = earlier;
    expect(await outcome(asBytes({ ...now, index }))).toBe('altered');
    expect(await outcome(asBytes({ ...now, header }))).toBe('altered');
    expect(await outcome(asBytes({ ...now, header, mac }))).toBe('altered');
    expect(await outcome(asBytes({ ...now, header, mac, index }))).toBe(
      'altered'
    );
    expect(await outcome(asBytes(now))).toBeNull();
  });

  it('may stand in any order', async () => {
    expect(await of({ [ENTRY_2]: two, [ENTRY_1]: one })).toBeNull();
  });
});

describe('the order of the checks', () => {
  const brokenIndex: IPlan = { index: () => [] };
  const lostEntry: IPlan = {
    file: ({ entries, ...rest }) => ({
      ...rest,
      entries: { [ENTRY_2]: entries[ENTRY_2] }
    })
  };
  const wrongCount: IPlan = { header: withMembers({ count: 3 }) };
  const noDigest: IPlan = {
    header: withMembers({ digest: encodeBase64url(new Uint8Array(32)) })
  };
  const noMac: IPlan = {
    file: withMembers({ mac: encodeBase64url(new Uint8Array(32)) })
  };

  it.each([
    ['the mac', 'altered', noMac],
    ['the mac before the index', 'altered', { ...noMac, ...brokenIndex }],
    ['the digest', 'altered', noDigest],
    ['the digest before the index', 'altered', { ...noDigest, ...brokenIndex }],
    [
      'that the index opens',
      'altered',
      { sealedIndex: s => encodeBase64url(new Uint8Array((s.length * 3) / 4)) }
    ],
    [
      'that an index is long enough to open',
      'altered',
      { sealedIndex: () => '' }
    ],
    ['the padding of the index', 'damaged', { paddedIndex: b => b.fill(0) }],
    ['the JSON of the index', 'damaged', { indexText: t => `${t} ` }],
    ['the index', 'damaged', brokenIndex],
    ['the index before the ids', 'damaged', { ...brokenIndex, ...lostEntry }],
    ['the ids', 'altered', lostEntry],
    ['the ids before the count', 'altered', { ...lostEntry, ...wrongCount }],
    ['the count', 'damaged', wrongCount],
    [
      'a count that fits the file alone',
      'altered',
      { ...lostEntry, header: withMembers({ count: 1 }) }
    ]
  ] as [string, string, IPlan][])('%s', async (_, code, plan) => {
    expect(await outcomeOf(plan)).toBe(code);
  });

  it.each([
    ['altered: header', noMac],
    ['altered: index', noDigest],
    [
      'altered: index',
      { sealedIndex: s => encodeBase64url(new Uint8Array((s.length * 3) / 4)) }
    ],
    ['damaged: index, malformed padding', { paddedIndex: b => b.fill(0) }],
    ['altered: entries', lostEntry],
    ['damaged: count', wrongCount]
  ] as [string, IPlan][])('names what it finds: %s', async (fault, plan) => {
    await expect(unlock(forge(plan))).rejects.toThrow(
      expect.objectContaining({ message: fault })
    );
  });

  it('asks for the secret before it looks at the mac', async () => {
    expect(await outcome(forge(noMac), 'correct house')).toBe('wrong-secret');
  });

  it('tries no other slot when the mac is wrong', async () => {
    let derived = 0;
    const file = parseFile(
      forge({ ...noMac, slots: ([first, second]) => [first, first, second] })
    );
    expect(file.header.slots).toHaveLength(3);
    await expect(
      Vault.unlock(file, { passphrase: PASSPHRASE }, async (...args) => {
        derived++;
        return fakeArgon2(...args);
      })
    ).rejects.toThrow('altered');
    expect(derived).toBe(1);
  });
});

describe('an entry', () => {
  it.each([
    ['its digest', 'altered', { row: withMembers({ digest: 'A'.repeat(43) }) }],
    [
      'its digest before its base64url',
      'altered',
      { sealedRecord: () => '*', row: withMembers({ digest: 'A'.repeat(43) }) }
    ],
    ['its base64url', 'damaged', { sealedRecord: () => 'not base64url' }],
    ['unused bits', 'damaged', { sealedRecord: () => 'AB' }],
    ['that it opens', 'altered', { sealedRecord: () => 'A'.repeat(400) }],
    ['that it is long enough', 'altered', { sealedRecord: () => '' }],
    ['its padding', 'damaged', { paddedRecord: b => b.fill(1) }],
    ['its JSON', 'damaged', { recordText: t => `${t}\n` }],
    ['its members', 'damaged', { record: withMembers({ user: 1 }) }],
    [
      'its members before its id',
      'damaged',
      { record: withMembers({ user: 1, id: ENTRY_2 }) }
    ],
    ['its id', 'altered', { record: withMembers({ id: ENTRY_2 }) }],
    ['its revision', 'altered', { record: withMembers({ rev: 2 }) }],
    [
      'the revision that its key is bound to',
      'altered',
      { row: withMembers({ rev: 2 }), record: withMembers({ rev: 2 }) }
    ]
  ] as [string, string, IPlan][])('%s', async (_, code, plan) => {
    const vault = await unlock(forge(plan));
    expect(codeOf(() => vault.read(ENTRY_1))).toBe(code);
    expect(codeOf(() => vault.read(ENTRY_2))).toBeNull();
  });

  it.each([
    ['altered: entry', { row: withMembers({ digest: 'A'.repeat(43) }) }],
    ['damaged: entry, not base64url', { sealedRecord: () => '*' }],
    ['altered: entry', { sealedRecord: () => 'A'.repeat(400) }],
    ['altered: entry', { record: withMembers({ id: ENTRY_2 }) }]
  ] as [string, IPlan][])('says what is wrong: %s', async (fault, plan) => {
    const vault = await unlock(forge(plan));
    expect(faultOf(() => vault.read(ENTRY_1))).toBe(fault);
  });

  it('takes any padding', async () => {
    const paddedRecord = (bytes: Uint8Array) => {
      const end = bytes.lastIndexOf(0x80);
      return pad(bytes.subarray(0, end), end + 1);
    };
    expect(await outcomeOf({ paddedRecord })).toBeNull();
    expect(await outcomeOf({ paddedIndex: paddedRecord })).toBeNull();
  });
});

describe('Sealing', () => {
  const make = (key = KEY) => new Sealing(key.slice(), VAULT_ID, 'nacl');

  it('says the same of the same key, and nothing of the key', () => {
    expect(make().tag).toBe(make().tag);
    expect(make().copy().tag).toBe(make().tag);
    expect(make(KEY.map(b => b ^ 1)).tag).not.toBe(make().tag);
    expect(new Sealing(KEY.slice(), VAULT_ID, 'aes').tag).not.toBe(make().tag);
    expect(make().tag).not.toBe(encodeBase64url(KEY));
  });

  it('opens what it has sealed for the page, and nothing else', () => {
    const sealing = make();
    const sealed = sealing.sealPrivate(utf8Encode('a draft'));
    expect(sealing.openPrivate(sealed)).toEqual(utf8Encode('a draft'));
    for (const text of [flipped(sealed, 30), '*', '', partsOf().index]) {
      expect(faultOf(() => sealing.openPrivate(text))).toBe('altered: private');
    }
    expect(codeOf(() => make(KEY.map(b => b ^ 1)).openPrivate(sealed))).toBe(
      'altered'
    );
  });

  it('wipes what it has sealed', () => {
    const text = utf8Encode('a draft');
    make().sealPrivate(text);
    expect(text).toEqual(new Uint8Array(7));
  });

  it('seals nothing once it is wiped, and leaves its copies alone', () => {
    const key = KEY.slice();
    const sealing = new Sealing(key, VAULT_ID, 'nacl');
    const copy = sealing.copy();
    const record = { ...recordOf(ENTRY_1, 'a'), unknown: {} } as any;
    sealing.wipe();
    expect(key).toEqual(new Uint8Array(32));
    expect(() => sealing.sealEntry(record)).toThrow('wiped');
    expect(() => sealing.mac('{}')).toThrow('wiped');
    expect(() => sealing.assertUsable()).toThrow('wiped');
    expect(copy.mac('{}')).toBe(make().mac('{}'));
  });
});
