/** The page's side gives the answers of spec/vectors/vault.json, and reads every golden file. */
import { writeGolden } from '../testing/golden';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Argon2 } from '../crypto/argon2';
import { utf8Decode, utf8Encode } from '../crypto/bytes';
import { decodeBase64url, encodeBase64url } from '../crypto/encoding';
import { unpad } from '../crypto/padding';
import { suite as cipher } from '../crypto/suites';
import { trueArgon2 } from '../testing/argon2';
import { codeOf, codeOfAsync } from '../testing/vault';
import {
  FOLDER,
  hex,
  named,
  textOf,
  unlockVector,
  VECTORS
} from '../testing/vault-vectors';
import { parseCanonical } from './canonical';
import { paddedLength } from './entry';
import { parseFile } from './format';
import { parseHeader, type IHeader, type SuiteName } from './header';
import { emptyIndex, encodeIndex } from './index-table';
import { ikmOfCode, passphraseBytes, subkey, wrappingKey } from './keys';
import { pinOf } from './pin';
import { decodeRecoveryCode, encodeRecoveryCode } from './recovery-code';
import { Sealing } from './sealing';
import { unwrap, type SlotSecret } from './slots';
import { Vault } from './vault';

const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const fromHex = (text: string) => encodeBase64url(hex(text));

let argon2: Argon2;
beforeAll(async () => {
  argon2 = await trueArgon2();
});

it('knows every list of the file', () => {
  expect(Object.keys(VECTORS)).toEqual([
    'format',
    'about',
    'canonical',
    'recoveryCodes',
    'typedCodes',
    'passphrases',
    'argon2id',
    'subkeys',
    'macs',
    'wraps',
    'sealed',
    'padding',
    'unpadding',
    'files',
    'open',
    'mergeDefaults',
    'merge',
    'mergeFiles',
    'pins'
  ]);
});

test.each(named(VECTORS.canonical))('canonical: %s', (_, vector) => {
  const bytes = vector.textHex ? hex(vector.textHex) : utf8Encode(vector.text);
  const read = () => parseCanonical(utf8Decode(bytes), 'text');
  if (vector.canonical) {
    expect(JSON.stringify(read())).toBe(vector.text);
  } else {
    expect(read).toThrow();
  }
});

test.each(named(VECTORS.recoveryCodes))('recovery code: %s', (_, vector) => {
  expect(encodeRecoveryCode(hex(vector.codeHex))).toBe(vector.shown);
});

test.each(named(VECTORS.typedCodes))('typed code: %s', (_, vector) => {
  if (vector.codeHex === null) {
    expect(codeOf(() => decodeRecoveryCode(vector.typed))).toBe(
      'mistyped-code'
    );
  } else {
    expect(toHex(decodeRecoveryCode(vector.typed))).toBe(vector.codeHex);
  }
});

test.each(named(VECTORS.passphrases))('passphrase: %s', (_, vector) => {
  if (vector.bytesHex === null) {
    expect(codeOf(() => passphraseBytes(vector.text))).toBe(
      'passphrase-length'
    );
  } else {
    expect(toHex(passphraseBytes(vector.text))).toBe(vector.bytesHex);
  }
});

test.each(named(VECTORS.argon2id))('argon2id: %s', async (_, vector) => {
  const { memory, passes } = vector;
  const password = passphraseBytes(vector.passphrase);
  const cost = { memory, passes, lanes: 1 } as const;
  const ikm = await argon2(password, hex(vector.saltHex), cost);
  expect(toHex(ikm)).toBe(vector.ikmHex);
});

test.each(named(VECTORS.subkeys))('subkey: %s', (_, vector) => {
  const vault = fromHex(vector.vaultIdHex);
  const label = hex(vector.labelHex);
  const key = subkey(hex(vector.vaultKeyHex), vault, vector.suite, label);
  expect(toHex(key)).toBe(vector.keyHex);
});

test.each(named(VECTORS.macs))('mac: %s', (_, vector) => {
  const vault = fromHex(vector.vaultIdHex);
  const sealing = new Sealing(hex(vector.vaultKeyHex), vault, vector.suite);
  expect(sealing.mac(vector.header)).toBe(vector.mac);
});

test.each(named(VECTORS.wraps))('wrap: %s', async (_, vector) => {
  const { memory, passes, wrap } = vector;
  const suite: SuiteName = vector.suite;
  const [vault, id] = [fromHex(vector.vaultIdHex), fromHex(vector.slotIdHex)];
  const salt = fromHex(vector.saltHex);
  const ikm = vector.passphrase
    ? await argon2(passphraseBytes(vector.passphrase), hex(vector.saltHex), {
        memory,
        passes,
        lanes: 1
      })
    : ikmOfCode(hex(vector.codeHex), salt);
  expect(toHex(ikm)).toBe(vector.ikmHex);
  const key = wrappingKey(ikm, vault, suite, id);
  expect(toHex(key)).toBe(vector.wrappingKeyHex);
  const sealed = cipher(suite).seal(
    key,
    hex(vector.vaultKeyHex),
    hex(vector.nonceHex)
  );
  expect(encodeBase64url(sealed)).toBe(wrap);

  const slot = { type: vector.type, id, salt, memory, passes, wrap };
  const header = { vault, suite, slots: [slot] } as any as IHeader;
  const secret: SlotSecret = vector.passphrase
    ? { passphrase: vector.passphrase }
    : { recoveryCode: encodeRecoveryCode(hex(vector.codeHex)) };
  expect(toHex(await unwrap(header, secret, argon2))).toBe(vector.vaultKeyHex);
});

