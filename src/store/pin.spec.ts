import { comparePin } from '../custodian/pin';
import type { Pins } from '../testing/page';
import { closePages, firstPage, Page, PASSPHRASE } from '../testing/page';
import { LocalPin } from './pin';

const PIN = { vault: 'v', epoch: 5, generation: 1, digest: 'd' };

describe('a file is', () => {
  it.each([
    ['fine', 'the first', null, PIN],
    ['fine', 'the same', PIN, PIN],
    ['fine', 'later', PIN, { ...PIN, epoch: 6, digest: 'e' }],
    ['rolled-back', 'earlier', PIN, { ...PIN, epoch: 4, digest: 'e' }],
    ['rolled-back', 'another of that epoch', PIN, { ...PIN, digest: 'e' }],
    [
      'rolled-back',
      'of an earlier key, whatever its epoch',
      { ...PIN, generation: 2 },
      { ...PIN, epoch: 9, digest: 'e' }
    ],
    ['replaced', 'another vault', PIN, { ...PIN, vault: 'w', epoch: 9 }]
  ] as const)('%s if it is %s', (finding, _, seen, found) => {
    expect(comparePin(seen, found)).toBe(finding);
  });
});

describe('a pin in local storage', () => {
  let items: Map<string, string>;
  const pin = new LocalPin('key');

  beforeEach(() => {
    items = new Map();
    globalThis.localStorage = {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
      removeItem: (key: string) => void items.delete(key)
    } as Storage;
  });
  afterEach(() => {
    delete (globalThis as { localStorage?: Storage }).localStorage;
  });

  it('survives a reload, and is forgotten when told', () => {
    pin.set(PIN);
    expect(new LocalPin('key').get()).toEqual(PIN);
    expect(new LocalPin('other').get()).toBeNull();
    pin.clear();
    expect(pin.get()).toBeNull();
  });

  it.each(['', 'null', '5', '{"vault":"v"}', '{"vault":"v","digest":"d"}'])(
    'that reads %p is none',
    text => {
      items.set('key', text);
      expect(pin.get()).toBeNull();
    }
  );

  it.each(['vault', 'epoch', 'generation', 'digest'])(
    'without %s is none',
    member => {
      items.set('key', JSON.stringify({ ...PIN, [member]: null }));
      expect(pin.get()).toBeNull();
    }
  );

  it('is done without where the browser forbids it', () => {
    delete (globalThis as { localStorage?: Storage }).localStorage;
    pin.set(PIN);
    pin.clear();
    expect(pin.get()).toBeNull();
  });
});

