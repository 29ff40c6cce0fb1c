import { utf8Decode } from '../crypto/bytes';
import { AskingKernel } from '../testing/asking-kernel';
import { CheapDerivation } from '../testing/custodian';
import { draft } from '../testing/page';
import { Custodian } from './custodian';
import type { IOffer, IPin } from './protocol';

const PASSPHRASE = 'correct horse';
const NEXT = 'battery staple';
const MINUTE = 60_000;

const events = { locked: jest.fn(), deadline: jest.fn() };
let derivation: CheapDerivation;
let custodian: Custodian;
let ops: Custodian['operations'];
let recoveryCode: string;
let version: number;

beforeEach(async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
  Object.values(events).forEach(event => event.mockReset());
  version = 0;
  derivation = new CheapDerivation();
  custodian = new Custodian(derivation, events);
  ops = custodian.operations;
  const made = await ops.create({ passphrase: PASSPHRASE, suite: 'nacl' });
  ({ recoveryCode } = made);
  await store(made);
  await ops.confirm({ etag: etag() });
});
afterEach(async () => {
  await ops.lock({});
  jest.useRealTimers();
});

/** The file that is stored. */
let file: ArrayBuffer;
let pin: IPin;
const etag = () => `"${version}"`;

async function store(offer: IOffer): Promise<void> {
  file = await new Blob([offer.file]).arrayBuffer();
  ({ pin } = offer);
  version++;
}

/** What a save does if all goes well. */
async function save(of = ops): Promise<void> {
  const offer = await of.save({});
  if (offer.file) {
    await store(offer);
    await of.saved({ etag: etag() });
  }
}

const put = (name: string, value = `value of ${name}`, of = ops) =>
  of.put({ draft: draft(name, value) });

async function unlock(passphrase = PASSPHRASE) {
  await ops.load({ file, etag: etag() });
  return ops.unlock({ secret: { passphrase } });
}

const names = async () =>
  (await ops.list({})).entries.map(({ name }) => name).sort();

it('knows by its new path what a notebook was given', async () => {
  await put('db');
  const ask = async (name: string, path: string) => {
    const kernel = new AskingKernel([{ name }]);
    const { prompt } = kernel;
    const args = { prompt, connection: 'c', path, granted: [] };
    const outcome = await ops.receive(args);
    return { kernel, handle: (outcome as any).request.handle as number };
  };
  const { handle } = await ask('db', 'x/a.ipynb');
  await ops.grant({ handle, scope: 'once' });
  await ops.movePath({ from: 'x', to: 'y' });
  const slip = await ask('dv', 'y/a.ipynb');
  const refused = await ops.refuse({
    handle: slip.handle,
    status: 'not-found'
  });
  expect(slip.kernel.open(refused).suggest).toEqual(['db']);
});

it('lists entries as people sort them', async () => {
  for (const name of ['db-10', 'éclair', 'db-9', 'API']) {
    await put(name);
  }
  const { entries } = await ops.list({});
  expect(entries.map(({ name }) => name)).toEqual([
    'API',
    'db-9',
    'db-10',
    'éclair'
  ]);
});

/** Another page's custodian, unlocked. */
async function other(passphrase = PASSPHRASE): Promise<typeof ops> {
  const { operations } = new Custodian(new CheapDerivation(), {
    locked: () => undefined,
    deadline: () => undefined
  });
  await operations.load({ file, etag: etag() });
  await operations.unlock({ secret: { passphrase } });
  return operations;
}

