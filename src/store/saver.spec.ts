import type { IEntryDraft } from '../custodian/protocol';
import { FileServer, type Fault } from '../testing/file-server';
import type { Page } from '../testing/page';
import {
  closePages,
  draft,
  firstPage,
  PASSPHRASE,
  secondPage
} from '../testing/page';

const NEXT = 'another passphrase';

let server: FileServer;
let page: Page;

beforeEach(async () => {
  server = new FileServer();
  page = await firstPage(server);
});
afterEach(closePages);

/** Names and values in the stored file. */
async function stored(
  passphrase = PASSPHRASE
): Promise<Record<string, string>> {
  return valuesOf(await secondPage(server, passphrase));
}

/** What a form says of the entry that it edits. */
function shown(of: Page): Pick<IEntryDraft, 'id' | 'rev' | 'version'> {
  const { id, rev, version } = of.store.entries[0];
  return { id, rev, version };
}

async function valuesOf(of: Page): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const name of of.names) {
    values[name] = await of.value(name);
  }
  return values;
}

describe('a save', () => {
  it('says by its tag what it replaces', async () => {
    const before = server.etag;
    await page.put('db', 'x');
    await page.settle();
    expect(server.writes.at(-1)).toEqual({
      etag: before,
      dropBackups: false,
      status: 204
    });
    expect(await stored()).toEqual({ db: 'x' });
    expect(page.pins.pin!.epoch).toBe(2);
  });

  it('takes in what was edited while another was under way', async () => {
    let reply!: () => void;
    server.onReply = () => new Promise(resolve => (reply = resolve));
    await page.put('a', '1');
    await page.settle();
    await page.put('b', '2');
    await page.put('c', '3');
    await page.settle();
    const { length } = server.writes;
    server.onReply = () => undefined;
    reply();
    await page.settle();
    // The two are one.
    expect(server.writes).toHaveLength(length + 1);
    expect(await stored()).toEqual({ a: '1', b: '2', c: '3' });
  });

  it('is not made where nothing has changed', async () => {
    const { length } = server.writes;
    await page.store.retrySave();
    expect(server.writes).toHaveLength(length);
  });
});

describe('a save that fails', () => {
  it.each([
    [507, 'disk-full'],
    [413, 'too-large'],
    [403, 'forbidden'],
    [503, 'unreachable'],
    [500, 'failed'],
    ['lost-request', 'unreachable']
  ] as [Fault, string][])(
    'by %p is told, and is tried again',
    async (fault, reason) => {
      server.writeFaults = [fault];
      await page.put('db', 'x');
      await page.settle();
      expect(page.notice('unsaved')).toEqual({ kind: 'unsaved', reason });
      expect(page.names).toEqual(['db']);
      await page.store.retrySave();
      expect(page.store.notices).toEqual([]);
      expect(await stored()).toEqual({ db: 'x' });
    }
  );

  it('is tried again when the page is looked at', async () => {
    server.writeFaults = [503];
    await page.put('db', 'x');
    await page.settle();
    await page.store.refresh();
    await page.settle();
    expect(page.store.notices).toEqual([]);
    expect(await stored()).toEqual({ db: 'x' });
  });

  it('loses nothing to a lock, nor to what others store meanwhile', async () => {
    await page.put('db', 'old');
    await page.settle();
    const other = await secondPage(server);
    server.writeFaults = [503, 503];
    await page.put('db', 'mine');
    await page.put('new', 'mine');
    await page.settle();
    await page.store.lock();
    await page.settle();
    await other.put('api', 'theirs');
    await other.settle();
    await page.unlock();
    await page.settle();
    // Once more with a conflict behind the unlock.
    expect(await valuesOf(page)).toEqual({
      db: 'mine',
      new: 'mine',
      api: 'theirs'
    });
    expect(await stored()).toEqual(await valuesOf(page));
  });

  it('and that is unlocked twice builds on what is stored, not on itself', async () => {
    await page.put('db', 'old');
    await page.settle();
    const other = await secondPage(server);
    server.writeFaults = Array<Fault>(6).fill(503);
    await page.put('db', 'mine');
    await page.settle();
    for (let i = 0; i < 2; i++) {
      await page.store.lock();
      await page.settle();
      await page.unlock();
      await page.settle();
    }
    expect(page.notice('unsaved')).toBeDefined();
    server.writeFaults = [];
    await other.put('api', 'theirs');
    await other.settle();
    await page.store.retrySave();
    await page.settle();
    expect(await stored()).toEqual({ db: 'mine', api: 'theirs' });
  });

  it('gives up on a file that changes all the time', async () => {
    server.onWrite = () => {
      server.bytes = server.history.at(-2) ?? server.bytes;
      // Another version each time, and none of it older.
      server.history.push(server.bytes!);
    };
    server.writeFaults = Array<Fault>(20).fill(412);
    await page.put('db', 'x');
    await page.settle(300);
    expect(page.notice('unsaved')).toEqual({
      kind: 'unsaved',
      reason: 'failed'
    });
    expect(server.writes.length).toBeLessThan(10);
  });
});

