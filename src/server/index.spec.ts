import { ServerConnection, type Contents } from '@jupyterlab/services';
import { Storage } from '.';

const OURS = { 'X-Credential-Store-Path': '~/.credentialstore' };

let answer: () => Response;
let put: number;
let storage: Storage;
const contents = { get: jest.fn(), save: jest.fn() };

beforeEach(() => {
  put = 0;
  contents.get.mockReset().mockResolvedValue({ content: 'x' });
  contents.save.mockReset().mockResolvedValue({});
  storage = new Storage(
    ServerConnection.makeSettings({
      baseUrl: 'https://lab.example/',
      fetch: async (input: RequestInfo | URL) => {
        put += (input as Request).method === 'PUT' ? 1 : 0;
        return answer();
      }
    }),
    contents as unknown as Contents.IManager
  );
});

const extension = () =>
  new Response('x', { status: 200, headers: { ...OURS, ETag: '"a"' } });
const none = () => new Response(null, { status: 404 });

it('keeps the file with the server extension', async () => {
  answer = extension;
  expect((await storage.read()).location.keeper).toBe('server');
  answer = () => new Response(null, { status: 204, headers: { ETag: '"b"' } });
  expect(await storage.write(new Blob(), '"a"')).toBe('"b"');
  expect(contents.get).not.toHaveBeenCalled();
});

it('keeps it with the contents API where there is none', async () => {
  answer = none;
  const { location, content } = await storage.read();
  expect(location.keeper).toBe('contents');
  await storage.write(new Blob(['y']), content!.etag);
  expect(contents.save).toHaveBeenCalledTimes(1);
  expect(put).toBe(0);
});

it('stays with the extension: a 404 later is a server that is away', async () => {
  answer = extension;
  await storage.read();
  answer = none;
  await expect(storage.read()).rejects.toMatchObject({
    name: 'StorageError',
    problem: 'unreachable',
    status: 404
  });
  await expect(storage.write(new Blob(), '"a"')).rejects.toMatchObject({
    name: 'StorageError'
  });
  expect(contents.get).not.toHaveBeenCalled();
  expect(contents.save).not.toHaveBeenCalled();
  answer = extension;
  expect((await storage.read()).location.keeper).toBe('server');
});

it('stays with the contents API', async () => {
  answer = none;
  await storage.read();
  answer = extension;
  expect((await storage.read()).location.keeper).toBe('contents');
});

it('decides nothing while neither answers', async () => {
  answer = none;
  contents.get.mockRejectedValue(new TypeError('Failed to fetch'));
  await expect(storage.read()).rejects.toMatchObject({
    problem: 'unreachable'
  });
  answer = extension;
  expect((await storage.read()).location.keeper).toBe('server');
});
