/** A Secret shows itself to nobody who does not ask for a string. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format, inspect } from 'node:util';
import { Secret } from '../src/index.js';

const secret = new Secret('hunter2');
const MASK = "Secret('••••••••••••')";

test('is masked wherever a value is shown', () => {
  for (const shown of [
    inspect(secret),
    inspect([secret]),
    inspect({ a: { b: secret } }, { showHidden: true }),
    inspect(new Map([['a', secret]])),
    format('%o', secret),
    secret[Symbol.for('Jupyter.display')]()['text/plain'],
    globalThis.Deno?.inspect([secret]) ?? MASK
  ]) {
    assert.ok(shown.includes(MASK), shown);
    assert.ok(!shown.includes('hunter2'));
  }
});

test('has no property that holds it', () => {
  assert.deepEqual(Reflect.ownKeys(secret), []);
  assert.deepEqual({ ...secret }, {});
  assert.deepEqual(structuredClone(secret), {});
});

test('is its value for everything that makes a string of it', () => {
  assert.equal(`${secret}`, 'hunter2');
  assert.equal('Bearer ' + secret, 'Bearer hunter2');
  assert.equal(String(secret), 'hunter2');
  assert.equal(secret.reveal(), 'hunter2');
  assert.equal(new Headers({ token: secret }).get('token'), 'hunter2');
  assert.equal(new URLSearchParams({ token: secret }).get('token'), 'hunter2');
  assert.equal(Buffer.from(secret).toString(), 'hunter2');
});

test('is not written to JSON', () => {
  assert.throws(
    () => JSON.stringify({ secret }),
    error => {
      assert.match(error.message, /secret\.reveal\(\)/);
      assert.doesNotMatch(error.stack, /hunter2/);
      return true;
    }
  );
});
