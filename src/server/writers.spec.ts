/** Two tabs that save at once, through one real server or two, over connections that fail. */
import { mkdtempSync, readdirSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cases, tally } from '../testing/adversary';
import { closePages, draft, Page, PASSPHRASE } from '../testing/page';
import { pause, RealServer } from '../testing/real-server';

/** Of each tab. */
const EDITS = cases(20, 500);
/** Of requests, and of replies, that are lost. */
const LOST = 0.1;
const SHARED = 'edited by both';

const home = mkdtempSync(join(tmpdir(), 'credential-store-writers-'));
const servers = [new RealServer(home), new RealServer(home)];

beforeAll(() => Promise.all(servers.map(server => server.start())), 120_000);
afterEach(closePages);
afterAll(() => {
  servers.forEach(server => server.stop());
  rmSync(home, { recursive: true });
});

/** What must be there in the end: every value, but those that who replaced them had seen. */
const expected = new Set<string>();
let replaced = 0;

beforeEach(() => {
  expected.clear();
  replaced = 0;
  for (const name of readdirSync(home)) {
    if (name.startsWith('.credentialstore')) {
      unlinkSync(join(home, name));
    }
  }
});

async function add(page: Page, name: string, value: string): Promise<void> {
  await page.store.put(draft(name, value));
  expected.add(value);
}

/** Replaces the value that this page sees; not counted where the other's has just come in. */
async function replace(page: Page, value: string): Promise<void> {
  const { id, rev } = page.store.entries.find(({ name }) => name === SHARED)!;
  try {
    const seen = await page.store.reveal(id, 0);
    await page.store.put({ ...draft(SHARED, value), id, rev });
    expected.add(value);
    expected.delete(seen);
    replaced++;
  } catch (error) {
    // The person is told, and looks again.
    expect(error).toMatchObject({ code: 'stale' });
  }
}

async function edit(page: Page, tab: string): Promise<void> {
  for (let n = 0; n < EDITS; n++) {
    const value = `${tab} ${n}`;
    await (n % 4 ? add(page, `of ${value}`, value) : replace(page, value));
    await pause(Math.random() * 20);
    if (page.notice('unsaved')) {
      void page.store.retrySave();
    }
  }
}

async function stored(page: Page): Promise<void> {
  do {
    await page.store.retrySave();
  } while (page.notice('unsaved'));
}

function valuesOf({ store }: Page): Promise<string[]> {
  return Promise.all(store.entries.map(({ id }) => store.reveal(id, 0)));
}

async function open(page: Page): Promise<Page> {
  await page.store.refresh();
  await page.unlock();
  return page;
}

it.each([
  ['one server', 0],
  ['two servers', 1]
])(
  'through %s: every edit that was acknowledged is there in the end',
  async (_, other) => {
    let lost = 0;
    const faulty = () => {
      const fails = Math.random() < LOST;
      lost += Number(fails);
      return fails;
    };
    const first = new Page(undefined, undefined, servers[0].connect());
    await first.store.refresh();
    await first.store.create(PASSPHRASE, 'nacl');
    await first.store.confirmCreation();
    await add(first, SHARED, 'at first');
    await stored(first);
    await closePages();

    const tabs = [servers[0], servers[other]].map(
      server => new Page(undefined, undefined, server.connect(faulty))
    );
    for (const tab of tabs) {
      do {
        await tab.store.refresh();
      } while (tab.state !== 'locked');
      await tab.unlock();
    }
    await Promise.all([edit(tabs[0], 'a'), edit(tabs[1], 'b')]);
    for (const tab of [...tabs, tabs[0]]) {
      await stored(tab);
    }
    const later = await open(
      new Page(undefined, undefined, servers[0].connect())
    );
    const found = await valuesOf(later);
    expect(found).toEqual(expect.arrayContaining([...expected]));
    expect(new Set(later.names).size).toBe(later.names.length);
    expect(new Set(found).size).toBe(found.length);
    expect(lost).toBeGreaterThan(0);
    expect(replaced).toBeGreaterThan(0);
    tally('edits of two tabs', 2 * EDITS);
    tally('requests and replies lost', lost);
    expect(readdirSync(home).filter(name => name.includes('.tmp-'))).toEqual(
      []
    );
  },
  20_000 + EDITS * 2_000
);
