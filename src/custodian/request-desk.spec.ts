import { AskingKernel, b64u, promptOf } from '../testing/asking-kernel';
import { createVault, draftOf, NOW } from '../testing/vault';
import { VaultError, type Vault } from '../vault';
import type { GrantScope, IRequestView, Refusal } from './protocol';
import { RequestDesk } from './request-desk';

const PATH = 'a.ipynb';

// Values of a megabyte take long to seal where the machine is busy.
jest.setTimeout(30_000);

let vault: Vault;
let isLocked: boolean;
let desk: RequestDesk;

beforeEach(async () => {
  vault = await createVault();
  vault.put(draftOf('db', 'open sesame'), NOW);
  vault.put(
    draftOf('api', 'key', {
      fields: [
        { name: 'user', type: 'text', value: 'me' },
        { name: 'value', type: 'hidden', value: 'key' }
      ]
    }),
    NOW
  );
  isLocked = false;
  desk = new RequestDesk(() => (isLocked ? undefined : vault));
});

const id = (name: string) => vault.lookup(name)!.id;

function receive(
  kernel: AskingKernel | string,
  granted: string[] = [],
  path = PATH,
  connection = 'page'
) {
  const prompt = typeof kernel === 'string' ? kernel : kernel.prompt;
  return desk.receive({ prompt, connection, path, granted });
}

async function ask(kernel: AskingKernel, path = PATH): Promise<IRequestView> {
  const outcome = await receive(kernel, [], path);
  if (outcome.kind !== 'ask') {
    throw new Error('not asked');
  }
  return outcome.request;
}

/** The reply that comes without a question, if the kernel may read what is `granted`. */
async function reply(
  kernel: AskingKernel | string,
  granted: string[] = []
): Promise<string> {
  granted.forEach(entry => desk.allow('page', entry));
  const outcome = await receive(kernel, granted);
  if (outcome.kind !== 'reply') {
    throw new Error('asked');
  }
  return outcome.reply;
}

const kernelFor = (...want: (string | { name: string; field?: string })[]) =>
  new AskingKernel(
    want.map(one => (typeof one === 'string' ? { name: one } : one))
  );