describe('a lost reply to a save that was written', () => {
  it.each(['lock', 'no lock'])(
    'loses and doubles no edit made since: %s',
    async lock => {
      await page.put('db', 'one');
      await page.settle();
      server.writeFaults = ['lost-reply'];
      await page.put('db', 'two');
      await page.settle();
      expect(page.notice('unsaved')).toBeDefined();
      server.writeFaults = Array<Fault>(9).fill(503);
      await page.put('db', 'three');
      await page.put('other', 'x');
      await page.settle();
      if (lock === 'lock') {
        await page.store.lock();
        await page.settle();
      }
      server.writeFaults = [];
      if (lock === 'lock') {
        await page.unlock();
      }
      await page.store.retrySave();
      await page.settle();
      expect(await stored()).toEqual({ db: 'three', other: 'x' });
      expect(page.names).toEqual(['db', 'other']);
      expect(page.store.notices).toEqual([]);
    }
  );

  it('brings nothing back that was removed since', async () => {
    server.writeFaults = ['lost-reply'];
    await page.put('db', 'one');
    await page.settle();
    await page.store.remove(page.id('db'));
    await page.settle();
    expect(await stored()).toEqual({});
    expect(page.names).toEqual([]);
  });

  it('of a lock that had struck is known at the unlock', async () => {
    await page.put('db', 'one');
    await page.settle();
    server.writeFaults = ['lost-reply'];
    server.onWrite = () => {
      server.onWrite = () => undefined;
      void page.store.lock();
    };
    await page.put('db', 'two');
    await page.settle();
    server.writeFaults = [];
    await page.unlock();
    await page.put('db', 'three');
    await page.settle();
    expect(await stored()).toEqual({ db: 'three' });
    expect(page.names).toEqual(['db']);
  });
});