describe('entries', () => {
  it('are listed without a value, and revealed one by one', async () => {
    const { id } = await ops.put({
      draft: {
        ...draft('db', 'open sesame'),
        fields: [
          { name: 'host', type: 'text', value: 'db.example.org' },
          { name: 'value', type: 'hidden', value: 'open sesame' }
        ]
      }
    });
    const listed = await ops.list({});
    expect(JSON.stringify(listed)).not.toMatch(/open sesame|db\.example/);
    const detail = await ops.detail({ id });
    expect(JSON.stringify(detail)).not.toContain('open sesame');
    expect(detail.texts).toEqual(['db.example.org', null]);
    expect(await ops.reveal({ id, field: 1 })).toBe('open sesame');
    expect(() => ops.reveal({ id, field: 2 })).toThrow('no-entry');
    expect(() => ops.reveal({ id: 'none', field: 0 })).toThrow('no-entry');
  });

  it('show no hidden value by making it a text', async () => {
    const { id } = await put('db', 'open sesame');
    const { rev } = (await ops.summary({ id }))!;
    const field = { from: 0, name: 'value', type: 'text' as const };
    const as = (value?: string) => ({
      ...draft('db', ''),
      id,
      rev,
      fields: [{ ...field, ...(value !== undefined && { value }) }]
    });
    expect(() => ops.put({ draft: as() })).toThrow('hidden.0');
    expect((await ops.detail({ id })).texts[0]).toBeNull();
    await ops.put({ draft: as('typed anew') });
    expect((await ops.detail({ id })).texts[0]).toBe('typed anew');
  });

  it('of a version that is gone are neither changed nor removed', async () => {
    const { id } = await put('db', 'one');
    const before = (await ops.summary({ id }))!;
    await ops.put({
      draft: { ...draft('db', 'two'), id, rev: before.rev }
    });
    const { version: old } = before;
    expect(() => ops.remove({ id, version: old })).toThrow('stale');
    const now = (await ops.summary({ id }))!;
    expect(() =>
      ops.put({
        draft: { ...draft('db', 'x'), id, rev: now.rev, version: old }
      })
    ).toThrow('stale');
    await ops.remove({ id, version: now.version });
    expect(await ops.summary({ id })).toBeNull();
    await ops.restore({ id });
    expect(await ops.reveal({ id, field: 0 })).toBe('two');
  });
});

describe('a lock', () => {
  it('leaves no operation that gives anything', async () => {
    const { id } = await put('db');
    await ops.lock({});
    const calls: (() => unknown)[] = [
      () => ops.list({}),
      () => ops.summary({ id }),
      () => ops.grants({}),
      () => ops.detail({ id }),
      () => ops.reveal({ id, field: 0 }),
      () => put('x'),
      () => ops.duplicate({ id }),
      () => ops.remove({ id }),
      () => ops.restore({ id }),
      () => ops.allowAlways({ path: '', entries: [id] }),
      () => ops.revoke({ path: '', entry: id }),
      () => ops.movePath({ from: 'a', to: 'b' }),
      () => ops.unstash({}),
      () => ops.stash({ draft: draft('x', 'y') }),
      () => ops.merge({ file, etag: etag(), seen: null })
    ];
    for (const call of calls) {
      expect(call).toThrow('locked');
    }
    await expect(
      ops.changePassphrase({ current: { passphrase: PASSPHRASE }, next: NEXT })
    ).rejects.toThrow('locked');
  });

  it('by the clock strikes before the first use after a sleep', async () => {
    const { id } = await put('db');
    jest.setSystemTime(Date.now() + 16 * MINUTE);
    expect(() => ops.reveal({ id, field: 0 })).toThrow('locked');
    expect(events.locked).toHaveBeenCalledTimes(1);
  });

  it('by the clock strikes before a request is answered', async () => {
    await put('db');
    jest.setSystemTime(Date.now() + 16 * MINUTE);
    await ops.receive({
      prompt: 'x',
      connection: '',
      path: '',
      granted: []
    });
    await ops.save({});
    expect(events.locked).toHaveBeenCalledTimes(1);
  });

  it('is told its time', async () => {
    await ops.setAutoLock({ autoLockMs: MINUTE });
    await jest.advanceTimersByTimeAsync(59_000);
    await ops.touch({});
    await jest.advanceTimersByTimeAsync(59_000);
    expect(events.locked).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(2000);
    expect(events.locked).toHaveBeenCalledTimes(1);
  });

  it('hands out what is unsaved, sealed', async () => {
    await save();
    await put('my database', 'open sesame');
    await ops.lock({});
    const offer = await ops.save({});
    expect(offer).toMatchObject({ etag: etag() });
    const text = utf8Decode(
      new Uint8Array(await new Blob([offer.file!]).arrayBuffer())
    );
    expect(text).not.toMatch(/my database|open sesame/);
    await store(offer as IOffer);
    await ops.saved({ etag: etag() });
    expect(await ops.save({})).toEqual({ file: null });
    await unlock();
    expect(await names()).toEqual(['my database']);
    expect(await ops.save({})).toEqual({ file: null });
  });

  it.each([1, 2])(
    'in the middle of save %d loses nothing, and stores nothing twice',
    async nth => {
      await put('first');
      if (nth === 2) {
        await save();
        await put('second');
      }
      const saving = ops.save({});
      await put('late');
      await ops.lock({});
      const offer = (await saving) as IOffer;
      expect(offer).toMatchObject({ etag: etag() });
      await store(offer);
      await ops.saved({ etag: etag() });
      expect(await ops.save({})).toEqual({ file: null });
      await unlock();
      expect(await names()).toEqual(
        nth === 2 ? ['first', 'late', 'second'] : ['first', 'late']
      );
      expect(await ops.save({})).toEqual({ file: null });
    }
  );

  it('in the middle of a save, and an unlock, keep the changes', async () => {
    await put('db');
    const saving = ops.save({});
    await ops.lock({});
    await unlock();
    await saving;
    await save();
    await ops.lock({});
    await unlock();
    expect(await names()).toEqual(['db']);
  });

  it('hands out nothing where all is stored', async () => {
    await put('db');
    await save();
    await ops.lock({});
    expect(await ops.save({})).toEqual({ file: null });
  });
});

