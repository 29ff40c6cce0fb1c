import { ServerConnection, type Contents } from '@jupyterlab/services';
import { CONTENTS_PATH, ContentsFile } from './contents';

class FakeContents {
  text: string | null = null;
  readonly saved: Partial<Contents.IModel>[] = [];
  /** Thrown by every call. */
  error: Error | null = null;
  /** Without a server, a missing file has no status. */
  hasStatus = true;
  onSave: () => Promise<void> | void = () => undefined;

  readonly get = jest.fn(async (path: string) => {
    this._fail();
    if (path === '') {
      return {
        content: this.text === null ? [] : [{ name: CONTENTS_PATH }]
      };
    }
    if (this.text === null) {
      throw this.hasStatus ? refusal(404) : new Error('Could not find content');
    }
    return { content: this.text };
  });

  async save(path: string, model: Partial<Contents.IModel>): Promise<object> {
    this._fail();
    await this.onSave();
    this.saved.push({ path, ...model });
    this.text = model.content as string;
    return {};
  }

  private _fail(): void {
    if (this.error) {
      throw this.error;
    }
  }
}

function refusal(status: number): Error {
  return new ServerConnection.ResponseError(
    new Response('the server’s own words', { status })
  );
}

const version = (epoch: number) =>
  `{"credentialstore":1,"header":"{\\"epoch\\":${epoch}}","mac":"m${epoch}","index":"same"}`;
const blob = (epoch: number) => new Blob([version(epoch)]);

let contents: FakeContents;
let file: ContentsFile;

beforeEach(() => {
  contents = new FakeContents();
  file = new ContentsFile(contents as unknown as Contents.IManager);
});
afterEach(() => {
  delete (globalThis as { navigator?: unknown }).navigator;
});

async function etag(): Promise<string> {
  return (await file.read()).content!.etag;
}

it('has no dot in its name, for servers hide dotfiles', () => {
  expect(CONTENTS_PATH).toMatch(/^[^.]/);
});

it('reads what it has written', async () => {
  expect(await file.read()).toEqual({
    location: { path: CONTENTS_PATH, keeper: 'contents' },
    content: null
  });
  const written = await file.write(blob(1), null);
  expect(contents.saved).toEqual([
    { path: CONTENTS_PATH, type: 'file', format: 'text', content: version(1) }
  ]);
  const { content } = await file.read();
  expect(new TextDecoder().decode(content!.bytes)).toBe(version(1));
  expect(content!.etag).toBe(written);
});

it('does not replace a version that it has not read', async () => {
  const first = await file.write(blob(1), null);
  // Of the same length, in the same moment.
  contents.text = version(2);
  for (const stale of [first, null]) {
    await expect(file.write(blob(3), stale)).rejects.toMatchObject({
      problem: 'conflict'
    });
  }
  expect(contents.text).toBe(version(2));
  await file.write(blob(3), await etag());
  expect(contents.text).toBe(version(3));
});

it('does not make anew a file that is gone', async () => {
  const first = await file.write(blob(1), null);
  contents.text = null;
  await expect(file.write(blob(2), first)).rejects.toMatchObject({
    problem: 'conflict'
  });
});

it('two tabs do not overwrite each other, where the browser has locks', async () => {
  let turn = Promise.resolve<unknown>(undefined);
  const names = new Set<string>();
  const request = (name: string, work: () => Promise<unknown>) => {
    names.add(name);
    return (turn = turn.then(work, work));
  };
  Object.defineProperty(globalThis, 'navigator', {
    configurable: true,
    value: { locks: { request } }
  });
  const first = await file.write(blob(1), null);
  const tab = new ContentsFile(contents as unknown as Contents.IManager);
  contents.onSave = () => new Promise(resolve => setTimeout(resolve, 5));
  const results = await Promise.allSettled([
    file.write(blob(2), first),
    tab.write(blob(3), first)
  ]);
  expect(results.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected'
  ]);
  expect(contents.text).toBe(version(2));
  expect(names.size).toBe(1);
});

it('a missing file is known though there is no server with a status', async () => {
  contents.hasStatus = false;
  expect((await file.read()).content).toBeNull();
});

it('a server that is away is not a missing file', async () => {
  contents.error = new TypeError('Failed to fetch');
  await expect(file.read()).rejects.toMatchObject({
    name: 'StorageError',
    problem: 'unreachable'
  });
  await expect(file.write(blob(1), null)).rejects.toMatchObject({
    problem: 'unreachable'
  });
  expect(contents.text).toBeNull();
});

it('nor is a file that is listed and cannot be read', async () => {
  contents.text = 'x';
  contents.get.mockImplementationOnce(async () => {
    throw new Error();
  });
  await expect(file.read()).rejects.toMatchObject({ problem: 'unreachable' });
});

it.each([
  [403, 'forbidden'],
  [413, 'too-large'],
  [500, 'failed']
])('fails with %d: %s', async (status, problem) => {
  contents.error = refusal(status);
  const error = await file.read().catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ name: 'StorageError', problem, status });
  expect((error as Error).message).not.toContain('words');
});

it('tells versions apart of what is no store as well', async () => {
  contents.text = 'a';
  const first = await etag();
  contents.text = 'b';
  expect(await etag()).not.toBe(first);
});
