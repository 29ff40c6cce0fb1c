import { StorageError } from './types';
import {
  closePages,
  draft,
  firstPage,
  Page,
  PASSPHRASE,
  secondPage,
  settle
} from '../testing/page';
import { FileServer } from '../testing/file-server';

let server: FileServer;
let page: Page;

beforeEach(async () => {
  server = new FileServer();
  page = await firstPage(server);
});

afterEach(closePages);

/** What another page would find in the stored file. */
async function stored(passphrase = PASSPHRASE): Promise<Page> {
  return secondPage(server, passphrase);
}

describe('smoke', () => {
  it('is kept', async () => {
    await page.put('db');
    await settle();
    expect(page.names).toEqual(['db']);
    expect((await stored()).names).toEqual(['db']);
    expect(page.store.notices).toEqual([]);
    expect(draft('a', 'b').name).toBe('a');
    expect(StorageError).toBeDefined();
  });
});
