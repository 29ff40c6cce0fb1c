import { CustodianError } from '../custodian/protocol';
import { AskingKernel } from '../testing/asking-kernel';
import { FileServer, type Fault } from '../testing/file-server';
import {
  closePages,
  draft,
  firstPage,
  Page,
  PASSPHRASE,
  secondPage
} from '../testing/page';

let server: FileServer;
let page: Page;

beforeEach(async () => {
  server = new FileServer();
  page = await firstPage(server);
});
afterEach(closePages);

/** What another page finds in the stored file. */
async function stored(): Promise<string[]> {
  return (await secondPage(server)).names;
}

/** The page locks when the answer to an operation is on its way. */
function lockAfter({ custodian, store }: Page, operation: string): void {
  const call = custodian.call.bind(custodian);
  custodian.call = async (op, args) => {
    const answer = await call(op, args);
    if (op === operation) {
      custodian.call = call;
      void store.lock();
    }
    return answer;
  };
}

describe('a first run', () => {
  let fresh: Page;

  beforeEach(async () => {
    fresh = new Page();
    await fresh.store.refresh();
  });

  it('stores nothing before the code was kept', async () => {
    expect(fresh.state).toBe('absent');
    const code = await fresh.store.create(PASSPHRASE, 'nacl');
    expect(code).toMatch(/^(\w{4}-){7}\w{4}$/);
    expect(fresh.server.bytes).toBeNull();
    expect(fresh.state).toBe('absent');
    await fresh.store.confirmCreation();
    expect(fresh.state).toBe('unlocked');
    await expect(fresh.store.confirmCreation()).rejects.toMatchObject({
      code: 'no-file'
    });
    await fresh.store.lock();
    await fresh.store.unlock({ recoveryCode: code });
    expect(fresh.state).toBe('unlocked');
  });

  it.each([
    ['a full disk', 507, 'disk-full'],
    ['a server that is away', 'lost-request', 'unreachable']
  ] as const)('survives %s, and is tried again', async (_, fault, problem) => {
    await fresh.store.create(PASSPHRASE, 'nacl');
    fresh.server.writeFaults = [fault];
    await expect(fresh.store.confirmCreation()).rejects.toMatchObject({
      problem
    });
    expect(fresh.state).toBe('absent');
    await fresh.store.confirmCreation();
    expect(fresh.state).toBe('unlocked');
    await fresh.put('db');
    await fresh.settle();
    expect((await secondPage(fresh.server)).names).toEqual(['db']);
  });

  it('knows its own file when only the reply was lost', async () => {
    await fresh.store.create(PASSPHRASE, 'nacl');
    fresh.server.writeFaults = ['lost-reply'];
    await fresh.store.confirmCreation();
    expect(fresh.state).toBe('unlocked');
    await fresh.put('db');
    await fresh.settle();
    expect(fresh.server.writes.at(-1)!.status).toBe(204);
  });

  it('does not take the place of a store that somebody else has made', async () => {
    const made = await fresh.store.create(PASSPHRASE, 'nacl');
    expect(made).toBeTruthy();
    fresh.server.bytes = server.bytes;
    await expect(fresh.store.confirmCreation()).rejects.toMatchObject({
      problem: 'conflict'
    });
    expect(fresh.server.bytes).toBe(server.bytes);
    // It is kept: if the other goes away, there is room.
    fresh.server.bytes = null;
    await fresh.store.confirmCreation();
    expect(fresh.state).toBe('unlocked');
  });

  it('ends locked, not lost, if a lock came before it was stored', async () => {
    await fresh.store.create(PASSPHRASE, 'nacl');
    await fresh.store.lock();
    await fresh.store.confirmCreation();
    expect(fresh.state).toBe('locked');
    await fresh.unlock();
    expect(fresh.state).toBe('unlocked');
  });

  it('ends locked if a lock overtakes its end', async () => {
    await fresh.store.create(PASSPHRASE, 'nacl');
    lockAfter(fresh, 'confirm');
    await fresh.store.confirmCreation();
    await fresh.settle();
    expect(fresh.state).toBe('locked');
    await fresh.unlock();
    expect(fresh.state).toBe('unlocked');
  });

  it('can be abandoned, also while the key is derived', async () => {
    const { derivation } = fresh.custodian;
    await fresh.store.create(PASSPHRASE, 'nacl');
    fresh.store.abandonCreation();
    await expect(fresh.store.confirmCreation()).rejects.toMatchObject({
      code: 'no-file'
    });
    derivation.gate = new Promise(() => undefined);
    const creating = fresh.store.create(PASSPHRASE, 'nacl');
    await fresh.settle();
    fresh.store.abandonCreation();
    await expect(creating).rejects.toMatchObject({ code: 'cancelled' });
    expect(fresh.server.bytes).toBeNull();
  });

  it('that is abandoned late leaves an open store alone', async () => {
    page.store.abandonCreation();
    await page.put('db');
    expect(page.state).toBe('unlocked');
  });
});

