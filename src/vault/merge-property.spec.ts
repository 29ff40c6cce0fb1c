/** Merges of whatever two sides have done, under one key or two. */
import fc from 'fast-check';
import { utf8Encode } from '../crypto/bytes';
import {
  draftOf,
  fakeArgon2,
  NEXT,
  NOW,
  PASSPHRASE,
  sides,
  stored,
  unlock
} from '../testing/vault';
import type { Vault } from './vault';

const op = fc.record({
  kind: fc.constantFrom('edit', 'rename', 'remove', 'undo', 'add', 'copy'),
  at: fc.nat({ max: 6 })
});
const plan = fc.record({
  mine: fc.array(op, { maxLength: 7 }),
  theirs: fc.array(op, { maxLength: 7 }),
  rekeyed: fc.constantFrom('nobody', 'mine', 'theirs')
});
type Ops = { kind: string; at: number }[];

function run(vault: Vault, ops: Ops, side: string): void {
  ops.forEach(({ kind, at }, i) => {
    const now = NOW + i + 1;
    const value = `${side} ${i}`;
    const row = [...vault.rows][at];
    if (kind === 'add') {
      // Both sides may give the same name.
      if (!vault.lookup(`new ${at}`)) {
        vault.put(draftOf(`new ${at}`, value), now);
      }
    } else if (row) {
      const { id, name } = row;
      const actions: Record<string, () => void> = {
        edit: () => vault.put({ ...draftOf(name, value), id }, now),
        rename: () =>
          vault.put({ ...draftOf(`${side} ${i} renamed`, value), id }, now),
        remove: () => vault.remove(id, now),
        undo: () => {
          vault.remove(id, now);
          vault.restore(id);
        },
        copy: () => vault.duplicate(id, now)
      };
      actions[kind]();
    }
  });
}

const values = (vault: Vault) =>
  [...vault.rows].map(({ id }) => vault.read(id).fields[0].value).sort();

/** What must be there: the rule of the table, by values alone. */
function expected(
  base: Vault,
  mine: Vault,
  theirs: Vault,
  rekeyed: boolean
): string[] {
  const result: string[] = [];
  const ids = new Set(
    [base, mine, theirs].flatMap(v => [...v.rows].map(({ id }) => id))
  );
  for (const id of ids) {
    const changed = [mine, theirs].filter(
      v => v.row(id)?.rev !== base.row(id)?.rev
    );
    const records = (changed.length ? changed : [base])
      .filter(v => v.row(id))
      .map(v => v.read(id));
    const [one, other] = records.map(record => JSON.stringify(record));
    // Under two keys, what is alike counts as the same.
    const kept = rekeyed && one === other ? records.slice(1) : records;
    result.push(...kept.map(({ fields }) => fields[0].value));
  }
  return result.sort();
}

it('loses no edit, brings nothing back, and ends the same on either side', async () => {
  await fc.assert(
    fc.asyncProperty(plan, async ({ mine: m, theirs: t, rekeyed }) => {
      const { base, mine, theirs } = await sides();
      const start = await unlock(base);
      const passphrases = { mine: PASSPHRASE, theirs: PASSPHRASE };
      for (const side of ['mine', 'theirs'] as const) {
        if (rekeyed === side) {
          await (side === 'mine' ? mine : theirs).changePassphrase(
            { passphrase: PASSPHRASE },
            NEXT,
            fakeArgon2
          );
          passphrases[side] = NEXT;
        }
      }
      run(mine, m, 'mine');
      run(theirs, t, 'theirs');
      const wanted = expected(start, mine, theirs, rekeyed !== 'nobody');
      const mineBytes = utf8Encode(mine.serialise(NOW).parts.join(''));
      const theirBytes = stored(theirs);

      const { vault, report } = mine.merge(
        await unlock(theirBytes, passphrases.theirs),
        NOW
      );
      expect(values(vault)).toEqual(wanted);
      const names = [...vault.rows].map(({ name }) => name);
      for (const name of report.copies) {
        expect(names.filter(one => one === name)).toHaveLength(1);
      }

      // Written, read and unlocked: the same.
      const merged = stored(vault);
      const next = rekeyed === 'nobody' ? PASSPHRASE : NEXT;
      const again = await unlock(merged, next);
      expect([...again.rows]).toEqual([...vault.rows]);
      expect(values(again)).toEqual(wanted);
      expect(stored(again).length).toBe(merged.length);

      // Merged once more: nothing is left to do.
      const repeated = vault.merge(await unlock(merged, next), NOW);
      expect(repeated.report).toEqual({ incoming: 0, copies: [] });
      expect(repeated.vault.dirty).toBe(false);
      expect(values(repeated.vault)).toEqual(wanted);

      // With the sides exchanged, the same values come together.
      const other = await unlock(theirBytes, passphrases.theirs);
      other.base = start.base;
      const swapped = other.merge(
        await unlock(mineBytes, passphrases.mine),
        NOW
      );
      expect(values(swapped.vault)).toEqual(wanted);
    }),
    { numRuns: 60 }
  );
}, 60_000);
