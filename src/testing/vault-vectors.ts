/** What specs of the vectors of spec/vault.md share. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Argon2 } from '../crypto/argon2';
import { utf8Decode, utf8Encode } from '../crypto/bytes';
import { unpad } from '../crypto/padding';
import { parseFile, Vault, type SlotSecret } from '../vault';
import { encodeRecord, type IRecord } from '../vault/entry';

type Json = Record<string, any>;

export const FOLDER = join(__dirname, '..', '..', 'spec', 'vectors');
export const VECTORS: Json = JSON.parse(
  readFileSync(join(FOLDER, 'vault.json'), 'utf8')
);

export const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
export const named = (list: Json[]) =>
  list.map(v => [v.description ?? JSON.stringify(v), v] as const);

/** The JSON of a record, as it is sealed. */
export const textOf = (record: IRecord) =>
  utf8Decode(unpad(encodeRecord(record)));

export function fileBytes({ hex: all, text, of, edits, editsHex }: Json) {
  if (all !== undefined || text !== undefined) {
    return text === undefined ? hex(all) : utf8Encode(text);
  }
  const original: string = VECTORS.files[of].text;
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const [from, to, put] of edits ?? editsHex ?? []) {
    parts.push(utf8Encode(original.slice(end, from)));
    parts.push(edits ? utf8Encode(put) : hex(put));
    end = to;
  }
  return new Uint8Array(
    Buffer.concat([...parts, utf8Encode(original.slice(end))])
  );
}

export const secretOf = (secret: Json | undefined, file: Json): SlotSecret =>
  secret?.type === 'passphrase'
    ? { passphrase: secret.text }
    : {
        recoveryCode:
          secret?.text ?? VECTORS.files[file.of ?? 'nacl'].recoveryCode
      };

export const unlockVector = async (
  argon2: Argon2,
  file: Json,
  secret?: Json
): Promise<Vault> =>
  Vault.unlock(parseFile(fileBytes(file)), secretOf(secret, file), argon2);