describe('an unlock', () => {
  beforeEach(async () => {
    await page.put('db');
    await page.settle();
    await page.store.lock();
    await page.settle();
  });

  it('lists what is stored', async () => {
    await page.unlock();
    expect(page.names).toEqual(['db']);
    expect(await page.value('db')).toBe('value of db');
  });

  it('with a wrong passphrase leaves all as it was', async () => {
    await expect(page.unlock('wrong wrong')).rejects.toMatchObject({
      code: 'wrong-secret'
    });
    expect(page.state).toBe('locked');
    await page.unlock();
    expect(page.names).toEqual(['db']);
  });

  it('reads the file that is there now', async () => {
    await secondPage(server).then(other => other.put('new'));
    await page.settle();
    await page.unlock();
    expect(page.names).toEqual(['db', 'new']);
  });

  it('by two at once is one, and keeps what was edited in between', async () => {
    let open!: () => void;
    const { derivation } = page.custodian;
    derivation.gate = new Promise(resolve => (open = resolve));
    const [first, second] = [page.unlock(), page.unlock()];
    await page.settle();
    open();
    await first;
    await page.put('api');
    await second;
    await page.settle();
    expect(page.names).toEqual(['api', 'db']);
    expect(await stored()).toEqual(['api', 'db']);
  });

  it('of an open store is done', async () => {
    await page.unlock();
    await page.unlock();
    expect(page.custodian.derivation.derived).toBe(2);
    expect(page.names).toEqual(['db']);
  });

  it('is cancelled by its signal, whatever it is waiting for', async () => {
    const { derivation } = page.custodian;
    const secret = { passphrase: PASSPHRASE };
    await expect(
      page.store.unlock(secret, AbortSignal.abort())
    ).rejects.toMatchObject({ code: 'cancelled' });
    // For the server.
    const early = new AbortController();
    server.onRead = () => new Promise(() => undefined);
    const reading = new Page(server);
    const unlocking = reading.store.unlock(secret, early.signal);
    await page.settle();
    early.abort();
    await expect(unlocking).rejects.toMatchObject({ code: 'cancelled' });
    server.onRead = () => undefined;
    // For the derivation.
    derivation.gate = new Promise(() => undefined);
    const late = new AbortController();
    const deriving = page.store.unlock(secret, late.signal);
    await page.settle();
    late.abort();
    await expect(deriving).rejects.toMatchObject({ code: 'cancelled' });
    expect(page.state).toBe('locked');
  });

  it('does not outlive a lock', async () => {
    const { derivation } = page.custodian;
    derivation.gate = new Promise(() => undefined);
    const deriving = page.unlock();
    await page.settle();
    await page.store.lock();
    await expect(deriving).rejects.toBeInstanceOf(CustodianError);
    derivation.gate = Promise.resolve();
    await page.settle();
    expect(page.state).toBe('locked');
    await expect(page.custodian.call('list', {})).rejects.toMatchObject({
      code: 'locked'
    });
  });

  it('whose answer a lock overtakes shows nothing', async () => {
    lockAfter(page, 'unlock');
    const unlocking = page.unlock();
    await expect(unlocking).rejects.toBeInstanceOf(CustodianError);
    await page.settle();
    expect(page.state).toBe('locked');
    expect(page.store.entries).toEqual([]);
  });

  it('of a file that cannot be read is refused', async () => {
    server.readFaults = [503];
    await expect(page.unlock()).rejects.toMatchObject({ code: 'no-file' });
    expect(page.store.state).toEqual({
      kind: 'unusable',
      problem: { kind: 'unreachable', status: 503 }
    });
    await page.store.refresh();
    await page.unlock();
    expect(page.names).toEqual(['db']);
  });

  it('is not undone by a reading that ends after it', async () => {
    let open!: () => void;
    page.custodian.derivation.gate = new Promise(resolve => (open = resolve));
    const unlocking = page.unlock();
    await page.settle();
    const reading = page.store.refresh();
    open();
    await Promise.all([unlocking, reading]);
    expect(page.state).toBe('unlocked');
  });
});

