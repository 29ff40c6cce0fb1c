/** The page's side gives the answers of spec/vectors/exchange.json. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPublicKey, keyFromSecret } from '../crypto/box';
import { decodeBase64url, encodeBase64url } from '../crypto/encoding';
import { sha256 } from '../crypto/hash';
import { utf8Encode } from '../crypto/bytes';
import { isRequest } from './marker';
import { paddedLength, sealReply, type ReplyBody } from './reply';
import { parsePrompt, type IRequest } from './request';

interface IPromptVector {
  description: string;
  prompt: string;
  outcome: 'none' | 'request' | 'invalid' | 'unanswerable';
  request?: {
    id: string;
    key: string;
    hash: string;
    want?: { name: string; field?: string }[];
    reason?: string;
    timeout?: number;
  };
}

interface ISealVector {
  description: string;
  request: string;
  pageSecretHex: string;
  nonceHex: string;
  body: ReplyBody & { repeat?: string; times?: number };
  message?: string;
  reply?: string;
  replyLength?: number;
  replySha256?: string;
  error?: 'key' | 'too-long';
}

const VECTORS: {
  base64url: { description: string; text: string; bytesHex: string | null }[];
  publicKeys: {
    description: string;
    key: string;
    valid: boolean;
    fault?: 'form' | 'low-order';
  }[];
  padding: { description?: string; length: number; padded: number | null }[];
  prompts: IPromptVector[];
  seal: ISealVector[];
} = JSON.parse(
  readFileSync(
    join(__dirname, '..', '..', 'spec', 'vectors', 'exchange.json'),
    'ascii'
  )
);

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const named = <T extends { description?: string }>(list: T[]) =>
  list.map(v => [v.description ?? JSON.stringify(v), v] as const);

test.each(named(VECTORS.base64url))('base64url: %s', (_, vector) => {
  if (vector.bytesHex === null) {
    expect(() => decodeBase64url(vector.text)).toThrow();
  } else {
    expect(Buffer.from(decodeBase64url(vector.text)).toString('hex')).toBe(
      vector.bytesHex
    );
    expect(encodeBase64url(hex(vector.bytesHex))).toBe(vector.text);
  }
});

test.each(named(VECTORS.publicKeys))(
  'public key: %s',
  async (_, { key, valid, fault }) => {
    const bytes = decodeBase64url(key);
    if (fault === 'form') {
      expect(() => checkPublicKey(bytes)).toThrow();
    } else {
      checkPublicKey(bytes);
    }
    const agreed = keyFromSecret(new Uint8Array(32).fill(7)).agree(bytes);
    await (valid ? agreed : expect(agreed).rejects.toThrow());
  }
);

test.each(named(VECTORS.padding))('padding: %s', (_, { length, padded }) => {
  if (padded !== null) {
    expect(paddedLength(length)).toBe(padded);
  }
});

test.each(named(VECTORS.prompts))('prompt: %s', (_, vector) => {
  if (vector.outcome === 'none') {
    expect(isRequest(vector.prompt)).toBe(false);
    return;
  }
  expect(isRequest(vector.prompt)).toBe(true);
  const parsed = parsePrompt(vector.prompt);
  expect(parsed.kind).toBe(vector.outcome);
  if (parsed.kind === 'unanswerable') {
    return;
  }
  const expected = vector.request!;
  const recipient =
    parsed.kind === 'request' ? parsed.request : parsed.recipient;
  expect(recipient.id).toBe(expected.id);
  expect(recipient.key).toBe(expected.key);
  expect(encodeBase64url(recipient.hash)).toBe(expected.hash);
  if (parsed.kind === 'request') {
    expect(parsed.request.want).toEqual(expected.want);
    expect(parsed.request.reason).toBe(expected.reason);
    expect(parsed.request.timeoutMs).toBe(expected.timeout);
  }
});

/** The request of which a vector gives the JSON. */
function requestOf(vector: ISealVector): IRequest {
  const { id, key, want } = JSON.parse(vector.request);
  return {
    id,
    key,
    want,
    idBytes: decodeBase64url(id),
    keyBytes: decodeBase64url(key),
    hash: sha256(utf8Encode(vector.request))
  };
}

function bodyOf({ body }: ISealVector): ReplyBody {
  return body.repeat === undefined
    ? body
    : { status: 'granted', values: [body.repeat.repeat(body.times!)] };
}

test.each(named(VECTORS.seal))('seal: %s', async (_, vector) => {
  const sealing = sealReply(
    requestOf(vector),
    bodyOf(vector),
    keyFromSecret(hex(vector.pageSecretHex)),
    hex(vector.nonceHex)
  );
  if (vector.error) {
    await expect(sealing).rejects.toThrow(
      vector.error === 'key' ? 'low order' : 'longer than 1 MiB'
    );
    return;
  }
  const reply = await sealing;
  if (vector.reply !== undefined) {
    expect(reply).toBe(vector.reply);
  } else {
    expect(reply.length).toBe(vector.replyLength);
    expect(Buffer.from(sha256(utf8Encode(reply))).toString('hex')).toBe(
      vector.replySha256
    );
  }
});
