/** Real files, mutated anyhow: they are refused, and by both implementations for the same reason. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { cases, PATIENCE, tally } from '../testing/adversary';
import { edited, edits, type Edit } from '../testing/faults';
import { PythonVault } from '../testing/python-vault';
import {
  codeOfAsync,
  failingArgon2,
  forge,
  outcome,
  RECOVERY_CODE,
  type IPlan
} from '../testing/vault';
import { FOLDER, VECTORS } from '../testing/vault-vectors';
import { parseFile, Vault } from '../vault';

interface IOutcome {
  readonly error: string | null;
  /** The entry that was being read. */
  readonly entry: string | null;
}

interface ISource {
  readonly file: Buffer;
  readonly code: string;
}

const golden = (name: string): ISource => {
  const path = join(FOLDER, 'golden', name);
  const { recoveryCode } = JSON.parse(readFileSync(`${path}.json`, 'utf8'));
  return { file: readFileSync(`${path}.credentialstore`), code: recoveryCode };
};
const sample = (name: string): ISource => ({
  file: Buffer.from(VECTORS.files[name].text as string),
  code: VECTORS.files[name].recoveryCode
});

/** What either has written. */
const SOURCES = [
  ...['nacl-python', 'aes-python', 'nacl-typescript', 'aes-typescript'].map(
    name => golden(`1-${name}`)
  ),
  ...['nacl', 'aes', 'small'].map(sample)
];
const FILES = SOURCES.map(({ file }) => file);

let python: PythonVault;
beforeAll(() => {
  python = new PythonVault();
});
afterAll(() => python.close());

async function mine(file: Buffer, recoveryCode: string): Promise<IOutcome> {
  let entry: string | null = null;
  const error = await codeOfAsync(async () => {
    const parsed = parseFile(file);
    const vault = await Vault.unlock(parsed, { recoveryCode }, failingArgon2);
    for (const { id } of vault.rows) {
      entry = id;
      vault.read(id);
    }
  });
  return { error, entry: error && entry };
}

const theirs = (file: Buffer, code: string) =>
  python.ask<IOutcome>({ file: file.toString('base64'), code });

const RUNS = cases(600, 100_000);
const FORGED_RUNS = cases(300, 30_000);

/** Without the one line's end that a file may have. */
const bare = (file: Buffer) =>
  file.at(-1) === 10 ? file.subarray(0, -1) : file;
const isThatOf = (file: Buffer, changed: Buffer) =>
  bare(changed).equals(bare(file));

it(
  'a mutated file is refused, for the same reason in Python',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...SOURCES),
        edits(FILES),
        async ({ file, code }, changes) => {
          const changed = edited(file, changes);
          const found = await mine(changed, code);
          expect(found.error === null).toBe(isThatOf(file, changed));
          expect(await theirs(changed, code)).toEqual(found);
        }
      ),
      { numRuns: RUNS }
    );
    tally('mutated files', RUNS);
  },
  PATIENCE
);

/** Where a forger who has the key can put any text under the right mac. */
const PLACES: ((change: (text: string) => string) => IPlan)[] = [
  headerText => ({ headerText }),
  indexText => ({ indexText }),
  recordText => ({ recordText }),
  text => ({ text })
];

it(
  'a text mutated under the right keys is opened or refused, and likewise in Python',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PLACES),
        fc.constantFrom('nacl' as const, 'aes' as const),
        edits([forge(), forge({ suite: 'aes' })].map(one => Buffer.from(one))),
        async (plan, suite, changes: Edit[]) => {
          const change = (text: string) =>
            edited(Buffer.from(text), changes).toString();
          const file = Buffer.from(forge({ suite, ...plan(change) }));
          const found = await mine(file, RECOVERY_CODE);
          expect(await theirs(file, RECOVERY_CODE)).toEqual(found);
          const byPassphrase = await outcome(file);
          if (byPassphrase !== found.error) {
            // What is changed in a key's slot shuts one way in, and leaves the other.
            expect([byPassphrase, found.error]).toContain('wrong-secret');
          }
        }
      ),
      { numRuns: FORGED_RUNS }
    );
    tally('mutated texts under the right keys', FORGED_RUNS);
  },
  PATIENCE
);