describe('a lock', () => {
  it('leaves nothing of the index in the page', async () => {
    await page.put('db');
    await page.store.exchange('allowAlways', {
      path: 'a.ipynb',
      entries: [page.id('db')]
    });
    expect(page.store.grants).toHaveLength(1);
    await page.store.lock();
    expect(page.store.entries).toEqual([]);
    expect(page.store.grants).toEqual([]);
    expect(page.store.deadline).toBeNull();
    await expect(page.store.reveal('id', 0)).rejects.toMatchObject({
      code: 'locked'
    });
  });

  it('right after an edit still stores it, without the passphrase', async () => {
    await page.put('db');
    await page.store.lock();
    await page.settle();
    expect(await stored()).toEqual(['db']);
  });

  it('during a save loses no edit, before or after the reply', async () => {
    for (const point of ['onWrite', 'onReply'] as const) {
      server[point] = () => {
        server[point] = () => undefined;
        void page.store.lock();
      };
      const { length } = server.writes;
      await page.put(point);
      await page.settle();
      expect(page.state).toBe('locked');
      // What was under way is all there was.
      expect(page.store.notices).toEqual([]);
      expect(server.writes).toHaveLength(length + 1);
      await page.unlock();
      await page.settle();
      expect(page.names).toContain(point);
      expect(page.store.notices).toEqual([]);
    }
    expect(await stored()).toEqual(['onReply', 'onWrite']);
  });

  it('that strikes during a put does not make it look undone', async () => {
    const putting = page.store.put(draft('db', 'x'));
    const locking = page.store.lock();
    await expect(putting).resolves.toMatchObject({ name: 'db' });
    await locking;
    expect(page.store.entries).toEqual([]);
    await page.settle();
    expect(await stored()).toEqual(['db']);
  });

  it.each(['put', 'summary', 'grants'])(
    'overtakes the answer to an edit: %s',
    async operation => {
      await page.put('db');
      const [{ id }] = page.store.entries;
      lockAfter(page, operation);
      await (operation === 'put'
        ? page.put('other')
        : page.store.duplicate(id));
      expect(page.state).toBe('locked');
      expect(page.store.entries).toEqual([]);
      expect(page.store.grants).toEqual([]);
    }
  );

  it('overtakes answers that are on the way', async () => {
    const other = await secondPage(server);
    await other.put('elsewhere');
    await other.settle();
    const { custodian, store } = page;
    const call = custodian.call.bind(custodian);
    let locking: Promise<void> | undefined;
    custodian.call = (op, args) => {
      const answer = call(op, args);
      if (op === 'list') {
        locking ??= store.lock();
      }
      return answer;
    };
    await store.refresh();
    await page.settle();
    expect(locking).toBeDefined();
    expect(page.state).toBe('locked');
    expect(page.store.entries).toEqual([]);
  });

  it('keeps what is half-typed, and nobody reads it meanwhile', async () => {
    await page.store.stashDraft(draft('half', 'typed'));
    await page.store.lock();
    await expect(page.store.takeDraft()).rejects.toMatchObject({
      code: 'locked'
    });
    await page.unlock();
    expect(await page.store.takeDraft()).toEqual(draft('half', 'typed'));
    await page.store.stashDraft(null);
    expect(await page.store.takeDraft()).toBeNull();
  });

  it('leaves it known that something is half-typed, once it is kept', async () => {
    const { store } = page;
    const changes: boolean[] = [];
    store.changed.connect(() => changes.push(store.hasDraft));
    const kept = store.stashDraft(draft('half', 'typed'));
    expect(store.hasDraft).toBe(false);
    await kept;
    await store.stashDraft(draft('half', 'typed on'));
    expect(changes).toEqual([true]);
    await store.lock();
    expect(store.hasDraft).toBe(true);
    await expect(store.stashDraft(draft('x', 'y'))).rejects.toThrow('locked');
    await store.unlock({ passphrase: PASSPHRASE });
    const last = store.stashDraft(draft('half', 'typed'));
    const gone = store.stashDraft(null);
    expect(store.hasDraft).toBe(false);
    await Promise.all([last, gone]);
    expect(store.hasDraft).toBe(false);
  });

  it('by the custodian is seen by the page, which stores what is unsaved', async () => {
    server.writeFaults = [503];
    await page.put('db');
    await page.settle();
    expect(page.notice('unsaved')).toBeDefined();
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 16 * 60_000);
    await expect(page.store.detail(page.id('db'))).rejects.toMatchObject({
      code: 'locked'
    });
    jest.restoreAllMocks();
    await page.settle();
    expect(page.state).toBe('locked');
    expect(await stored()).toEqual(['db']);
  });
});