describe('a file that is not the one seen last', () => {
  let page: Page;
  let pins: Pins;
  let old: Uint8Array;

  beforeEach(async () => {
    page = await firstPage();
    ({ pins } = page);
    await page.put('early');
    await page.settle();
    old = page.server.bytes!;
    await page.put('late');
    await page.settle();
  });
  afterEach(closePages);

  /** The same browser, later. */
  async function reload(): Promise<Page> {
    await page.store.lock();
    await page.settle();
    page = new Page(page.server, pins);
    await page.store.refresh();
    return page;
  }

  it('is unlocked without a word if it is', async () => {
    await reload();
    expect(page.store.notices).toEqual([]);
    await page.unlock();
    expect(page.names).toEqual(['early', 'late']);
  });

  it('is not opened before the person has decided: older', async () => {
    const seen = pins.pin;
    page.server.bytes = old;
    await reload();
    expect(page.state).toBe('locked');
    expect(page.notice('rolled-back')).toBeDefined();
    await expect(page.unlock()).rejects.toMatchObject({ code: 'rolled-back' });
    expect(pins.pin).toEqual(seen);
    expect(page.custodian.derivation.derived).toBe(0);
    page.store.dismiss('rolled-back');
    expect(page.notice('rolled-back')).toBeUndefined();
    await page.unlock();
    expect(page.names).toEqual(['early']);
    expect(pins.pin!.epoch).toBeLessThan(seen!.epoch);
  });

  it('is not opened before the person has decided: another store', async () => {
    const other = await firstPage();
    page.server.bytes = other.server.bytes;
    await reload();
    expect(page.notice('replaced')).toEqual({ kind: 'replaced' });
    await expect(page.unlock()).rejects.toMatchObject({ code: 'replaced' });
    page.store.dismiss('replaced');
    await page.unlock();
    expect(page.names).toEqual([]);
    expect(pins.pin!.vault).toBe(other.pins.pin!.vault);
  });

  it('is remembered once it has been opened, not before', async () => {
    // Anybody who writes the file may claim any epoch: it is no news until the secret opens it.
    pins.pin = null;
    await reload();
    expect(pins.pin).toBeNull();
    await expect(page.unlock('not the passphrase')).rejects.toBeDefined();
    expect(pins.pin).toBeNull();
    await page.unlock();
    expect(pins.pin).not.toBeNull();
  });

  it('does not look like a first run if it is gone', async () => {
    page.server.bytes = null;
    await reload();
    expect(page.store.state).toEqual({
      kind: 'unusable',
      problem: { kind: 'unreachable', status: 404 }
    });
    expect(page.notice('replaced')).toEqual({ kind: 'replaced', gone: true });
    await expect(page.unlock()).rejects.toMatchObject({ code: 'replaced' });
    page.store.dismiss('replaced');
    expect(page.state).toBe('absent');
    await page.store.refresh();
    expect(page.state).toBe('absent');
    expect(page.store.notices).toEqual([]);
    await page.store.create(PASSPHRASE, 'nacl');
    await page.store.confirmCreation();
    expect(page.state).toBe('unlocked');
    expect(pins.pin!.epoch).toBe(1);
  });

  it('is told for what it is if it is no store at all', async () => {
    const { pin } = pins;
    page.server.bytes = new TextEncoder().encode('my notes');
    await reload();
    expect(page.store.state).toEqual({
      kind: 'unusable',
      problem: { kind: 'foreign', hint: 'other' }
    });
    expect(page.store.notices).toEqual([]);
    expect(pins.pin).toEqual(pin);
  });

  it('is no longer doubted once it is back', async () => {
    const { bytes } = page.server;
    page.server.bytes = null;
    await reload();
    page.server.bytes = bytes;
    await page.store.refresh();
    expect(page.store.notices).toEqual([]);
    await page.unlock();
    expect(page.names).toEqual(['early', 'late']);
  });

  it('is read again first: another tab may just have stored it', async () => {
    const tab = new Page(page.server, pins);
    await page.store.lock();
    await page.settle();
    const other = page;
    await other.unlock();
    tab.server.onRead = async () => {
      tab.server.onRead = () => undefined;
      await other.put('meanwhile');
      await other.settle();
    };
    await tab.store.refresh();
    expect(tab.store.notices).toEqual([]);
    await tab.unlock();
    expect(tab.names).toEqual(['early', 'late', 'meanwhile']);
  });

  it('is not merged into an open store: older', async () => {
    const seen = pins.pin;
    page.server.bytes = old;
    await page.store.refresh();
    await page.settle();
    expect(page.names).toEqual(['early', 'late']);
    expect(page.notice('rolled-back')).toBeDefined();
    expect(pins.pin).toEqual(seen);
    await page.put('newest');
    await page.settle();
    expect(page.server.bytes).toBe(old);
    // To accept it there is to be asked by the locked store.
    page.store.dismiss('rolled-back');
    await page.settle();
    expect(page.state).toBe('locked');
    expect(page.notice('rolled-back')).toBeDefined();
    expect(pins.pin).toEqual(seen);
    page.store.dismiss('rolled-back');
    await page.unlock();
    await page.settle();
    // What was not stored yet is not lost by that.
    expect(page.names).toEqual(expect.arrayContaining(['early', 'newest']));
  });

  it('is not merged into an open store: another', async () => {
    page.server.bytes = (await firstPage()).server.bytes;
    await page.store.refresh();
    await page.settle();
    expect(page.notice('replaced')).toBeDefined();
    expect(page.names).toEqual(['early', 'late']);
  });
});
