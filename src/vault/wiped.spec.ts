/** Keys, passphrases and opened texts are overwritten once they have been used. */
import type { Argon2 } from '../crypto/argon2';
import type { ISuite } from '../crypto/suites';
import { draftOf, NEXT, NOW, PASSPHRASE } from '../testing/vault';
import { parseFile } from './format';
import { Vault } from './vault';

const mockKeys: Uint8Array[] = [];
const mockTexts: Uint8Array[] = [];
interface IEncoded {
  readonly text: string;
  readonly bytes: Uint8Array;
}

jest.mock('../crypto/bytes', () => {
  const actual = jest.requireActual('../crypto/bytes');
  // Here, for it is called while modules load.
  const encoded: IEncoded[] = [];
  return {
    ...actual,
    encoded,
    utf8Encode: (text: string) => {
      const bytes = actual.utf8Encode(text) as Uint8Array;
      encoded.push({ text, bytes });
      return bytes;
    }
  };
});
const { encoded } = jest.requireMock<{ encoded: IEncoded[] }>(
  '../crypto/bytes'
);

jest.mock('../crypto/hash', () => {
  const actual = jest.requireActual('../crypto/hash');
  return {
    ...actual,
    hkdfSha256: (...args: unknown[]) => {
      const key = actual.hkdfSha256(...args) as Uint8Array;
      mockKeys.push(key, args[0] as Uint8Array);
      return key;
    }
  };
});

jest.mock('../crypto/suites', () => {
  const actual = jest.requireActual('../crypto/suites');
  return {
    suite: (name: 'nacl' | 'aes'): ISuite => {
      const suite = actual.suite(name) as ISuite;
      return {
        ...suite,
        seal: (key, text, nonce) => {
          mockTexts.push(text);
          return suite.seal(key, text, nonce);
        },
        open: (key, sealed) => {
          const text = suite.open(key, sealed);
          mockTexts.push(text ?? new Uint8Array());
          return text;
        }
      };
    }
  };
});

jest.mock('../crypto/padding', () => {
  const actual = jest.requireActual('../crypto/padding');
  return {
    ...actual,
    pad: (text: Uint8Array, length: number) => {
      const padded = actual.pad(text, length) as Uint8Array;
      mockTexts.push(text, padded);
      return padded;
    }
  };
});

const argon2: Argon2 = async password => {
  mockTexts.push(password);
  const ikm = new Uint8Array(32).fill(password.length);
  mockKeys.push(ikm);
  return ikm;
};

/** Those that are not zero. The vault's tag, which is no key, is made with a label of its own. */
const left = (arrays: Uint8Array[]) =>
  arrays.filter(bytes => bytes.some(byte => byte !== 0));

it.each(['nacl', 'aes'] as const)(
  'of suite %s, when all is done nothing is left but the tags',
  async suite => {
    mockKeys.length = mockTexts.length = encoded.length = 0;
    const { vault, recoveryCode } = await Vault.create({
      passphrase: PASSPHRASE,
      suite,
      argon2
    });
    const { id } = vault.put(draftOf('db'), NOW);
    const bytes = Buffer.from(vault.serialise(NOW).parts.join(''));
    const file = parseFile(bytes);
    const other = await Vault.unlock(file, { recoveryCode }, argon2);
    const third = await Vault.unlock(file, { passphrase: PASSPHRASE }, argon2);
    third.read(id);
    await third.changePassphrase({ passphrase: PASSPHRASE }, NEXT, argon2);
    third.serialise(NOW + 1);
    const wrong = { passphrase: 'a wrong passphrase' };
    await expect(Vault.unlock(file, wrong, argon2)).rejects.toThrow(
      'wrong-secret'
    );
    for (const open of [vault, other, third]) {
      open.wipe();
    }
    expect(mockKeys.length).toBeGreaterThan(30);
    expect(mockTexts.length).toBeGreaterThan(12);
    expect(left(mockTexts)).toEqual([]);
    const passphrases = encoded.filter(({ text }) =>
      [PASSPHRASE, NEXT, wrong.passphrase].includes(text)
    );
    expect(passphrases.length).toBeGreaterThan(5);
    expect(left(passphrases.map(({ bytes }) => bytes))).toEqual([]);
    // One tag for each key that was opened: the file's three times, and the new one.
    expect(left(mockKeys)).toHaveLength(4);
  }
);