describe('an edit', () => {
  it('is in the list when it resolves: put, change, copy, remove, undo', async () => {
    await page.put('db', 'one');
    await page.put('db', 'two');
    expect(await page.value('db')).toBe('two');
    const copy = await page.store.duplicate(page.id('db'));
    expect(page.names).toEqual(['db', copy.name].sort());
    await page.store.remove(copy.id);
    expect(page.names).toEqual(['db']);
    await page.store.restore(copy.id);
    expect(page.names).toEqual(['db', copy.name].sort());
    await page.settle();
    expect(await stored()).toEqual(page.names);
  });

  it('that is refused changes nothing', async () => {
    await page.put('db');
    await expect(page.store.put(draft('db', 'y'))).rejects.toMatchObject({
      code: 'name-taken'
    });
    expect(page.names).toEqual(['db']);
    expect(await page.value('db')).toBe('value of db');
  });
});

describe('grants', () => {
  const grant = (path: string) =>
    page.store.exchange('allowAlways', { path, entries: [page.id('db')] });
  const paths = () => page.store.grants.map(({ path }) => path);

  beforeEach(() => page.put('db'));

  it('are stored, and can be revoked', async () => {
    await grant('a.ipynb');
    await page.settle();
    const other = await secondPage(server);
    expect(other.store.grants).toHaveLength(1);
    await page.store.revoke('a.ipynb', page.id('db'));
    expect(paths()).toEqual([]);
  });

  it('tell soon of a use, and of a crowd of them at once', async () => {
    await grant('a.ipynb');
    await page.put('api');
    await page.settle();
    const { used } = page.store.grants[0];
    const soon = () => new Promise(resolve => setTimeout(resolve, 600));
    const receive = (...names: string[]) =>
      page.store.exchange('receive', {
        prompt: new AskingKernel(names.map(name => ({ name }))).prompt,
        connection: 'c',
        path: 'a.ipynb',
        granted: []
      });
    const asked = () =>
      page.custodian.calls.filter(({ op }) => op === 'grants').length;
    const before = asked();
    const now = jest.spyOn(Date, 'now').mockReturnValue(used + 1);
    await Promise.all([receive('db'), receive('db'), receive('db')]);
    expect(asked()).toBe(before);
    await soon();
    expect(page.store.grants[0].used).toBe(used + 1);
    expect(asked()).toBe(before + 1);
    // With another credential, that was allowed once.
    const outcome = await receive('db', 'api');
    const { handle } = (outcome as { request: { handle: number } }).request;
    now.mockReturnValue(used + 2);
    await page.store.exchange('grant', { handle, scope: 'once' });
    await soon();
    expect(page.store.grants[0].used).toBe(used + 2);
    now.mockRestore();
  });

  it.each([
    ['there are none', false],
    ['the store was locked meanwhile', true]
  ])('are not asked for after a use if %s', async (_, some) => {
    if (some) {
      await grant('a.ipynb');
    }
    await page.settle();
    const { calls } = page.custodian;
    const before = calls.length;
    await page.store.exchange('receive', {
      prompt: 'answered at once, for it is no request',
      connection: 'c',
      path: 'a.ipynb',
      granted: []
    });
    if (some) {
      await page.store.lock();
    }
    await new Promise(resolve => setTimeout(resolve, 600));
    expect(calls.slice(before).map(({ op }) => op)).not.toContain('grants');
  });

  it('move with their notebook, and with its folder', async () => {
    await grant('a/b.ipynb');
    await grant('ab.ipynb');
    await page.store.movePath('a/b.ipynb', 'a/c.ipynb');
    await page.store.movePath('a', 'z');
    expect(paths().sort()).toEqual(['ab.ipynb', 'z/c.ipynb']);
  });

  it('move at the next unlock if the store was locked: no other notebook inherits', async () => {
    await grant('a.ipynb');
    await page.store.lock();
    await page.store.movePath('a.ipynb', 'b.ipynb');
    await page.store.movePath('b.ipynb', 'c.ipynb');
    await page.unlock();
    expect(paths()).toEqual(['c.ipynb']);
    await page.settle();
    expect((await secondPage(server)).store.grants[0].path).toBe('c.ipynb');
  });
});