describe('a request', () => {
  it('is for the person to decide on', async () => {
    const kernel = new AskingKernel([{ name: 'db' }, { name: 'none' }], {
      reason: 'load',
      timeout: 5000
    });
    const view = await ask(kernel);
    expect(view).toMatchObject({
      want: [
        { name: 'db', entry: id('db'), found: 'ok', always: false },
        { name: 'none', found: 'credential', always: false }
      ],
      reason: 'load',
      timeoutMs: 5000,
      locked: false
    });
    expect(kernel.open(view.closed).status).toBe('closed');
  });

  it('is answered with the values that were allowed', async () => {
    const kernel = kernelFor('db', 'api', { name: 'api', field: 'user' });
    const { handle } = await ask(kernel);
    expect(kernel.open(await desk.grant(handle))).toMatchObject({
      status: 'granted',
      values: ['open sesame', 'key', 'me']
    });
  });

  it('may be for the user name and the URL, by the names of fields', async () => {
    const draft = draftOf('web', 'x', { user: 'ada', url: 'https://w' });
    vault.put(draft, NOW);
    const kernel = kernelFor(
      { name: 'web', field: 'user' },
      { name: 'web', field: 'url' }
    );
    const { handle } = await ask(kernel);
    expect(kernel.open(await desk.grant(handle)).values).toEqual([
      'ada',
      'https://w'
    ]);
  });

  it.each(['user', 'url', 'notes', 'constructor'])(
    'finds no field “%s” where there is none, and nothing to stand for it',
    async field => {
      vault.put(draftOf('web', 'x', { user: '', url: '' }), NOW);
      const { want } = await ask(kernelFor({ name: 'web', field }));
      expect(want[0].found).toBe('field');
    }
  );

  it('that a grant of the kernel covers is answered at once', async () => {
    const first = await ask(kernelFor('db'));
    await desk.grant(first.handle, 'kernel');
    const kernel = kernelFor('db');
    const outcome = await receive(kernel, [id('db')]);
    expect(outcome).toMatchObject({
      kind: 'reply',
      granted: true,
      entries: [id('db')]
    });
    expect(kernel.open((outcome as { reply: string }).reply).values).toEqual([
      'open sesame'
    ]);
  });

  it.each([
    ['was never given', []],
    ['was given once', ['once']],
    ['is of a lock ago', ['kernel', 'lock']],
    ['has ended', ['kernel', 'end']],
    ['the page has forgotten', ['kernel', 'forget']],
    ['is another kernel’s', ['kernel', 'kernel 2']]
  ])('is asked about if the grant of the kernel %s', async (_, steps) => {
    const [scope, after] = steps as [GrantScope, string?];
    const { handle } = await ask(kernelFor('db'));
    if (scope) {
      await desk.grant(handle, scope);
    }
    if (after === 'lock') {
      desk.lock();
    } else if (after === 'end') {
      desk.retain([
        ['page', id('api')],
        ['kernel 2', id('db')]
      ]);
    }
    const outcome = await receive(
      kernelFor('db'),
      after === 'forget' ? [] : [id('db')],
      PATH,
      after === 'kernel 2' ? after : 'page'
    );
    expect(outcome.kind).toBe('ask');
  });

  it('stays covered by what has not ended, and by nothing else', async () => {
    desk.allow('page', id('db'));
    desk.retain([
      ['page', id('db')],
      ['page', id('api')]
    ]);
    const granted = [id('db'), id('api')];
    expect((await receive(kernelFor('db'), granted)).kind).toBe('reply');
    expect((await receive(kernelFor('api'), granted)).kind).toBe('ask');
  });

  it('goes on waiting until what was allowed meanwhile covers it', async () => {
    const kernel = kernelFor('db');
    const { handle } = await ask(kernel);
    const granted = [id('db')];
    expect(await desk.resume(handle, granted)).toMatchObject({
      kind: 'ask',
      request: { handle }
    });
    desk.allow('page', id('db'));
    expect(await desk.resume(handle, [])).toMatchObject({ kind: 'ask' });
    const outcome: any = await desk.resume(handle, granted);
    expect(outcome).toMatchObject({
      kind: 'reply',
      granted: true,
      entries: granted
    });
    expect(kernel.open(outcome.reply).values).toEqual(['open sesame']);
    await expect(desk.resume(handle, granted)).rejects.toThrow('no-handle');
  });

  it('that a grant of the notebook covers is answered at once, there', async () => {
    vault.allowAlways(PATH, id('db'), NOW);
    expect((await receive(kernelFor('db'))).kind).toBe('reply');
    expect((await receive(kernelFor('db'), [], 'b.ipynb')).kind).toBe('ask');
  });

  it('is asked about if a grant covers a part of it', async () => {
    vault.allowAlways(PATH, id('db'), NOW);
    const { want } = await ask(kernelFor('db', 'api'));
    expect(want.map(({ always }) => always)).toEqual([true, false]);
  });

  it('is not answered by a grant for a field that is not there', async () => {
    vault.allowAlways(PATH, id('db'), NOW);
    const view = await ask(kernelFor({ name: 'db', field: 'none' }));
    expect(view.want[0]).toMatchObject({ found: 'field', always: true });
  });

  it('is not answered by a grant for an entry that is gone', async () => {
    vault.allowAlways(PATH, id('db'), NOW);
    const granted = [id('db')];
    vault.remove(id('db'), NOW);
    expect((await receive(kernelFor('db'), granted)).kind).toBe('ask');
  });

  it('while locked tells nothing of what there is', async () => {
    isLocked = true;
    const kernel = kernelFor('db');
    const view = await ask(kernel);
    expect(view).toMatchObject({
      want: [{ name: 'db', found: 'unknown', always: false }],
      locked: true
    });
    expect(view.want[0].entry).toBeUndefined();
    await expect(desk.grant(view.handle)).rejects.toMatchObject({
      code: 'locked'
    });
    isLocked = false;
    expect(desk.review(view.handle)).toMatchObject({
      want: [{ found: 'ok' }],
      locked: false
    });
    expect(kernel.open(await desk.grant(view.handle)).status).toBe('granted');
  });

  it('notes when a grant was used', async () => {
    vault.allowAlways(PATH, id('db'), NOW);
    const before = vault.grants[0].used;
    await receive(kernelFor('db'));
    expect(vault.grants[0].used).toBeGreaterThan(before);
  });
});

describe('the field that is meant', () => {
  it.each([
    [{ name: 'api' }, 'ok'],
    [{ name: 'api', field: 'user' }, 'ok'],
    [{ name: 'api', field: 'none' }, 'field'],
    [{ name: 'db', field: 'none' }, 'field'],
    [{ name: 'two' }, 'field'],
    [{ name: 'one' }, 'ok']
  ])('of %p: %s', async (want, found) => {
    const field = (name: string) => ({
      name,
      type: 'text' as const,
      value: name
    });
    vault.put(draftOf('two', '', { fields: [field('a'), field('b')] }), NOW);
    vault.put(draftOf('one', '', { fields: [field('only')] }), NOW);
    const view = await ask(kernelFor(want));
    expect(view.want[0].found).toBe(found);
  });
});

