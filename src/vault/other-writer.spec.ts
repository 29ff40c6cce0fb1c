/** What Python's vault writes this one reads, and the other way round, whatever was done to it. */
import fc from 'fast-check';
import { PythonVault } from '../testing/python-vault';
import { failingArgon2, fakeArgon2 } from '../testing/vault';
import { parseFile, Vault } from '../vault';

type Operation =
  ['put', string, string, string, string, string[]] | ['remove', string];

interface IEntry {
  readonly id: string;
  readonly rev: number;
  readonly name: string;
  readonly user: string;
  readonly notes: string;
  readonly tags: readonly string[];
  readonly values: readonly string[];
  readonly changed: number;
}

interface IStored {
  /** base64 */
  readonly file: string;
  readonly code: string;
}

let python: PythonVault;
beforeAll(() => {
  python = new PythonVault();
});
afterAll(() => python.close());

/** Opened with the recovery code, which costs no Argon2id. */
function open({ file, code }: IStored): Promise<Vault> {
  return Vault.unlock(
    parseFile(new Uint8Array(Buffer.from(file, 'base64'))),
    { recoveryCode: code },
    failingArgon2
  );
}

function apply(vault: Vault, [kind, name, ...rest]: Operation): void {
  const found = vault.lookup(name);
  if (kind === 'remove') {
    if (found) {
      vault.remove(found.id, Date.now());
    }
    return;
  }
  const [value, user, notes, tags] = rest as [string, string, string, string[]];
  vault.put(
    {
      ...(found && { id: found.id, rev: found.rev }),
      ...{ name, user, url: '', notes, tags },
      fields: [{ name: 'value', type: 'hidden', value }]
    },
    Date.now()
  );
}

function entries(vault: Vault): IEntry[] {
  return [...vault.rows].map(row => {
    const { id, rev, name, user, notes, tags, fields, changed } = vault.read(
      row.id
    );
    const values = fields.map(({ value }) => value);
    return { id, rev, name, user, notes, tags, values, changed };
  });
}

function written(vault: Vault): string {
  return Buffer.from(vault.serialise(Date.now()).parts.join('')).toString(
    'base64'
  );
}

const name = fc.constantFrom('db', 'openai', 'Zürich 🔑', 'a "b" \\ c');
const text = fc.string({ unit: 'binary', maxLength: 400 });
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.tuple(
    fc.constant('put' as const),
    name,
    text,
    text,
    text,
    fc
      .array(fc.constantFrom('work', 'été'), { maxLength: 2 })
      .map(tags => [...new Set(tags)])
  ),
  fc.tuple(fc.constant('remove' as const), name)
);
/** Turns of one writer, then the other. */
const turns = fc.array(fc.array(operation, { maxLength: 4 }), {
  minLength: 1,
  maxLength: 5
});

test.each(['nacl', 'aes'] as const)(
  'suite %s, in turns',
  async suite => {
    await fc.assert(
      fc.asyncProperty(turns, fc.boolean(), async (turns, pythonFirst) => {
        let stored: IStored;
        if (pythonFirst) {
          stored = await python.ask<IStored>({ create: suite });
        } else {
          const { vault, recoveryCode } = await Vault.create({
            passphrase: 'a passphrase',
            suite,
            argon2: fakeArgon2
          });
          stored = { file: written(vault), code: recoveryCode };
        }
        for (const operations of turns) {
          const theirs = await python.ask<{ file: string; entries: IEntry[] }>({
            ...stored,
            operations
          });
          stored = { ...stored, file: theirs.file };
          const vault = await open(stored);
          expect(entries(vault)).toEqual(theirs.entries);

          for (const one of operations) {
            apply(vault, one);
          }
          stored = { ...stored, file: written(vault) };
          const read = await python.ask<{ entries: IEntry[] }>({
            ...stored,
            operations: []
          });
          expect(read.entries).toEqual(entries(vault));
        }
      }),
      { numRuns: 15 }
    );
  },
  60_000
);