describe('a file that somebody else has changed', () => {
  let other: Page;

  beforeEach(async () => {
    await page.put('db', 'old');
    await page.settle();
    other = await secondPage(server);
  });

  it('is merged into a save', async () => {
    await other.put('theirs', 'x');
    await other.settle();
    await page.put('mine', 'y');
    await page.settle();
    expect(await stored()).toEqual({ db: 'old', theirs: 'x', mine: 'y' });
    expect(page.names).toEqual(['db', 'mine', 'theirs']);
    expect(page.notice('merged')!.report).toEqual({ incoming: 1, copies: [] });
  });

  it('is shown when the page is looked at', async () => {
    await other.put('theirs', 'x');
    await other.settle();
    const { length } = server.writes;
    await page.store.refresh();
    await page.settle();
    expect(page.names).toEqual(['db', 'theirs']);
    expect(server.writes).toHaveLength(length);
  });

  it('keeps both of two edits to one entry', async () => {
    await other.put('db', 'theirs');
    await other.settle();
    await page.put('db', 'mine');
    await page.settle();
    expect(await stored()).toEqual({ db: 'theirs', 'db (2)': 'mine' });
    expect(page.notice('merged')!.report.copies).toEqual(['db (2)']);
    // Names are not left to a locked page.
    await page.store.lock();
    expect(page.notice('merged')).toBeUndefined();
  });

  it('is listed as it is merged, before the result is stored', async () => {
    await other.store.put({ ...draft('theirs', 'x'), ...shown(other) });
    await other.settle();
    let reply!: () => void;
    await page.store.put({ ...draft('mine', 'y'), ...shown(page) });
    server.onWrite = () => {
      if (server.writes.at(-1)!.status === 412) {
        return new Promise(resolve => (reply = resolve));
      }
    };
    await page.settle();
    expect(server.writes.at(-1)!.status).toBe(412);
    expect(await valuesOf(page)).toEqual({
      theirs: 'x',
      'mine (2)': 'y'
    });
    expect(page.id('theirs')).toBe(other.id('theirs'));
    reply();
  });

  it.each(['remove', 'put'] as const)(
    'is not lost to a %s of what was shown before the merge',
    async edit => {
      await other.put('db', 'theirs');
      await other.settle();
      const { custodian, store } = page;
      const call = custodian.call.bind(custodian);
      let editing!: Promise<unknown>;
      custodian.call = async (op, args) => {
        const answer = await call(op, args);
        if (op === 'merge') {
          // The page does not list it yet.
          const shown = page.id('db');
          editing =
            edit === 'put' ? page.put('db', 'new') : store.remove(shown);
          editing.catch(() => undefined);
        }
        return answer;
      };
      await page.put('db', 'mine');
      await page.settle();
      await expect(editing).rejects.toMatchObject({ code: 'stale' });
      expect(await stored()).toEqual({ db: 'theirs', 'db (2)': 'mine' });
    }
  );

  it('keeps both, and says so, when one had waited over a lock', async () => {
    server.writeFaults = [503, 503];
    await page.put('db', 'mine');
    await page.settle();
    await page.store.lock();
    await page.settle();
    await other.put('db', 'theirs');
    await other.settle();
    await page.unlock();
    await page.settle();
    expect(await stored()).toEqual({ db: 'theirs', 'db (2)': 'mine' });
    expect(page.notice('merged')!.report.copies).toEqual(['db (2)']);
  });

  it('is not overwritten by a locked page that had not seen it', async () => {
    server.writeFaults = [503];
    await page.put('mine', 'x');
    await page.settle();
    await other.put('theirs', 'y');
    await other.settle();
    await page.store.lock();
    await page.settle();
    expect(page.notice('unsaved')).toBeDefined();
    expect(await stored()).toEqual({ db: 'old', theirs: 'y' });
    // Nor once it has read it.
    await page.store.refresh();
    await page.store.retrySave();
    expect(await stored()).toEqual({ db: 'old', theirs: 'y' });
    await page.unlock();
    await page.settle();
    expect(await stored()).toEqual({ db: 'old', theirs: 'y', mine: 'x' });
    expect(page.notice('unsaved')).toBeUndefined();
  });

  it('that was read before a save is not merged after it', async () => {
    let go!: () => void;
    await other.put('theirs', 'y');
    await other.settle();
    server.onRead = () => new Promise(resolve => (go = resolve));
    const looking = page.store.refresh();
    await page.settle();
    server.onRead = () => undefined;
    await page.put('db', 'new');
    await page.settle();
    go();
    await looking;
    await page.settle();
    expect(await valuesOf(page)).toEqual({ db: 'new', theirs: 'y' });
    expect(await stored()).toEqual({ db: 'new', theirs: 'y' });
  });

  it('and unlocked before the reply to a save came is caught up with', async () => {
    let reply!: () => void;
    server.onReply = () => new Promise(resolve => (reply = resolve));
    const before = server.bytes!;
    await page.put('db', 'new');
    await page.settle();
    await page.store.lock();
    // A reading that is slower than the save.
    const after = server.bytes;
    server.bytes = before;
    await page.store.refresh();
    server.bytes = after;
    server.onReply = () => undefined;
    await page.unlock();
    reply();
    await page.settle();
    await page.store.refresh();
    await page.settle();
    expect(await valuesOf(page)).toEqual({ db: 'new' });
    expect(await stored()).toEqual({ db: 'new' });
  });

  it('and is being unlocked when the reply to a save comes is caught up with at once', async () => {
    let reply!: () => void;
    let derived!: () => void;
    server.onReply = () => new Promise(resolve => (reply = resolve));
    const before = server.bytes!;
    await page.put('db', 'new');
    await page.settle();
    await page.store.lock();
    const after = server.bytes;
    server.bytes = before;
    await page.store.refresh();
    server.bytes = after;
    server.onReply = () => undefined;
    page.custodian.derivation.gate = new Promise(
      resolve => (derived = resolve)
    );
    const unlocking = page.unlock();
    await page.settle();
    reply();
    await page.settle();
    derived();
    await unlocking;
    await page.settle();
    expect(await valuesOf(page)).toEqual({ db: 'new' });
    expect(page.store.notices).toEqual([
      { kind: 'merged', report: { incoming: 1, copies: [] } }
    ]);
  });

  it('is stored anew if it is gone while the store is open', async () => {
    server.bytes = null;
    await page.put('mine', 'x');
    await page.settle();
    expect(await stored()).toEqual({ db: 'old', mine: 'x' });
  });

  it('into what is no store is not written to, nor forgotten', async () => {
    const text = new TextEncoder().encode('my notes');
    server.bytes = text;
    await page.put('mine', 'x');
    await page.settle();
    expect(server.bytes).toBe(text);
    expect(page.notice('unsaved')).toBeDefined();
    expect(page.names).toEqual(['db', 'mine']);
  });
});