describe('a refusal', () => {
  it.each<Refusal>([
    'denied',
    'blocked',
    'busy',
    'locked',
    'no-store',
    'timeout',
    'closed'
  ])('reads %s, and is as long as a value', async status => {
    const [denied, granted] = [kernelFor('db'), kernelFor('db')];
    const { handle } = await ask(denied);
    const refused = await desk.refuse(handle, status);
    expect(denied.open(refused)).toMatchObject({ status });
    const view = await ask(granted);
    expect(refused).toHaveLength((await desk.grant(view.handle)).length);
    expect(view.closed).toHaveLength(refused.length);
  });

  it('for want of a credential names only what is alike and the notebook had before', async () => {
    vault.allowAlways(PATH, id('db'), NOW);
    vault.allowAlways(PATH, id('api'), NOW);
    vault.put(draftOf('dx', 'x'), NOW);
    vault.allowAlways('b.ipynb', id('dx'), NOW);
    const kernel = kernelFor('api', 'dv');
    const { handle } = await ask(kernel);
    expect(kernel.open(await desk.refuse(handle, 'not-found'))).toMatchObject({
      status: 'not-found',
      what: 'credential',
      missing: [1],
      suggest: ['db']
    });
  });

  describe('for want of a credential names, of what a person has given since the unlock,', () => {
    const suggested = async (path = PATH) => {
      const kernel = kernelFor('dv');
      const { handle } = await ask(kernel, path);
      return kernel.open(await desk.refuse(handle, 'not-found')).suggest;
    };
    const give = async (scope: GrantScope, path = PATH) => {
      const { handle } = await ask(kernelFor('db'), path);
      await desk.grant(handle, scope);
    };

    it.each(['once', 'kernel'] as const)('what it gave “%s”', async scope => {
      await give(scope);
      expect(await suggested()).toEqual(['db']);
    });

    it('nothing that another notebook was given, or that is not alike', async () => {
      await give('once', 'b.ipynb');
      const { handle } = await ask(kernelFor('api'));
      await desk.grant(handle);
      expect(await suggested()).toBeUndefined();
    });

    it('each name once', async () => {
      await give('once');
      vault.allowAlways(PATH, id('db'), NOW);
      expect(await suggested()).toEqual(['db']);
    });

    it('nothing that was asked for, and refused', async () => {
      const { handle } = await ask(kernelFor('db'));
      await desk.refuse(handle, 'denied');
      expect(await suggested()).toBeUndefined();
    });

    it('nothing of before a lock', async () => {
      await give('once');
      desk.lock();
      expect(await suggested()).toBeUndefined();
    });

    it('what the notebook was given under another name, or in another folder', async () => {
      await give('once', 'x/a.ipynb');
      desk.movePath('x', 'y');
      expect(await suggested('x/a.ipynb')).toBeUndefined();
      expect(await suggested('y/a.ipynb')).toEqual(['db']);
    });
  });

  it('for want of a credential suggests nothing to a new notebook', async () => {
    const kernel = kernelFor('dv');
    const { handle } = await ask(kernel);
    const opened = kernel.open(await desk.refuse(handle, 'not-found'));
    expect(opened).not.toHaveProperty('suggest');
  });

  it('for want of a field names the fields of what the notebook was given before', async () => {
    const refused = async () => {
      const kernel = kernelFor('db', { name: 'api', field: 'pin' });
      const { handle } = await ask(kernel);
      return kernel.open(await desk.refuse(handle, 'not-found'));
    };
    expect(await refused()).not.toHaveProperty('suggest');
    const { handle } = await ask(kernelFor('api'));
    await desk.grant(handle);
    expect(await refused()).toMatchObject({
      status: 'not-found',
      what: 'field',
      missing: [1],
      suggest: ['user', 'value']
    });
  });

  it('is “locked” if nobody can know any more what is there', async () => {
    const kernel = kernelFor('dv');
    const { handle } = await ask(kernel);
    isLocked = true;
    expect(kernel.open(await desk.refuse(handle, 'not-found')).status).toBe(
      'locked'
    );
  });

  it('is “denied” if what was missing has come', async () => {
    const kernel = kernelFor('dv');
    const { handle } = await ask(kernel);
    vault.put(draftOf('dv'), NOW);
    expect(kernel.open(await desk.refuse(handle, 'not-found')).status).toBe(
      'denied'
    );
  });
});

