/** The kernel's side gives the answers of spec/vectors/exchange.json. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decode, encode } from '../src/base64url.js';
import { CredentialError } from '../src/errors.js';
import * as errors from '../src/errors.js';
import { NotAReply, Request, StaleReply } from '../src/protocol.js';
import { refusal } from '../src/refusals.js';
import { asked } from './page.js';

const FILE = new URL('../../../spec/vectors/exchange.json', import.meta.url);
const VECTORS = JSON.parse(readFileSync(FILE, 'utf8'));

const hex = text => new Uint8Array(Buffer.from(text, 'hex'));

function request(vector) {
  const { id, want } = JSON.parse(vector.request);
  const known = { secretKey: hex(vector.kernelSecretHex), id: decode(id) };
  const result = new Request(want, {}, known);
  assert.equal(result.json, vector.request);
  return { result, want };
}

/** What the vectors call it, and what was read. */
async function outcome(vector) {
  const { result, want } = request(vector);
  try {
    const reply = await result.open(vector.reply);
    const granted = reply.status === 'granted';
    return [granted ? 'granted' : refusal(reply, want).name, reply];
  } catch (error) {
    if (error instanceof NotAReply) {
      return ['NoFrontend'];
    }
    if (error instanceof StaleReply) {
      return ['ask-again'];
    }
    assert.ok(error instanceof CredentialError, error);
    return [error.name];
  }
}

const revealed = reply => reply.values.map(value => value.reveal());

for (const vector of VECTORS.base64url) {
  test(`base64url: ${vector.description}`, () => {
    const data = decode(vector.text);
    if (vector.bytesHex === null) {
      assert.equal(data, undefined);
    } else {
      assert.deepEqual(data, hex(vector.bytesHex));
      assert.equal(encode(data), vector.text);
    }
  });
}

for (const vector of VECTORS.open) {
  test(`open: ${vector.description}`, async () => {
    const [name, reply] = await outcome(vector);
    assert.equal(name, vector.outcome);
    assert.deepEqual(reply && revealed(reply), vector.body?.values);
  });
}

for (const vector of VECTORS.seal.filter(one => one.reply)) {
  test(`what a page seals: ${vector.description}`, async () => {
    const [name, reply] = await outcome(vector);
    assert.equal(name, vector.outcome);
    assert.deepEqual(
      { ...reply, values: revealed(reply) },
      { values: [], missing: [], what: '', suggest: [], ...vector.body }
    );
  });
}

for (const vector of VECTORS.prompts.filter(one => one.outcome === 'request')) {
  test(`the request of a prompt is built alike: ${vector.description}`, () => {
    const { want, reason, timeout } = vector.request;
    const built = asked(new Request(want, { reason, timeout }).prompt);
    assert.deepEqual(
      [built.v, built.want, built.reason, built.timeout],
      [1, want, reason, timeout]
    );
    assert.equal(decode(built.id).length, 16);
    assert.equal(decode(built.key).length, 32);
  });
}

test('every error has a vector', () => {
  const seen = [...VECTORS.seal, ...VECTORS.open].map(one => one.outcome);
  for (const name of Object.keys(errors)) {
    assert.ok(name === 'CredentialError' || seen.includes(name), name);
  }
});