describe('the auto-lock', () => {
  const idle = () =>
    page.custodian.calls.filter(({ op }) => op === 'setAutoLock').length;

  it('is told to each custodian, also to one that came after a death', async () => {
    await page.store.setAutoLock(60_000);
    expect(page.store.deadline).toBeGreaterThan(Date.now() + 50_000);
    expect(page.store.deadline).toBeLessThanOrEqual(Date.now() + 60_000);
    page.custodian.die();
    await page.settle();
    await page.unlock();
    await page.settle();
    expect(idle()).toBe(2);
    expect(page.store.deadline).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  it('is put off by touches, of which few are passed on', async () => {
    page.store.touch();
    page.store.touch();
    await page.store.lock();
    page.store.touch();
    const touches = page.custodian.calls.filter(({ op }) => op === 'touch');
    expect(touches).toHaveLength(1);
  });
});

describe('a custodian that dies', () => {
  it('leaves a locked store that can be unlocked', async () => {
    await page.put('db');
    await page.settle();
    page.custodian.die();
    expect(page.store.entries).toEqual([]);
    await page.settle();
    expect(page.state).toBe('locked');
    expect(page.store.notices).toEqual([]);
    await page.unlock();
    expect(page.names).toEqual(['db']);
  });

  it('does not take with it what could not be stored', async () => {
    server.writeFaults = [503];
    await page.put('db');
    await page.settle();
    expect(page.notice('unsaved')).toBeDefined();
    page.custodian.die();
    await page.settle();
    expect(page.notice('unsaved')).toBeUndefined();
    expect(await stored()).toEqual(['db']);
  });

  it('while the file is read is given it again', async () => {
    await page.store.lock();
    server.onRead = () => {
      server.onRead = () => undefined;
      setImmediate(() => setImmediate(() => page.custodian.die()));
    };
    await page.store.refresh();
    await page.settle();
    expect(page.state).toBe('locked');
  });

  it('of the file itself is not given it for ever', async () => {
    const { custodian } = page;
    const { call } = custodian;
    custodian.call = (op, args) => {
      const answer = call.call(custodian, op, args as never) as never;
      if (op === 'load') {
        custodian.die();
      }
      return answer;
    };
    custodian.die();
    await page.settle(300);
    expect(page.store.state).toEqual({
      kind: 'unusable',
      problem: { kind: 'damaged', detail: 'internal' }
    });
    const { reads } = server;
    await page.settle(300);
    expect(server.reads).toBe(reads);
  });
});

describe('a file that is no store', () => {
  it.each([
    ['text', { kind: 'foreign', hint: 'other' }],
    ['{"credentialstore":2}', { kind: 'newer' }]
  ])('is never written to: %s', async (text, problem) => {
    const other = new FileServer();
    other.bytes = new TextEncoder().encode(text);
    const visitor = new Page(other);
    await visitor.store.refresh();
    expect(visitor.store.state).toMatchObject({ kind: 'unusable', problem });
    await expect(visitor.unlock()).rejects.toMatchObject({ code: 'no-file' });
    expect(other.writes).toEqual([]);
  });

  it.each<[Fault, string]>([
    [409, 'no-file-there'],
    [413, 'too-large']
  ])('if the server answers %d, with its path', async (status, kind) => {
    const visitor = new Page();
    visitor.server.readFaults = [status];
    await visitor.store.refresh();
    expect(visitor.store.state).toEqual({
      kind: 'unusable',
      problem: { kind }
    });
    expect(visitor.store.location).toEqual({
      path: '~/.credentialstore',
      keeper: 'server'
    });
  });
});

describe('notices', () => {
  it('tell of a custodian in the page, and of a connection that is not secure', async () => {
    expect(page.notice('insecure-connection')).toBeUndefined();
    const plain = new Page(undefined, undefined, undefined, false);
    expect(plain.notice('insecure-connection')).toBeDefined();
    page.custodian.inPage = true;
    await page.store.setAutoLock(0);
    await page.settle(1);
    expect(page.notice('in-page')).toBeDefined();
    page.store.dismiss('in-page');
    await page.store.setAutoLock(0);
    await page.settle(1);
    expect(page.notice('in-page')).toBeUndefined();
  });

  it('tell of slow derivations, once', async () => {
    page.custodian.slow();
    expect(page.notice('slow')).toBeDefined();
    page.store.dismiss('slow');
    page.custodian.slow();
    expect(page.notice('slow')).toBeUndefined();
  });
});

it('reads the file for a request that comes first', async () => {
  const visitor = new Page(server);
  await visitor.store.exchange('receive', {
    prompt: 'no request',
    connection: 'c',
    path: '',
    granted: []
  });
  expect(visitor.state).toBe('locked');
});