describe('an unlock', () => {
  it('needs a file, and each file once', async () => {
    await ops.lock({});
    const secret = { passphrase: PASSPHRASE };
    await expect(ops.unlock({ secret })).rejects.toThrow('no-file');
    await unlock();
    await ops.lock({});
    // What was read before may not be what is there now.
    await expect(ops.unlock({ secret })).rejects.toThrow('no-file');
  });

  it('can be done with the recovery code', async () => {
    await ops.lock({});
    await ops.load({ file, etag: etag() });
    await expect(
      ops.unlock({ secret: { recoveryCode: 'AAAA' } })
    ).rejects.toThrow('mistyped-code');
    const { hasRecovery } = await ops.unlock({ secret: { recoveryCode } });
    expect(hasRecovery).toBe(true);
  });

  it('is stopped by a cancel, and by a lock', async () => {
    for (const stop of ['cancel', 'lock'] as const) {
      await ops.lock({});
      derivation.gate = new Promise(() => undefined);
      const unlocking = unlock();
      await jest.advanceTimersByTimeAsync(0);
      await ops[stop]({});
      await expect(unlocking).rejects.toThrow('cancelled');
      expect(() => ops.list({})).toThrow('locked');
    }
  });

  it('that a lock overtakes opens nothing, even if the derivation goes on', async () => {
    await ops.lock({});
    derivation.cancel.mockImplementation(() => undefined);
    let open!: () => void;
    derivation.gate = new Promise(resolve => (open = resolve));
    const unlocking = unlock();
    await jest.advanceTimersByTimeAsync(0);
    await ops.lock({});
    open();
    await expect(unlocking).rejects.toThrow('cancelled');
    expect(() => ops.list({})).toThrow('locked');
  });

  it('of an open store leaves it as it is', async () => {
    await put('db');
    await unlock();
    expect(await names()).toEqual(['db']);
  });
});

describe('a file', () => {
  it.each([
    ['', { kind: 'foreign', hint: 'empty' }],
    ['[]', { kind: 'foreign' }],
    ['{"credentialstore":2,"x":1}', { kind: 'newer' }],
    ['{"credentialstore":1}', { kind: 'damaged' }]
  ])('that reads %p is told for what it is', async (text, finding) => {
    const bytes = new TextEncoder().encode(text).buffer;
    expect(await ops.load({ file: bytes, etag: '' })).toMatchObject(finding);
  });

  it('is told before it is opened', async () => {
    expect(await ops.load({ file, etag: etag() })).toEqual({
      kind: 'ours',
      pin,
      suite: 'nacl'
    });
  });

  it('that is no store takes the place of none in the merge', async () => {
    await put('db');
    const bytes = new TextEncoder().encode('notes').buffer;
    expect(() => ops.merge({ file: bytes, etag: '', seen: null })).toThrow();
    expect(await names()).toEqual(['db']);
  });

  it('older than the one seen is not merged', async () => {
    await put('db');
    await save();
    const old = { file, etag: etag() };
    const { id } = await put('api');
    await save();
    expect(() => ops.merge({ ...old, seen: pin })).toThrow('rolled-back');
    expect(await ops.reveal({ id, field: 0 })).toBe('value of api');
  });

  it('of another store is not merged', async () => {
    const stranger = new Custodian(new CheapDerivation(), events);
    const made = await stranger.operations.create({
      passphrase: PASSPHRASE,
      suite: 'aes'
    });
    const theirs = await new Blob([made.file]).arrayBuffer();
    expect(() => ops.merge({ file: theirs, etag: '', seen: pin })).toThrow(
      'other-vault'
    );
  });

  it('that was altered is not merged', async () => {
    await put('db');
    await save();
    const text = utf8Decode(new Uint8Array(file));
    const at = text.indexOf('"index":"') + 60;
    const altered =
      text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
    const bytes = new TextEncoder().encode(altered).buffer;
    expect(() => ops.merge({ file: bytes, etag: '', seen: null })).toThrow(
      'altered'
    );
  });
});