describe('a request is answered once:', () => {
  it('a repeated one gets the same reply, without a question', async () => {
    for (const finish of [
      (handle: number) => desk.grant(handle),
      (handle: number) => desk.refuse(handle, 'denied')
    ]) {
      const kernel = kernelFor('db');
      const { handle } = await ask(kernel);
      const first = await finish(handle);
      expect(await reply(kernel)).toBe(first);
      expect(await reply(kernel, [id('db')])).toBe(first);
    }
  });

  it('also one that was answered at once', async () => {
    const kernel = kernelFor('db');
    const first = await reply(kernel, [id('db')]);
    expect(await reply(kernel)).toBe(first);
  });

  it('a repeated one waits for the answer to the first', async () => {
    const kernel = kernelFor('db');
    const { handle } = await ask(kernel);
    const second = reply(kernel);
    expect(await desk.grant(handle)).toBe(await second);
  });

  it('of two at the same time, one is asked about', async () => {
    const kernel = kernelFor('db');
    const [first, second] = [receive(kernel), receive(kernel)];
    const outcome = await first;
    expect(outcome.kind).toBe('ask');
    const { handle } = (outcome as { request: IRequestView }).request;
    const answer = await desk.refuse(handle, 'denied');
    expect(await second).toEqual({
      kind: 'reply',
      reply: answer,
      granted: false
    });
  });

  it('of two that are covered, both get one reply', async () => {
    const kernel = kernelFor('db');
    const granted = [id('db')];
    const replies = await Promise.all([
      reply(kernel, granted),
      reply(kernel, granted)
    ]);
    expect(replies[0]).toBe(replies[1]);
  });

  it('of a click and a time-out at once, one counts', async () => {
    const kernel = kernelFor('db');
    const { handle } = await ask(kernel);
    const refused = desk.refuse(handle, 'timeout');
    await expect(desk.grant(handle)).rejects.toMatchObject({
      code: 'no-handle'
    });
    await expect(desk.refuse(handle, 'denied')).rejects.toMatchObject({
      code: 'no-handle'
    });
    expect(await reply(kernel)).toBe(await refused);
    expect(() => desk.review(handle)).toThrow('no-handle');
  });

  it('one that repeats an id with other bytes is invalid', async () => {
    const kernel = kernelFor('db');
    const { handle } = await ask(kernel);
    const other = new AskingKernel([{ name: 'api' }], { id: kernel.id });
    const opened = Object.assign(other, { id: kernel.id }).open(
      await reply(other, [id('api')])
    );
    expect(opened).toMatchObject({ status: 'invalid' });
    expect(kernel.open(await desk.grant(handle)).status).toBe('granted');
  });

  it('the same id of another connection is another request', async () => {
    const kernel = kernelFor('db');
    const { handle } = await ask(kernel);
    await desk.refuse(handle, 'denied');
    expect((await receive(kernel, [], PATH, 'other')).kind).toBe('ask');
  });

  it('an invalid one, too', async () => {
    const kernel = new AskingKernel([]);
    const first = await reply(kernel);
    expect(kernel.open(first).status).toBe('invalid');
    expect(await reply(kernel)).toBe(first);
  });

  it('among many, those that wait are not forgotten', async () => {
    const kernel = kernelFor('db');
    const { handle } = await ask(kernel);
    for (let i = 0; i < 80; i++) {
      await reply(kernelFor('db'), [id('db')]);
    }
    const second = reply(kernel);
    expect(await desk.refuse(handle, 'denied')).toBe(await second);
  });

  it('among many, the oldest answers are', async () => {
    const kernel = kernelFor('db');
    await desk.refuse((await ask(kernel)).handle, 'denied');
    for (let i = 0; i < 63; i++) {
      await reply(kernelFor('db'), [id('db')]);
    }
    expect((await receive(kernel)).kind).toBe('reply');
    await reply(kernelFor('db'), [id('db')]);
    expect((await receive(kernel)).kind).toBe('ask');
  });
});

