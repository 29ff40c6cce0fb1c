/** Two pages, one server, and everything that goes wrong between them, at random. */
import fc from 'fast-check';
import { FileServer, type Fault } from '../testing/file-server';
import type { Page } from '../testing/page';
import { closePages, firstPage, secondPage } from '../testing/page';

// As with a large index: what comes meanwhile meets a save that is not sealed yet.
jest.mock('../crypto/hash', () => {
  const hash = jest.requireActual('../crypto/hash');
  return {
    ...hash,
    sha256Async: async (bytes: Uint8Array) => {
      await new Promise(resolve => setImmediate(resolve));
      return hash.sha256(bytes);
    }
  };
});

type Step =
  | { do: 'put'; page: number; entry: number; value: number }
  | { do: 'remove'; page: number; entry: number }
  | { do: 'lock' | 'unlock' | 'look' | 'wait' | 'retry'; page: number }
  | { do: 'fault'; fault: Fault; reading: boolean };

const page = fc.nat({ max: 1 });
const entry = fc.nat({ max: 2 });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('put' as const),
      page,
      entry,
      value: fc.nat()
    })
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('remove' as const), page, entry })
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'lock' as const,
        'unlock' as const,
        'unlock' as const,
        'look' as const,
        'wait' as const,
        'retry' as const
      ),
      page
    })
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      fault: fc.constantFrom<Fault[]>(
        'lost-reply',
        'lost-request',
        503,
        507,
        412
      ),
      reading: fc.boolean()
    })
  }
);

/**
 * What must be there in the end: of each page, the last value that it gave an entry and was told
 * of. It may be overwritten by that page itself, or by an edit of the other that had seen it.
 */
class Expectations {
  put(value: string, over: string | undefined): void {
    this._values.add(value);
    if (over !== undefined) {
      this._values.delete(over);
    }
  }

  removed(value: string): void {
    this._values.delete(value);
  }

  get all(): string[] {
    return [...this._values];
  }

  private readonly _values = new Set<string>();
}

async function run(steps: readonly Step[], alone = false): Promise<void> {
  const server = new FileServer();
  const first = await firstPage(server);
  for (const name of ['a', 'b', 'c']) {
    await first.put(name, `${name} at first`);
  }
  await first.settle();
  const pages = [first, await secondPage(server)];
  const expected = new Expectations();
  for (const name of ['a', 'b', 'c']) {
    expected.put(`${name} at first`, undefined);
  }
  let n = 0;
  for (const one of steps) {
    if (one.do === 'fault') {
      (one.reading ? server.readFaults : server.writeFaults).push(one.fault);
      continue;
    }
    const at = pages[alone ? 0 : one.page];
    const { store } = at;
    const unlocked = store.state.kind === 'unlocked';
    const listed = 'entry' in one ? store.entries[one.entry] : undefined;
    switch (one.do) {
      case 'put':
        if (unlocked) {
          const value = `${one.value} ${n++}`;
          const name = listed?.name ?? `new ${n}`;
          const over = listed && (await at.value(name).catch(() => undefined));
          const done = await at.put(name, value).then(
            () => true,
            () => false
          );
          if (done) {
            expected.put(value, over);
          }
        }
        break;
      case 'remove':
        if (unlocked && listed) {
          const value = await at.value(listed.name).catch(() => undefined);
          const done = await store.remove(listed.id).catch(() => null);
          if (done && value !== undefined) {
            expected.removed(value);
          }
        }
        break;
      case 'lock':
        await store.lock();
        break;
      case 'unlock':
        await at.unlock().catch(() => undefined);
        break;
      case 'look':
        void store.refresh();
        break;
      case 'retry':
        void store.retrySave();
        break;
      case 'wait':
        await at.settle(8);
    }
  }
  server.writeFaults = [];
  server.readFaults = [];
  for (let round = 0; round < 3; round++) {
    for (const { store, settle } of pages) {
      await settle();
      await store.refresh();
      await store.unlock({ passphrase: 'correct horse battery' });
      await store.retrySave();
      await settle();
    }
  }
  const values = async (of: Page) =>
    Promise.all(of.store.entries.map(({ id }) => of.store.reveal(id, 0)));
  const stored = await secondPage(server);
  const found = await values(stored);
  expect(found).toEqual(expect.arrayContaining(expected.all));
  for (const at of pages) {
    expect(at.notice('unsaved')).toBeUndefined();
    expect((await values(at)).sort()).toEqual([...found].sort());
    // Each row leads to what it says.
    for (const row of at.store.entries) {
      expect(await at.store.detail(row.id)).toMatchObject(row);
    }
  }
  if (alone) {
    // Nobody else edits, so nothing is there twice.
    expect(found.sort()).toEqual(expected.all.sort());
  }
  expect(new Set(stored.names).size).toBe(stored.names.length);
}

describe.each([
  ['two that edit', false],
  ['one that edits', true]
])('of %s', (_, alone) => {
  it('every edit that was acknowledged is kept', async () => {
    await fc.assert(
      fc
        .asyncProperty(
          fc.array(step, { minLength: 5, maxLength: 30, size: 'max' }),
          steps => run(steps, alone)
        )
        .afterEach(closePages),
      {
        seed: Number(process.env.SEED ?? 20260101),
        numRuns: Number(process.env.RUNS ?? 40)
      }
    );
  }, 300_000);
});
