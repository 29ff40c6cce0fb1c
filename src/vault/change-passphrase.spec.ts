import {
  codeOf,
  codeOfAsync,
  contents,
  createVault,
  draftOf,
  ENTRY_1,
  ENTRY_2,
  failingArgon2,
  fakeArgon2,
  forge,
  NEXT,
  NOW,
  PASSPHRASE,
  RECOVERY_CODE,
  stored,
  unlock,
  withMembers
} from '../testing/vault';
import { parseFile } from './format';
import { Vault } from './vault';

let vault: Vault;
const change = (current: string | null = PASSPHRASE, next = NEXT) =>
  vault.changePassphrase(
    current === null
      ? { recoveryCode: RECOVERY_CODE }
      : { passphrase: current },
    next,
    fakeArgon2
  );

it('opens by the new secrets alone, with everything in it', async () => {
  vault = await unlock(forge());
  vault.allowAlways('n', ENTRY_1, NOW);
  const before = contents(vault);
  const old = parseFile(stored(vault));
  const recoveryCode = await change();
  expect(vault.dirty).toBe(true);
  const bytes = stored(vault);
  const file = parseFile(bytes);
  expect(file.header.generation).toBe(2);
  expect(file.header.vault).toBe(old.header.vault);
  const again = await unlock(bytes, NEXT);
  expect(contents(again)).toEqual(before);
  expect(again.grants).toHaveLength(1);
  const byCode = await Vault.unlock(file, { recoveryCode }, failingArgon2);
  expect(contents(byCode)).toEqual(before);
  const secrets = [{ passphrase: PASSPHRASE }, { recoveryCode: RECOVERY_CODE }];
  for (const secret of secrets) {
    const opened = codeOfAsync(() => Vault.unlock(file, secret, fakeArgon2));
    expect(await opened).toBe('wrong-secret');
  }
  for (const [id, sealed] of file.entries) {
    expect(sealed).not.toBe(old.entries.get(id));
  }
});

it('does not let the old key open the new file', async () => {
  vault = await unlock(forge());
  const old = await unlock(forge());
  await change();
  const file = parseFile(stored(vault));
  const header = { ...file.header, generation: 1 };
  expect(codeOf(() => old.openOther({ ...file, header }))).toBe('altered');
});

it('makes another key each time', async () => {
  vault = await unlock(forge());
  await change();
  const first = await unlock(stored(vault), NEXT);
  await change(NEXT);
  const file = parseFile(stored(vault));
  const header = { ...file.header, generation: 2 };
  expect(codeOf(() => first.openOther({ ...file, header }))).toBe('altered');
});

it('takes a recovery code for the old passphrase', async () => {
  vault = await unlock(forge());
  await change(null);
  expect(await codeOfAsync(() => unlock(stored(vault), NEXT))).toBeNull();
});

it('drops slots that it cannot wrap, and keeps what else is unknown', async () => {
  const later = withMembers({ later: 1 });
  vault = await unlock(
    forge({
      slots: slots => [...slots, { type: 'passkey' }, slots[1]],
      header: later,
      row: later,
      record: later
    })
  );
  await change();
  const again = await unlock(stored(vault), NEXT);
  const { header } = parseFile(stored(vault));
  expect(header.slots.map(({ type }) => type)).toEqual([
    'passphrase',
    'recovery'
  ]);
  expect(header.unknown).toEqual({ later: 1 });
  expect(again.row(ENTRY_1)!.unknown).toEqual({ later: 1 });
  expect(again.read(ENTRY_1).unknown).toEqual({ later: 1 });
});

it.each([
  ['wrong-secret', 'correct house', NEXT],
  ['passphrase-length', PASSPHRASE, 'short']
])('changes nothing by %s', async (code, current, next) => {
  vault = await unlock(forge());
  expect(await codeOfAsync(() => change(current, next))).toBe(code);
  expect(vault.dirty).toBe(false);
  expect(await codeOfAsync(() => unlock(stored(vault)))).toBeNull();
});

it('changes nothing if an entry cannot be read', async () => {
  vault = await unlock(forge({ row: withMembers({ digest: 'A'.repeat(43) }) }));
  expect(await codeOfAsync(() => change())).toBe('altered');
  const again = await unlock(stored(vault));
  expect(codeOf(() => again.read(ENTRY_2))).toBeNull();
});

it('does nothing to a vault that was locked while it derived', async () => {
  vault = await unlock(forge());
  const changed = vault.changePassphrase(
    { passphrase: PASSPHRASE },
    NEXT,
    async (...args) => {
      vault.wipe();
      return fakeArgon2(...args);
    }
  );
  await expect(changed).rejects.toThrow('wiped');
  expect(() => vault.serialise(NOW)).toThrow('wiped');
});

it('leaves nothing to undo', async () => {
  vault = await createVault();
  const { id } = vault.put(draftOf('a'), NOW);
  vault.remove(id, NOW);
  await change();
  expect(codeOf(() => vault.restore(id))).toBe('no-entry');
});
