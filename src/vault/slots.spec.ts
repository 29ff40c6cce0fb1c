import { trueArgon2 } from '../testing/argon2';
import {
  CODE,
  codeOfAsync,
  failingArgon2,
  fakeArgon2,
  forge,
  idOf,
  KEY,
  PASSPHRASE,
  RECOVERY_CODE,
  VAULT_ID,
  type IPlan
} from '../testing/vault';
import { parseFile } from './format';
import { headerText, parseHeader, type IHeader } from './header';
import { decodeRecoveryCode, encodeRecoveryCode } from './recovery-code';
import { KDF, newVaultKey, unwrap } from './slots';

const headerOf = (plan: IPlan = {}) => parseFile(forge(plan)).header;
const byPassphrase = { passphrase: PASSPHRASE };
const byCode = { recoveryCode: RECOVERY_CODE };

describe.each(['nacl', 'aes'] as const)('%s', suite => {
  it('opens by passphrase and by recovery code, which derives nothing', async () => {
    const header = headerOf({ suite });
    expect(await unwrap(header, byPassphrase, fakeArgon2)).toEqual(KEY);
    expect(await unwrap(header, byCode, failingArgon2)).toEqual(KEY);
  });

  it('makes slots that open again, each under a salt and an id of its own', async () => {
    const make = () => newVaultKey(VAULT_ID, suite, PASSPHRASE, fakeArgon2);
    const [one, other] = [await make(), await make()];
    const header: IHeader = { ...headerOf({ suite }), slots: one.slots };
    const again = parseHeader(headerText(header));
    expect(await unwrap(again, byPassphrase, fakeArgon2)).toEqual(one.key);
    const { recoveryCode } = one;
    expect(await unwrap(again, { recoveryCode }, fakeArgon2)).toEqual(one.key);
    expect(one.slots[0]).toMatchObject(KDF);
    const secrets = [one, other].flatMap(({ key, slots, ...more }) => [
      key.join(),
      more.recoveryCode,
      ...slots.flatMap(slot => {
        const { id, salt, wrap } = slot as Record<string, any>;
        return [id, salt, wrap];
      })
    ]);
    expect(new Set(secrets).size).toBe(secrets.length);
  });

  it('notices a change of any character of salt, id and wrap', async () => {
    for (const [at, secret] of [byPassphrase, byCode].entries()) {
      const header = headerOf({ suite });
      const slot = header.slots[at] as Record<string, any>;
      for (const name of ['id', 'salt', 'wrap']) {
        for (let i = 0; i < slot[name].length; i++) {
          const text: string = slot[name];
          const put = text[i] === 'A' ? 'Q' : 'A';
          const changed = text.slice(0, i) + put + text.slice(i + 1);
          const slots = [{ ...slot, [name]: changed }] as any[];
          expect(
            await codeOfAsync(() =>
              unwrap({ ...header, slots }, secret, fakeArgon2)
            )
          ).toBe('wrong-secret');
        }
      }
    }
  });
});

it('tries the slots of the secret in order, and takes the first that opens', async () => {
  const header = headerOf({
    slots: ([first, second]) => [
      { type: 'passkey' },
      { ...first, id: idOf(3) },
      { ...second, id: idOf(4) },
      first,
      second,
      { ...first, id: idOf(5) }
    ]
  });
  let derived = 0;
  const key = await unwrap(header, byPassphrase, async (...args) => {
    derived++;
    return fakeArgon2(...args);
  });
  expect(key).toEqual(KEY);
  expect(derived).toBe(2);
  expect(await unwrap(header, byCode, failingArgon2)).toEqual(KEY);
});

it.each([
  ['another passphrase', { passphrase: 'correct house' }],
  ['the code as a passphrase', { passphrase: RECOVERY_CODE }],
  ['another code', { recoveryCode: encodeRecoveryCode(CODE.map(b => b + 1)) }]
])('refuses %s', async (_, secret) => {
  const opened = codeOfAsync(() => unwrap(headerOf(), secret, fakeArgon2));
  expect(await opened).toBe('wrong-secret');
});

it('tries a secret on slots of its own type alone', async () => {
  const exchanged = ([first, second]: any[]) => [
    { ...first, id: second.id, salt: second.salt, wrap: second.wrap },
    { ...second, id: first.id, salt: first.salt, wrap: first.wrap }
  ];
  const header = headerOf({ slots: exchanged });
  for (const secret of [byPassphrase, byCode]) {
    expect(await codeOfAsync(() => unwrap(header, secret, fakeArgon2))).toBe(
      'wrong-secret'
    );
  }
});

it('derives nothing from a passphrase that no store has', async () => {
  for (const passphrase of [
    '',
    '1234567',
    'a'.repeat(1025),
    '12345678\ud800'
  ]) {
    const opened = codeOfAsync(() =>
      unwrap(headerOf(), { passphrase }, failingArgon2)
    );
    expect(await opened).toBe('wrong-secret');
  }
});

it('calls a mistyped code that, with and without a recovery slot', async () => {
  const slots: IPlan['slots'] = ([first]) => [first];
  for (const header of [headerOf(), headerOf({ slots })]) {
    for (const recoveryCode of [`${RECOVERY_CODE}0`, PASSPHRASE, '']) {
      const opened = codeOfAsync(() =>
        unwrap(header, { recoveryCode }, failingArgon2)
      );
      expect(await opened).toBe('mistyped-code');
    }
  }
  const opened = codeOfAsync(() =>
    unwrap(headerOf({ slots }), byCode, failingArgon2)
  );
  expect(await opened).toBe('wrong-secret');
});

it('makes no slot for a passphrase of the wrong length', async () => {
  const made = codeOfAsync(() =>
    newVaultKey(VAULT_ID, 'nacl', '1234567', failingArgon2)
  );
  expect(await made).toBe('passphrase-length');
});

it('passes on what the derivation throws', async () => {
  await expect(unwrap(headerOf(), byPassphrase, failingArgon2)).rejects.toThrow(
    'derived'
  );
});

it('shows a recovery code that reads as one', async () => {
  const made = await newVaultKey(VAULT_ID, 'nacl', PASSPHRASE, fakeArgon2);
  expect(decodeRecoveryCode(made.recoveryCode)).toHaveLength(16);
});

it('opens with the true Argon2id what it has made with it', async () => {
  const argon2 = await trueArgon2();
  const { key, slots } = await newVaultKey(
    VAULT_ID,
    'nacl',
    PASSPHRASE,
    argon2
  );
  const header = { ...headerOf(), slots };
  expect(await unwrap(header, byPassphrase, argon2)).toEqual(key);
  const wrong = { passphrase: 'correct house' };
  expect(await codeOfAsync(() => unwrap(header, wrong, argon2))).toBe(
    'wrong-secret'
  );
});
