/** Whatever somebody does to a file of ours: nothing opens that should not. */
import { FULL, PATIENCE, tally } from '../testing/adversary';
import { faultsOf, type IFault } from '../testing/faults';
import {
  codeOf,
  codeOfAsync,
  contents,
  createVault,
  draftOf,
  ENTRY_1,
  forge,
  idOf,
  NOW,
  outcome,
  stored,
  unlock,
  withMembers,
  type IPlan
} from '../testing/vault';
import { VECTORS } from '../testing/vault-vectors';
import { parseFile } from './format';
import { Vault } from './vault';

/** What Python has written. */
const SUITES = ['nacl', 'aes'] as const;
const fileOf = (suite: string) =>
  Buffer.from(VECTORS.files[suite].text as string);

/** The first refusal on the way to the last entry; opened with the code, without Argon2id. */
const refusal = (suite: string, bytes: Uint8Array) =>
  codeOfAsync(async () => {
    const { recoveryCode } = VECTORS.files[suite];
    const none = async (): Promise<never> => {
      throw new Error('derived');
    };
    const file = parseFile(bytes);
    const vault = await Vault.unlock(file, { recoveryCode }, none);
    for (const { id } of vault.rows) {
      vault.read(id);
    }
  });

describe.each(SUITES)('a file of suite %s', suite => {
  const file = fileOf(suite);

  it('opens as it is', async () => {
    expect(await refusal(suite, file)).toBeNull();
  });

  it(
    'is refused with any one byte altered',
    async () => {
      const opened: string[] = [];
      let tried = 0;
      for (let at = 0; at < file.length; at++) {
        for (let mask = 1; mask < 256; mask++) {
          if (FULL || mask === 1 << (at % 7)) {
            const altered = Buffer.from(file);
            altered[at] ^= mask;
            tried++;
            if ((await refusal(suite, altered)) === null) {
              opened.push(`${at} ^ ${mask}`);
            }
          }
        }
      }
      expect(opened).toEqual([]);
      tally('files with one byte altered', tried);
    },
    PATIENCE
  );

  it('is refused at every length but its own', () => {
    const opened = [];
    for (let length = 0; length < file.length; length++) {
      if (codeOf(() => parseFile(file.subarray(0, length))) === null) {
        opened.push(length);
      }
    }
    expect(opened).toEqual([]);
    tally('cut files', file.length);
  });
});

describe('a member that is missing, there twice or of another type is refused, in', () => {
  const one = { path: 'n.ipynb', entry: ENTRY_1 };
  const withAll = withMembers({
    deleted: [{ id: idOf(7), rev: 2, at: NOW }],
    grants: [{ ...one, since: NOW, used: NOW }],
    revoked: [{ ...one, at: NOW }]
  });
  const within = (put: (fault: IFault) => IPlan) => async (text: string) => {
    const opened: string[] = [];
    let count = 0;
    for (const fault of faultsOf(JSON.parse(text))) {
      count++;
      if ((await outcome(forge(put(fault)))) === null) {
        opened.push(fault.what);
      }
    }
    expect(opened).toEqual([]);
    return count;
  };
  /** What `forge` would write there. */
  const textOf = (plan: (see: (text: string) => string) => IPlan) => {
    let seen = '';
    forge(
      plan(text => {
        seen = text;
        return text;
      })
    );
    return seen;
  };

  it.each<[string, number, (change: (text: string) => string) => IPlan]>([
    ['the file', 40, text => ({ text })],
    ['the header', 150, headerText => ({ headerText })],
    ['the index', 300, indexText => ({ index: withAll, indexText })],
    ['an entry', 100, recordText => ({ recordText })]
  ])('%s', async (_, least, plan) => {
    const tried = await within(({ text }) => plan(() => text))(textOf(plan));
    expect(tried).toBeGreaterThan(least);
  });
});

describe('parts of another file in the place of its own', () => {
  type Parts = Record<string, any>;
  const partsOf = (bytes: Uint8Array): Parts =>
    JSON.parse(Buffer.from(bytes).toString()) as Parts;
  const joined = (parts: Parts) => Buffer.from(JSON.stringify(parts));

  let id: string;
  let older: Parts;
  let newer: Parts;
  let other: Parts;
  beforeAll(async () => {
    const vault = await createVault();
    ({ id } = vault.put(draftOf('db', 'old password'), NOW));
    vault.put(draftOf('gone'), NOW);
    older = partsOf(stored(vault));
    vault.put(draftOf('db', 'new password', { id }), NOW + 1);
    vault.remove(vault.lookup('gone')!.id, NOW + 1);
    vault.put(draftOf('api'), NOW + 1);
    newer = partsOf(stored(vault, NOW + 1));
    const another = await createVault();
    another.put(draftOf('db'), NOW);
    other = partsOf(stored(another));
  });
  const replayed = (names: string[], from: Parts) =>
    joined({
      ...newer,
      ...Object.fromEntries(names.map(name => [name, from[name]]))
    });

  it.each([
    ['an older header', ['header'], 'altered'],
    ['an older header with its mac', ['header', 'mac'], 'altered'],
    ['an older mac', ['mac'], 'altered'],
    ['an older index', ['index'], 'altered'],
    ['older entries', ['entries'], 'altered'],
    ['all older but the entries', ['header', 'mac', 'index'], 'altered'],
    ['all older but the index', ['header', 'mac', 'entries'], 'altered']
  ])('%s', async (_, names, code) => {
    expect(await outcome(replayed(names, older))).toBe(code);
  });

  it.each([
    ['header and mac', ['header', 'mac'], 'altered'],
    ['the index', ['index'], 'altered'],
    ['the entries', ['entries'], 'altered']
  ])('%s of another vault', async (_, names, code) => {
    expect(await outcome(replayed(names, other))).toBe(code);
  });

  const withEntries = (change: (entries: Parts) => Parts) =>
    outcome(joined({ ...newer, entries: change({ ...newer.entries }) }));

  it('an older revision of an entry', async () => {
    const replay = (entries: Parts) => ({
      ...entries,
      [id]: older.entries[id]
    });
    expect(await withEntries(replay)).toBe('altered');
    const file = joined({ ...newer, entries: replay(newer.entries) });
    // The others can still be read, and are.
    const vault = await unlock(file);
    expect(codeOf(() => vault.read(id))).toBe('altered');
    expect(vault.read(vault.lookup('api')!.id).name).toBe('api');
  });

  it('two entries that have changed places', async () => {
    const [[a, textOfA], [b, textOfB]] = Object.entries(newer.entries);
    expect(await withEntries(() => ({ [a]: textOfB, [b]: textOfA }))).toBe(
      'altered'
    );
  });

  it('an entry dropped', async () => {
    expect(await withEntries(({ [id]: _dropped, ...entries }) => entries)).toBe(
      'altered'
    );
  });

  it('a removed entry that is back', async () => {
    expect(
      await withEntries(entries => ({ ...older.entries, ...entries }))
    ).toBe('altered');
  });

  it('none: each file opens by itself', async () => {
    expect(contents(await unlock(joined(older)))).toMatchObject({
      db: ['old password']
    });
    expect(contents(await unlock(joined(newer)))).toMatchObject({
      db: ['new password']
    });
    expect(await outcome(joined(other))).toBeNull();
  });
});
