/** A page with a real store in front of a server in memory. */
import type { IEntryDraft, IPin } from '../custodian/protocol';
import type { IPinKeeper } from '../store/pin';
import { CredentialStore } from '../store/store';
import type { Notice } from '../store/types';
import { HostedCustodian } from './custodian';
import { FileServer } from './file-server';

export const PASSPHRASE = 'correct horse battery';

/** What local storage keeps: one browser's tabs share it. */
export class Pins implements IPinKeeper {
  pin: IPin | null = null;
  get = () => this.pin;
  set = (pin: IPin) => void (this.pin = pin);
  clear = () => void (this.pin = null);
}

const pages = new Set<Page>();

/** After each test: clocks that go on would keep the process. */
export async function closePages(): Promise<void> {
  await Promise.all([...pages].map(page => page.custodian.call('lock', {})));
  pages.clear();
}

export class Page {
  constructor(
    readonly server = new FileServer(),
    readonly pins = new Pins(),
    storage = server.connect(),
    secure = true
  ) {
    this.store = new CredentialStore({
      storage,
      custodian: events => (this.custodian = new HostedCustodian(events)),
      pins: () => pins,
      secure
    });
    pages.add(this);
  }

  readonly store: CredentialStore;
  custodian!: HostedCustodian;

  get state(): string {
    return this.store.state.kind;
  }

  get names(): string[] {
    return this.store.entries.map(({ name }) => name).sort();
  }

  notice<K extends Notice['kind']>(
    kind: K
  ): Extract<Notice, { kind: K }> | undefined {
    return this.store.notices.find(notice => notice.kind === kind) as
      Extract<Notice, { kind: K }> | undefined;
  }

  id(name: string): string {
    return this.store.entries.find(entry => entry.name === name)!.id;
  }

  /** The value of the entry's first field. */
  value(name: string): Promise<string> {
    return this.store.reveal(this.id(name), 0);
  }

  /** Add, or change the value of, an entry. */
  async put(name: string, value = `value of ${name}`): Promise<void> {
    const stored = this.store.entries.find(entry => entry.name === name);
    await this.store.put({
      ...draft(name, value),
      ...(stored && { id: stored.id, rev: stored.rev })
    });
  }

  unlock(passphrase = PASSPHRASE): Promise<void> {
    return this.store.unlock({ passphrase });
  }

  /** Until nothing happens any more. */
  settle(turns?: number): Promise<void> {
    return settle(turns);
  }
}

/** A page with a store that was just made, and is open and stored. */
export async function firstPage(server?: FileServer): Promise<Page> {
  const page = new Page(server);
  await page.store.refresh();
  await page.store.create(PASSPHRASE, 'nacl');
  await page.store.confirmCreation();
  return page;
}

/** Another browser's page, unlocked. */
export async function secondPage(
  server: FileServer,
  passphrase = PASSPHRASE
): Promise<Page> {
  const page = new Page(server);
  await page.store.refresh();
  await page.unlock(passphrase);
  await page.settle();
  return page;
}

export function draft(name: string, value: string): IEntryDraft {
  return {
    name,
    user: '',
    url: '',
    notes: '',
    tags: [],
    fields: [{ name: 'value', type: 'hidden', value }]
  };
}

/** Turns of the event loop, and of WebCrypto's threads, enough for what was begun to end. */
export async function settle(turns = 60): Promise<void> {
  for (let i = 0; i < turns; i++) {
    await globalThis.crypto.subtle.digest('SHA-256', new Uint8Array(1));
    await new Promise(resolve => setImmediate(resolve));
  }
}