describe('a new passphrase', () => {
  const change = (next = NEXT) =>
    page.store.changePassphrase({ passphrase: PASSPHRASE }, next);

  beforeEach(async () => {
    await page.put('db', 'x');
    await page.settle();
  });

  it('holds once it is stored, and leaves no backups', async () => {
    const code = await change();
    expect(code).toMatch(/^(\w{4}-){7}\w{4}$/);
    expect(server.writes.at(-1)).toMatchObject({
      dropBackups: true,
      status: 204
    });
    await page.settle();
    expect(await stored(NEXT)).toEqual({ db: 'x' });
    await expect(stored()).rejects.toMatchObject({ code: 'wrong-secret' });
    await page.put('api', 'y');
    await page.settle();
    expect(server.writes.at(-1)).toMatchObject({ dropBackups: false });
    await page.store.lock();
    await page.store.unlock({ recoveryCode: code });
    expect(await valuesOf(page)).toEqual({ api: 'y', db: 'x' });
  });

  it('leaves what is listed to be changed and removed', async () => {
    await page.put('api', 'y');
    await change();
    await page.put('db', 'new');
    await page.store.remove(page.id('api'));
    await page.settle();
    expect(await stored(NEXT)).toEqual({ db: 'new' });
  });

  it('leaves what is half-typed to be saved', async () => {
    await page.store.stashDraft({ ...draft('db', 'typed'), ...shown(page) });
    await change();
    await page.store.put((await page.store.takeDraft())!);
    await page.settle();
    expect(await stored(NEXT)).toEqual({ db: 'typed' });
  });

  it('lets nothing half-typed replace what others have stored meanwhile', async () => {
    const other = await secondPage(server);
    server.writeFaults = [503];
    await page.put('db', 'mine');
    await page.settle();
    await page.store.stashDraft({ ...draft('db', 'typed'), ...shown(page) });
    await other.put('db', 'theirs');
    await other.settle();
    // Of the same revision.
    expect(shown(other).rev).toBe(shown(page).rev);
    await change();
    await expect(
      page.store.put((await page.store.takeDraft())!)
    ).rejects.toMatchObject({ code: 'stale' });
  });

  it('needs the old one', async () => {
    const { bytes } = server;
    await expect(
      page.store.changePassphrase({ passphrase: 'wrong wrong' }, NEXT)
    ).rejects.toMatchObject({ code: 'wrong-secret' });
    expect(server.bytes).toBe(bytes);
    await page.put('api', 'y');
    await page.settle();
    expect(await stored()).toEqual({ api: 'y', db: 'x' });
  });

  it.each<[string, number, (abort: AbortController) => void]>([
    ['before it begins', 0, abort => abort.abort()],
    [
      'while a key is derived',
      0,
      abort => {
        page.custodian.derivation.gate = new Promise(() => undefined);
        setTimeout(() => abort.abort(), 50);
      }
    ],
    [
      'when it is made, and not stored yet',
      1,
      abort => {
        const { custodian } = page;
        const call = custodian.call.bind(custodian);
        custodian.call = async (op, args) => {
          const answer = await call(op, args);
          if (op === 'changePassphrase') {
            abort.abort();
          }
          return answer;
        };
      }
    ]
  ])(
    'can be cancelled %s, and nothing has changed',
    async (_, made, prepare) => {
      const { bytes } = server;
      const abort = new AbortController();
      prepare(abort);
      await expect(
        page.store.changePassphrase(
          { passphrase: PASSPHRASE },
          NEXT,
          abort.signal
        )
      ).rejects.toMatchObject({ code: 'cancelled' });
      expect(server.bytes).toBe(bytes);
      // What was made is dropped.
      expect(page.custodian.calls.filter(({ op }) => op === 'rekeyed')).toEqual(
        Array(made).fill({ op: 'rekeyed', args: { etag: null } })
      );
      page.custodian.derivation.gate = Promise.resolve();
      await page.put('api', 'y');
      await page.settle();
      expect(await stored()).toEqual({ api: 'y', db: 'x' });
    }
  );

  it.each([507, 503, 'lost-request'] as Fault[])(
    'that cannot be stored (%p) changes nothing',
    async fault => {
      server.writeFaults = [fault];
      await expect(change()).rejects.toMatchObject({
        name: 'StorageError'
      });
      await page.put('api', 'y');
      await page.settle();
      expect(await stored()).toEqual({ api: 'y', db: 'x' });
      await change();
      expect(await stored(NEXT)).toEqual({ api: 'y', db: 'x' });
    }
  );

  it('holds if only the reply was lost', async () => {
    server.writeFaults = ['lost-reply'];
    await change();
    await page.put('api', 'y');
    await page.settle();
    expect(page.store.notices).toEqual([]);
    expect(await stored(NEXT)).toEqual({ api: 'y', db: 'x' });
  });

  it('is found to hold when the server is back', async () => {
    server.writeFaults = ['lost-reply'];
    server.readFaults = [503];
    await expect(change()).rejects.toMatchObject({ problem: 'unreachable' });
    await page.put('api', 'y');
    await page.settle();
    expect(await valuesOf(page)).toEqual({ api: 'y', db: 'x' });
    expect(page.store.notices).toEqual([]);
    expect(await stored(NEXT)).toEqual({ api: 'y', db: 'x' });
  });

  it('takes in what somebody else has stored', async () => {
    const other = await secondPage(server);
    await other.put('theirs', 'z');
    await other.settle();
    await change();
    await page.settle();
    expect(await stored(NEXT)).toEqual({ db: 'x', theirs: 'z' });
    expect(page.names).toEqual(['db', 'theirs']);
  });

  it('of two at once, the first holds', async () => {
    const other = await secondPage(server);
    await other.store.changePassphrase({ passphrase: PASSPHRASE }, NEXT);
    await page.put('mine', 'y');
    await expect(change('a third one')).rejects.toMatchObject({
      code: 'passphrase-changed'
    });
    expect(page.notice('passphrase-changed')).toBeDefined();
    await page.store.lock();
    await page.settle();
    await page.unlock(NEXT);
    await page.settle();
    expect(await stored(NEXT)).toEqual({ db: 'x', mine: 'y' });
  });

  it('keeps what is edited while it is stored, once', async () => {
    server.onWrite = async () => {
      server.onWrite = () => undefined;
      await page.put('db', 'meanwhile');
      await page.put('api', 'y');
      await page.store.stashDraft({
        name: 'half',
        user: '',
        url: '',
        notes: '',
        tags: [],
        fields: []
      });
    };
    await change();
    await page.settle();
    expect(await stored(NEXT)).toEqual({ api: 'y', db: 'meanwhile' });
    expect(page.names).toEqual(['api', 'db']);
    expect((await page.store.takeDraft())!.name).toBe('half');
  });

  it.each(['stored', 'lost-request'] as const)(
    'that a lock overtakes loses no edit: %s',
    async outcome => {
      server.writeFaults =
        outcome === 'stored' ? [] : ['lost-request', 'lost-request'];
      server.onWrite = async () => {
        server.onWrite = () => undefined;
        await page.put('api', 'y');
        await page.store.lock();
      };
      const changing = change();
      changing.catch(() => undefined);
      await page.settle();
      const now = outcome === 'stored' ? NEXT : PASSPHRASE;
      await page.unlock(now);
      await page.settle();
      expect(await stored(now)).toEqual({ api: 'y', db: 'x' });
    }
  );

  it('is not reported when a lock came while the key was derived', async () => {
    const { bytes } = server;
    page.custodian.derivation.gate = new Promise(() => undefined);
    const changing = change();
    await page.settle();
    await page.store.lock();
    await expect(changing).rejects.toMatchObject({ code: 'cancelled' });
    page.custodian.derivation.gate = Promise.resolve();
    await page.settle();
    expect(server.bytes).toBe(bytes);
    await page.unlock();
    expect(page.names).toEqual(['db']);
  });
});

