import { createHash, hkdfSync } from 'node:crypto';
import { utf8Encode } from '../crypto/bytes';
import { decodeBase64url } from '../crypto/encoding';
import { codeOf, codeOfAsync, idOf, KEY, VAULT_ID } from '../testing/vault';
import {
  ikmOfCode,
  ikmOfPassphrase,
  newId,
  passphraseBytes,
  subkey,
  wrappingKey
} from './keys';

const SALT = idOf(5);
const hkdf = (ikm: Uint8Array, salt: Uint8Array, ...info: Uint8Array[]) =>
  new Uint8Array(hkdfSync('sha256', ikm, salt, Buffer.concat(info), 32));
const vaultSalt = decodeBase64url(VAULT_ID);

describe.each(['nacl', 'aes'] as const)('%s', suite => {
  it('derives subkeys from the vault key, the vault, the suite and the label', () => {
    expect(subkey(KEY, VAULT_ID, suite, utf8Encode('index'))).toEqual(
      hkdf(KEY, vaultSalt, utf8Encode(`credentialstore/1 ${suite} index`))
    );
  });

  it('derives wrapping keys for one slot of one vault', () => {
    expect(wrappingKey(KEY, VAULT_ID, suite, idOf(7))).toEqual(
      hkdf(
        KEY,
        vaultSalt,
        utf8Encode(`credentialstore/1 ${suite} wrap `),
        decodeBase64url(idOf(7))
      )
    );
  });
});

it('stretches a recovery code with the salt of its slot', () => {
  const code = new Uint8Array(16).fill(9);
  const info = utf8Encode('credentialstore/1 recovery');
  expect(ikmOfCode(code, SALT)).toEqual(
    hkdf(code, decodeBase64url(SALT), info)
  );
});

describe('a passphrase', () => {
  it('is UTF-8 of its composed form', () => {
    expect(passphraseBytes('pa\u0308sswo\u0308rd')).toEqual(
      utf8Encode('pässwörd')
    );
  });

  it.each([
    [null, '12345678'],
    ['passphrase-length', '1234567'],
    [null, '1234567é'],
    [null, 'éééé'],
    ['passphrase-length', 'ééé'],
    // Nine bytes as they are typed, six when they are composed.
    ['passphrase-length', 'e\u0301'.repeat(3)],
    [null, 'a'.repeat(1024)],
    ['passphrase-length', 'a'.repeat(1025)],
    [null, 'é'.repeat(512)],
    ['passphrase-length', '12345678\ud800'],
    ['passphrase-length', '\udc0012345678']
  ])('has 8 to 1024 bytes: %s for %j', (code, passphrase) => {
    expect(codeOf(() => passphraseBytes(passphrase))).toBe(code);
  });

  it('goes to Argon2id with what its slot says, and is wiped behind it', async () => {
    const seen: unknown[] = [];
    let password = new Uint8Array();
    const ikm = await ikmOfPassphrase(
      'correct horse',
      { salt: SALT, memory: 20_000, passes: 4 },
      async (given, salt, cost) => {
        seen.push(given.slice(), salt, cost);
        password = given as Uint8Array<ArrayBuffer>;
        return createHash('sha256').update(given).digest();
      }
    );
    expect(seen).toEqual([
      utf8Encode('correct horse'),
      decodeBase64url(SALT),
      { memory: 20_000, passes: 4, lanes: 1 }
    ]);
    expect(Buffer.from(ikm).toString('hex')).toBe(
      createHash('sha256').update('correct horse').digest('hex')
    );
    expect(password).toEqual(new Uint8Array(13));
  });

  it('is wiped when the derivation fails, and the error is passed on', async () => {
    let password = new Uint8Array();
    const slot = { salt: SALT, memory: 20_000, passes: 4 };
    const derived = codeOfAsync(async () =>
      ikmOfPassphrase('correct horse', slot, async given => {
        password = given as Uint8Array<ArrayBuffer>;
        throw new Error('cancelled');
      })
    );
    await expect(derived).rejects.toThrow('cancelled');
    expect(password).toEqual(new Uint8Array(13));
  });
});

it('makes ids of 16 bytes, each another', () => {
  const ids = Array.from({ length: 50 }, newId);
  expect(new Set(ids).size).toBe(50);
  expect(ids.every(id => decodeBase64url(id).length === 16)).toBe(true);
});