test.each(named(VECTORS.sealed))('sealed: %s', (_, vector) => {
  const { open } = cipher(vector.suite);
  const text = open(hex(vector.keyHex), hex(vector.sealedHex));
  expect(text && toHex(text)).toBe(vector.textHex);
});

test.each(named(VECTORS.padding))('padding: %s', (_, vector) => {
  if (vector.kind === 'entry') {
    expect(paddedLength(vector.length)).toBe(vector.padded);
    return;
  }
  // The least that an index can be is 52 bytes.
  const index = emptyIndex();
  const fill = vector.length - 52 - ',"x":""'.length;
  if (fill >= 0) {
    index.unknown = { x: 'x'.repeat(fill) };
    expect(unpad(encodeIndex(index, 0))).toHaveLength(vector.length);
    expect(encodeIndex(index, 0)).toHaveLength(vector.padded);
  }
});

test.each(named(VECTORS.unpadding))('unpadding: %s', (_, vector) => {
  const read = () => unpad(hex(vector.paddedHex));
  if (vector.textHex === null) {
    expect(read).toThrow();
  } else {
    expect(toHex(read())).toBe(vector.textHex);
  }
});

test.each(Object.entries<Record<string, any>>(VECTORS.files))(
  'file %s',
  async (_, file) => {
    const parsed = parseFile(utf8Encode(file.text));
    expect(parsed.headerText).toBe(file.header);
    expect(toHex(decodeBase64url(pinOf(parsed).digest))).toBe(
      file.headerSha256Hex
    );
    for (const secret of [
      { passphrase: file.passphrase },
      { recoveryCode: file.recoveryCode }
    ]) {
      const key = await unwrap(parsed.header, secret, argon2);
      expect(toHex(key)).toBe(file.vaultKeyHex);
    }
    // Written without a change, the texts within are the same.
    const sealing = new Sealing(
      hex(file.vaultKeyHex),
      parsed.header.vault,
      file.suite
    );
    const index = sealing.openIndex(parsed);
    expect(utf8Decode(unpad(encodeIndex(index, 0)))).toBe(file.index);
    for (const row of index.rows.values()) {
      const record = sealing.openEntry(row, parsed.entries.get(row.id)!);
      expect(textOf(record)).toBe(file.entries[row.id].text);
    }
  }
);

test.each(named(VECTORS.open))('open: %s', async (_, vector) => {
  const { file, secret, entry, error } = vector;
  let vault: Vault | undefined;
  const opening = await codeOfAsync(async () => {
    vault = await unlockVector(argon2, file, secret);
  });
  if (entry === undefined && error !== null) {
    expect(opening).toBe(error);
    return;
  }
  expect(opening).toBeNull();
  for (const { id } of vault!.rows) {
    const expected = entry === id ? error : null;
    if (entry === undefined || entry === id) {
      expect(codeOf(() => vault!.read(id))).toBe(expected);
    }
  }
});

test.each(named(VECTORS.pins))('pin: %s', (_, vector) => {
  const pin = pinOf({
    header: parseHeader(vector.header),
    headerText: vector.header
  });
  if (vector.verdict === 'same') {
    expect(pin).toEqual(vector.pin);
  } else {
    expect(pin).not.toEqual(vector.pin);
  }
});

if (process.env.WRITE_GOLDEN) {
  beforeAll(async () => {
    await writeGolden(join(FOLDER, 'golden'), '1-nacl-typescript', 'nacl');
    await writeGolden(join(FOLDER, 'golden'), '1-aes-typescript', 'aes');
  }, 120_000);
}

const golden = readdirSync(join(FOLDER, 'golden'))
  .filter(name => name.endsWith('.json'))
  .map(name => name.slice(0, -'.json'.length));

test.each(golden)('golden file %s', async name => {
  const expected = JSON.parse(
    readFileSync(join(FOLDER, 'golden', `${name}.json`), 'utf8')
  );
  const file = parseFile(
    new Uint8Array(
      readFileSync(join(FOLDER, 'golden', `${name}.credentialstore`))
    )
  );
  expect(file.header.epoch).toBe(expected.epoch);
  for (const secret of [
    { passphrase: expected.passphrase },
    { recoveryCode: expected.recoveryCode }
  ]) {
    const vault = await Vault.unlock(file, secret, argon2);
    const texts = [...vault.rows].map(({ id }) => textOf(vault.read(id)));
    expect(texts.map(text => JSON.parse(text))).toEqual(expected.entries);
  }
});