describe('a creation', () => {
  let fresh: Custodian;
  beforeEach(() => {
    fresh = new Custodian(new CheapDerivation(), events);
  });
  const create = (passphrase = PASSPHRASE) =>
    fresh.operations.create({ passphrase, suite: 'aes' });

  it('opens nothing before it is confirmed', async () => {
    const made = await create();
    expect(made.etag).toBeNull();
    expect(() => fresh.operations.list({})).toThrow('locked');
    const { suite } = await fresh.operations.confirm({ etag: '"1"' });
    expect(suite).toBe('aes');
    await fresh.operations.lock({});
  });

  it('is forgotten when it is abandoned, and by a lock', async () => {
    for (const end of ['abandon', 'lock'] as const) {
      await create();
      await fresh.operations[end]({});
      expect(() => fresh.operations.confirm({ etag: '' })).toThrow('no-file');
    }
  });

  it('needs a passphrase that is long enough', async () => {
    await expect(create('short')).rejects.toThrow('passphrase-length');
  });
});

describe('a new passphrase', () => {
  const current = { passphrase: PASSPHRASE };
  const change = () => ops.changePassphrase({ current, next: NEXT });

  it('holds from when it is stored', async () => {
    await put('db');
    const made = await change();
    expect(made.etag).toBe(etag());
    expect(made.pin.generation).toBe(2);
    await store(made);
    await ops.rekeyed({ etag: etag() });
    expect(await ops.save({})).toEqual({ file: null });
    await put('api');
    await save();
    const reader = await other(NEXT);
    expect((await reader.list({})).entries).toHaveLength(2);
    await reader.lock({});
    await expect(unlock()).rejects.toThrow('wrong-secret');
  });

  it('that is not stored is forgotten', async () => {
    await put('db');
    await change();
    await ops.rekeyed({ etag: null });
    await save();
    const reader = await other();
    expect((await reader.list({})).entries).toHaveLength(1);
    await reader.lock({});
  });

  it('is known by the file, if the reply was lost', async () => {
    await put('db');
    const made = await change();
    await put('api');
    await ops.save({});
    await store(made);
    expect(await ops.merge({ file, etag: etag(), seen: pin })).toMatchObject({
      pin: { generation: 2 }
    });
    await save();
    const reader = await other(NEXT);
    expect((await reader.list({})).entries).toHaveLength(2);
    await reader.lock({});
  });

  it('keeps what is half-typed', async () => {
    await ops.stash({ draft: draft('half', 'typed') });
    await store(await change());
    await ops.rekeyed({ etag: etag() });
    expect(await ops.unstash({})).toMatchObject({ name: 'half' });
  });

  it('is not reported, nor made, if a lock overtakes it', async () => {
    derivation.cancel.mockImplementation(() => undefined);
    let open!: () => void;
    derivation.gate = new Promise(resolve => (open = resolve));
    const changing = change();
    await jest.advanceTimersByTimeAsync(0);
    await ops.lock({});
    open();
    await expect(changing).rejects.toThrow('locked');
  });
});

it('a draft that was sealed under a key that is gone is none', async () => {
  await ops.stash({ draft: draft('half', 'typed') });
  const writer = await other();
  await store(
    await writer.changePassphrase({
      current: { passphrase: PASSPHRASE },
      next: NEXT
    })
  );
  await writer.lock({});
  await ops.lock({});
  await unlock(NEXT);
  expect(await ops.unstash({})).toBeNull();
});
