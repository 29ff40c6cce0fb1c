/** getCredential and getCredentials, with a page that answers through an adapter. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { ADAPTERS } from '../src/adapters/index.js';
import { getCredential, getCredentials, Secret } from '../src/index.js';
import { asked, grant, seal } from './page.js';

let answer;
let prompts;

ADAPTERS.unshift({
  isHere: () => true,
  ask: prompt => {
    prompts.push(prompt);
    return answer(prompt);
  }
});

beforeEach(() => {
  prompts = [];
  answer = prompt => grant(prompt, 'hunter2');
});

test('returns the value', async () => {
  const value = await getCredential('my_secret');
  assert.ok(value instanceof Secret);
  assert.equal(value.reveal(), 'hunter2');
  const { v, id, key, ...rest } = asked(prompts[0]);
  assert.deepEqual(rest, { want: [{ name: 'my_secret' }] });
  assert.equal(v + id.length + key.length, 1 + 22 + 43);
});

test('sends field, reason and timeout', async () => {
  await getCredential('db', { field: 'host', reason: 'why', timeout: 1.5 });
  const { want, reason, timeout } = asked(prompts[0]);
  assert.deepEqual(
    [want, reason, timeout],
    [[{ name: 'db', field: 'host' }], 'why', 1500]
  );
});

test('null leaves an option out', async () => {
  await getCredential('db', { field: null, reason: null, timeout: null });
  assert.deepEqual(asked(prompts[0]).want, [{ name: 'db' }]);
});

for (const args of [
  ['a', 'b', { reason: 'why' }],
  [['a', 'b'], { reason: 'why' }]
]) {
  test(`asks for several at once: ${JSON.stringify(args)}`, async () => {
    answer = prompt => grant(prompt, '1', '2');
    const values = await getCredentials(...args);
    assert.deepEqual(values.map(String), ['1', '2']);
    assert.equal(prompts.length, 1);
    const { want, reason } = asked(prompts[0]);
    assert.deepEqual([want, reason], [[{ name: 'a' }, { name: 'b' }], 'why']);
  });
}

test('sends names as the page compares them', async () => {
  await getCredential('cafe\u0301', { field: 'A\u030a' });
  assert.deepEqual(asked(prompts[0]).want, [
    { name: 'caf\u00e9', field: '\u00c5' }
  ]);
});

const WRONG = [
  [() => getCredential(1), TypeError, 'name must be a string, not Number'],
  [() => getCredential(), TypeError, 'name must be a string, not undefined'],
  [() => getCredential(null), TypeError, 'name must be a string, not null'],
  [() => getCredential('a', 'b'), TypeError, 'as an object, .*, not String'],
  [() => getCredential('a', null), TypeError, 'as an object, .*, not null'],
  [() => getCredential('a', { field: 1 }), TypeError, 'field must be a string'],
  [
    () => getCredential('a', { reason: 1 }),
    TypeError,
    'reason must be a string'
  ],
  [() => getCredential('a', { timeout: '1' }), TypeError, 'number of seconds'],
  [
    () => getCredentials('a', 1),
    TypeError,
    'name must be a string, not Number'
  ],
  [() => getCredential(''), RangeError, 'name is empty'],
  [() => getCredential('a', { field: '' }), RangeError, 'field is empty'],
  [() => getCredential('n'.repeat(257)), RangeError, '257 characters; 256'],
  [
    () => getCredential('a', { reason: 'r'.repeat(501) }),
    RangeError,
    '501 characters; 500'
  ],
  [() => getCredential('\ud83d'), RangeError, 'lone surrogate'],
  [() => getCredential('a', { timeout: 0 }), RangeError, 'between'],
  [() => getCredential('a', { timeout: 86_401 }), RangeError, 'between'],
  [() => getCredential('a', { timeout: NaN }), RangeError, 'between'],
  [() => getCredentials(), RangeError, '1 to 16'],
  [() => getCredentials([]), RangeError, '1 to 16'],
  [() => getCredentials([...'abcdefghijklmnopq']), RangeError, '1 to 16'],
  [() => getCredentials(Array(16).fill('n'.repeat(256))), RangeError, 'Shorten']
];

for (const [call, Kind, words] of WRONG) {
  test(`refuses, before anything is sent: ${words} (${call})`, async () => {
    await assert.rejects(call, error => {
      assert.ok(error instanceof Kind);
      assert.match(error.message, new RegExp(words));
      return true;
    });
    assert.deepEqual(prompts, []);
  });
}

const MISSING = { status: 'not-found', missing: [0], what: 'credential' };
const NO_FIELD = { status: 'not-found', missing: [0], what: 'field' };

const REFUSED = [
  [
    { status: 'denied' },
    'CredentialDenied: You denied this notebook "db". Run the cell again to be asked again.'
  ],
  [
    { status: 'blocked' },
    'CredentialDenied: "db" was denied without asking, as you chose for this kernel. ' +
      'Restart the kernel to be asked again.'
  ],
  [
    { status: 'busy' },
    'CredentialDenied: "db" was denied, since too many requests are waiting. ' +
      'Answer those in the page, then run the cell again.'
  ],
  [
    { status: 'closed' },
    'CredentialDenied: The page was closed before you decided on "db". Run the cell again.'
  ],
  [
    { status: 'locked' },
    'StoreLocked: The credential store is locked, so "db" cannot be read. ' +
      'Run the cell again and enter the passphrase.'
  ],
  [
    { status: 'no-store' },
    'StoreLocked: There is no credential store to read "db" from. ' +
      'Open the key icon in the sidebar to see why, or to create one.'
  ],
  [
    { status: 'timeout' },
    'CredentialTimeout: Nobody decided on "db" in time. ' +
      'Run the cell again, or allow a longer timeout.'
  ],
  [
    { status: 'invalid' },
    'ProtocolError: The page\'s credential store cannot read this request for "db". ' +
      'Update kernel-connector here, or jupyterlab-credential-store there.'
  ],
  [
    MISSING,
    'CredentialNotFound: There is no credential "db". Add it with the key icon in the sidebar.'
  ],
  [
    { ...MISSING, suggest: ['db2', 'a\x1b[0m'] },
    'CredentialNotFound: There is no credential "db". Did you mean "db2" or "a\\u001b[0m"? ' +
      'Add it with the key icon in the sidebar.'
  ],
  [
    { ...NO_FIELD, suggest: ['user', 'value'] },
    'CredentialNotFound: The credential "db" has several fields: "user", "value". ' +
      'Name the one you want: getCredential("db", { field: "user" }).'
  ],
  [
    NO_FIELD,
    'CredentialNotFound: The credential "db" has several fields. ' +
      'Name the one you want: getCredential("db", { field: "its name" }).'
  ]
];

for (const [body, words] of REFUSED) {
  test(`says: ${words}`, async () => {
    answer = prompt => seal(prompt, body);
    await assert.rejects(getCredential('db'), error => {
      assert.equal(String(error), words);
      assert.equal(error.stack, words, 'without frames');
      return true;
    });
  });
}

test('names the field, and the credentials that are missing', async () => {
  answer = prompt => seal(prompt, { ...NO_FIELD, suggest: ['user'] });
  await assert.rejects(getCredential('db', { field: 'x' }), {
    message: 'The credential "db" has no field "x". Its fields are "user".'
  });
  answer = prompt => seal(prompt, { ...MISSING, missing: [2, 0] });
  await assert.rejects(getCredentials('a', 'b', 'c'), {
    message: /no credential "c", "a"\. Add them/
  });
});

test('shows what a terminal would obey', async () => {
  answer = prompt => seal(prompt, { status: 'denied' });
  await assert.rejects(getCredential('a\x1b\u202eb \u{e0041}\n'), error =>
    error.message.includes('"a\\u001b\\u202eb \\U000e0041\\u000a"')
  );
});

for (const typed of [
  '',
  '  ',
  'hunter2',
  'Zm9v'.repeat(400),
  null,
  undefined
]) {
  test(`what a person types is never a value: ${typed}`, async () => {
    answer = () => typed;
    await assert.rejects(getCredential('db'), error => {
      assert.equal(error.name, 'NoFrontend');
      assert.match(error.message, /^Nothing here can hand out "db"/);
      assert.doesNotMatch(error.stack, /hunter2/);
      return true;
    });
    assert.equal(prompts.length, 1);
  });
}

test('what a kernel throws passes untouched, and the next call goes on', async () => {
  const broken = new Error('socket');
  answer = () => {
    throw broken;
  };
  await assert.rejects(getCredential('db'), error => error === broken);
  answer = prompt => grant(prompt, 'x');
  assert.equal(`${await getCredential('db')}`, 'x');
});

test('passes over two leftover replies', async () => {
  let leftover;
  answer = prompt => (leftover = grant(prompt, 'old'));
  await getCredential('other');

  const replies = [leftover, leftover];
  prompts = [];
  answer = prompt => replies.pop() ?? grant(prompt, 'new');
  assert.equal((await getCredential('db')).reveal(), 'new');
  assert.equal(prompts.length, 3);
  assert.equal(new Set(prompts).size, 1, 'the same id and key');

  prompts = [];
  answer = () => leftover;
  await assert.rejects(getCredential('db'), {
    name: 'ProtocolError',
    message: /earlier request/
  });
  assert.equal(prompts.length, 3);
});

test('one exchange at a time, each with a key of its own', async () => {
  let running = 0;
  answer = async prompt => {
    assert.equal(++running, 1);
    await new Promise(resolve => setTimeout(resolve, 5));
    running--;
    return grant(prompt, asked(prompt).want[0].name);
  };
  const values = await Promise.all([...'abc'].map(name => getCredential(name)));
  assert.deepEqual(values.map(String), ['a', 'b', 'c']);
  assert.equal(new Set(prompts.map(prompt => asked(prompt).key)).size, 3);
});

test('without a kernel there is nobody to ask', async () => {
  const fake = ADAPTERS.shift();
  try {
    await assert.rejects(getCredential('db'), { name: 'NoFrontend' });
  } finally {
    ADAPTERS.unshift(fake);
  }
});