describe('a passphrase that was changed elsewhere', () => {
  let other: Page;

  beforeEach(async () => {
    await page.put('db', 'x');
    await page.settle();
    other = await secondPage(server);
  });

  const changeElsewhere = async () => {
    await other.store.changePassphrase({ passphrase: PASSPHRASE }, NEXT);
    await other.settle();
  };

  it('is told to a page that looks', async () => {
    await changeElsewhere();
    await page.store.refresh();
    expect(page.notice('passphrase-changed')).toEqual({
      kind: 'passphrase-changed'
    });
    expect(page.notice('unsaved')).toBeUndefined();
  });

  it('takes in unsaved edits when the new one is given', async () => {
    await changeElsewhere();
    await page.put('db', 'mine');
    await page.put('new', 'mine');
    await page.settle();
    expect(page.notice('passphrase-changed')).toBeDefined();
    expect(page.names).toEqual(['db', 'new']);
    await page.store.lock();
    await page.settle();
    await expect(page.unlock()).rejects.toMatchObject({ code: 'wrong-secret' });
    await page.unlock(NEXT);
    await page.settle();
    expect(await valuesOf(page)).toEqual({ db: 'mine', new: 'mine' });
    expect(page.store.notices).toEqual([]);
    expect(await stored(NEXT)).toEqual({ db: 'mine', new: 'mine' });
  });

  it('while edits wait over a lock takes them in with the old one, too', async () => {
    server.writeFaults = [503, 503];
    await page.put('mine', 'y');
    await page.settle();
    await page.store.lock();
    await page.settle();
    await changeElsewhere();
    await page.unlock(NEXT);
    await page.settle();
    expect(page.names).toEqual(['db']);
    expect(page.notice('passphrase-changed')).toEqual({
      kind: 'passphrase-changed',
      needs: 'old'
    });
    await page.put('later', 'z');
    await page.settle();
    expect(page.notice('passphrase-changed')).toBeDefined();
    await page.store.lock();
    await page.settle();
    await expect(page.unlock('wrong wrong')).rejects.toMatchObject({
      code: 'wrong-secret'
    });
    await expect(page.unlock()).rejects.toMatchObject({
      code: 'passphrase-changed'
    });
    await page.unlock(NEXT);
    await page.settle();
    expect(await stored(NEXT)).toEqual({ db: 'x', mine: 'y', later: 'z' });
    expect(page.store.notices).toEqual([]);
  });
});