describe('over a lock', () => {
  const lock = () => {
    isLocked = true;
    desk.lock();
  };

  it('a reply with values is not given again without a question', async () => {
    const [asked, covered] = [kernelFor('db'), kernelFor('db')];
    await desk.grant((await ask(asked)).handle);
    await reply(covered, [id('db')]);
    lock();
    expect((await receive(asked)).kind).toBe('ask');
    expect((await receive(covered, [id('db')])).kind).toBe('ask');
  });

  it('nor is one that was being sealed when the lock struck', async () => {
    const kernel = kernelFor('db');
    const { handle } = await ask(kernel);
    const granting = desk.grant(handle);
    lock();
    await granting;
    expect((await receive(kernel)).kind).toBe('ask');
  });

  it('a refusal stays a refusal', async () => {
    const kernel = kernelFor('db');
    const refused = await desk.refuse((await ask(kernel)).handle, 'denied');
    lock();
    isLocked = false;
    expect(await reply(kernel, [id('db')])).toBe(refused);
  });

  it('one that waits goes on waiting, and is the same still', async () => {
    const kernel = kernelFor('db');
    const { handle } = await ask(kernel);
    lock();
    isLocked = false;
    const second = reply(kernel);
    expect(kernel.open(await desk.grant(handle)).status).toBe('granted');
    expect(kernel.open(await second).values).toEqual(['open sesame']);
  });
});

describe('what cannot be sealed', () => {
  const PLAIN = 'credentialstore-error/1';
  const LOW_ORDER = [
    new Uint8Array(32),
    Uint8Array.of(1, ...new Uint8Array(31)),
    new Uint8Array(
      Buffer.from(
        'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
        'hex'
      )
    )
  ].map(b64u);

  it.each(LOW_ORDER)('is answered in plain text: key %s', async key => {
    const kernel = new AskingKernel([{ name: 'db' }], { key });
    expect(await reply(kernel, [id('db')])).toBe(PLAIN);
    expect(await reply(kernel)).toBe(PLAIN);
    expect(await reply(new AskingKernel([{ name: 'db' }], { key }))).toBe(
      PLAIN
    );
    expect(await reply(new AskingKernel([], { key }))).toBe(PLAIN);
    // Of an id that was seen with another key.
    const known = kernelFor('db');
    await ask(known);
    expect(
      await reply(new AskingKernel([{ name: 'db' }], { key, id: known.id }))
    ).toBe(PLAIN);
  });

  it('is answered in plain text: no request at all', async () => {
    expect(await reply(promptOf('{}'))).toBe(PLAIN);
    expect(await reply('Password: ')).toBe(PLAIN);
  });

  it('is denied: too long, and nobody to ask', async () => {
    for (const name of ['x', 'y']) {
      vault.put(draftOf(name, name.repeat(600_000)), NOW);
    }
    const kernel = kernelFor('x', 'y');
    const granted = [id('x'), id('y')];
    granted.forEach(entry => desk.allow('page', entry));
    const outcome = await receive(kernel, granted);
    expect(outcome).toMatchObject({ kind: 'reply', granted: false });
    const { reply: text } = outcome as { reply: string };
    expect(kernel.open(text).status).toBe('denied');
  });

  it('can still be refused: too long', async () => {
    for (const name of ['x', 'y']) {
      vault.put(draftOf(name, name.repeat(600_000)), NOW);
    }
    const kernel = kernelFor('x', 'y');
    const { handle } = await ask(kernel);
    await expect(desk.grant(handle)).rejects.toThrow('longer than 1 MiB');
    const refused = await desk.refuse(handle, 'denied');
    expect(kernel.open(refused).status).toBe('denied');
    desk.lock();
    expect(await reply(kernel)).toBe(refused);
  });

  it('is told as an unusable store: an entry that was altered', async () => {
    const granted = [id('db')];
    jest.spyOn(vault, 'read').mockImplementation(() => {
      throw new VaultError('altered', 'entry');
    });
    const kernel = kernelFor('db');
    expect(kernel.open(await reply(kernel, granted)).status).toBe('no-store');
  });

  it('for a reason that nobody knows may be tried again', async () => {
    const kernel = kernelFor('db');
    const granted = [id('db')];
    desk.allow('page', id('db'));
    jest.spyOn(vault, 'read').mockImplementationOnce(() => {
      throw new Error();
    });
    const first = receive(kernel, granted);
    const second = receive(kernel, granted);
    await expect(first).rejects.toThrow();
    await expect(second).rejects.toThrow();
    expect(kernel.open(await reply(kernel, granted)).status).toBe('granted');
  });
});

it('no key pair seals two replies', async () => {
  const pages = new Set<string>();
  for (let i = 0; i < 5; i++) {
    const sealed = Buffer.from(
      await reply(kernelFor('db'), [id('db')]),
      'base64url'
    );
    pages.add(sealed.subarray(17, 49).toString('hex'));
  }
  expect(pages.size).toBe(5);
});
