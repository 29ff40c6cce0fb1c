/**
 * Writes a golden file of this version, once: they are kept for ever.
 *
 *     WRITE_GOLDEN=1 node_modules/.bin/jest --testPathPattern src/vault/vectors
 *
 * As spec/generate_golden.py does for Python: what a released writer wrote, with real randomness
 * and the default cost. A file that is there is never written again.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argon2InJavaScript } from '../crypto/argon2-javascript';
import { utf8Decode } from '../crypto/bytes';
import { unpad } from '../crypto/padding';
import { Vault, type IDraft, type SuiteName } from '../vault';
import { encodeRecord } from '../vault/entry';

const PASSPHRASE = 'a golden passphrase, été 🔑';

const draft = (
  name: string,
  value: string,
  more: Partial<IDraft> = {}
): IDraft => ({
  name,
  user: '',
  url: '',
  notes: '',
  tags: [],
  fields: [{ name: 'value', type: 'hidden', value }],
  ...more
});

export async function writeGolden(
  folder: string,
  name: string,
  suite: SuiteName
): Promise<void> {
  const path = join(folder, `${name}.credentialstore`);
  if (existsSync(path)) {
    return;
  }
  const { vault, recoveryCode } = await Vault.create({
    passphrase: PASSPHRASE,
    suite,
    argon2: argon2InJavaScript
  });
  const now = Date.now();
  const first = vault.put(
    draft('db', 'hunter2', {
      user: 'björn',
      url: 'https://example.org',
      tags: ['work', 'db']
    }),
    now
  );
  vault.put(
    draft('🔑', 'x'.repeat(5000), { notes: 'two\nlines, "quoted"' }),
    now
  );
  const gone = vault.put(draft('gone', 'y'), now);
  vault.serialise(now);
  vault.markSaved();
  const { name: kept, user, url, notes, tags, fields } = vault.read(first.id);
  vault.put(
    {
      ...{ id: first.id, rev: first.rev, name: kept, user, url, notes, tags },
      fields: [
        ...fields.map((field, from) => ({ ...field, from })),
        { name: 'host', type: 'text', value: 'db.example.org' }
      ]
    },
    now + 1000
  );
  vault.remove(gone.id, now + 1000);
  vault.allowAlways('work/analysis.ipynb', first.id, now + 1000);
  const { parts, pin } = vault.serialise(now + 1000);
  writeFileSync(path, parts.join(''));
  const entries = [...vault.rows].map(({ id }) =>
    JSON.parse(utf8Decode(unpad(encodeRecord(vault.read(id)))))
  );
  const expected = {
    passphrase: PASSPHRASE,
    recoveryCode,
    epoch: pin.epoch,
    entries
  };
  writeFileSync(
    join(folder, `${name}.json`),
    `${JSON.stringify(expected, null, 2)}\n`
  );
}
