import { ServerConnection } from '@jupyterlab/services';
import { StorageError } from '../store/types';
import { NoServerExtension, problem, ServerFile } from './file';

const OURS = { 'X-Credential-Store-Path': '~/.credentialstore' };

let answer: () => Response | Promise<Response>;
let requests: Request[];
let file: ServerFile;

beforeEach(() => {
  requests = [];
  file = new ServerFile(
    ServerConnection.makeSettings({
      baseUrl: 'https://lab.example/user/me/',
      fetch: async (input: RequestInfo | URL) => {
        requests.push(input as Request);
        return answer();
      }
    })
  );
});

function say(
  status: number,
  headers: Record<string, string> = {},
  body: BodyInit | null = null
): void {
  answer = () => new Response(body, { status, headers });
}

describe('reading', () => {
  it('asks the extension’s handler, and no cache', async () => {
    say(404, OURS);
    await file.read();
    const [{ url, method, cache }] = requests;
    expect(url).toMatch(
      /^https:\/\/lab\.example\/user\/me\/jupyterlab-credential-store\/file(\?|$)/
    );
    expect(method).toBe('GET');
    expect(cache).toBe('no-store');
  });

  it('gives the bytes as they are, their tag, and where they are', async () => {
    const bytes = Uint8Array.of(0, 255, 10);
    say(
      200,
      { 'X-Credential-Store-Path': '~/gr%C3%BC%C3%9Fe', ETag: '"a"' },
      bytes
    );
    const { location, content } = await file.read();
    expect(location).toEqual({ path: '~/grüße', keeper: 'server' });
    expect(content!.etag).toBe('"a"');
    expect(new Uint8Array(content!.bytes)).toEqual(bytes);
  });

  it('tells a missing file from a missing handler', async () => {
    say(404, OURS);
    expect((await file.read()).content).toBeNull();
    say(404);
    await expect(file.read()).rejects.toBeInstanceOf(NoServerExtension);
  });

  it.each([200, 405, 501])(
    'takes %d without our header for a server without our handler',
    async status => {
      say(status, { ETag: '"a"' }, '<html>');
      await expect(file.read()).rejects.toBeInstanceOf(NoServerExtension);
    }
  );

  it('does not take the page that asks to log in for one', async () => {
    answer = () =>
      Object.defineProperty(new Response('<html>'), 'redirected', {
        value: true
      });
    await expect(file.read()).rejects.toMatchObject({ problem: 'logged-out' });
  });

  it('tells who is logged out from a file that may not be read', async () => {
    say(403);
    await expect(file.read()).rejects.toMatchObject({
      problem: 'logged-out',
      status: 401
    });
    say(403, OURS);
    await expect(file.read()).rejects.toMatchObject({
      problem: 'forbidden',
      status: 403
    });
  });

  it.each([
    [401, 'logged-out'],
    [424, 'unreachable'],
    [409, 'in-the-way'],
    [413, 'too-large'],
    [502, 'unreachable'],
    [503, 'unreachable'],
    [504, 'unreachable'],
    [500, 'failed']
  ])('fails with %d: %s', async (status, kind) => {
    for (const headers of [{}, OURS, { ...OURS, ETag: '"a"' }]) {
      say(status, headers, 'the server’s own words');
      const error = await file.read().catch((thrown: StorageError) => thrown);
      expect(error).toBeInstanceOf(StorageError);
      expect(error).toMatchObject({ problem: kind, status });
      expect((error as StorageError).message).not.toContain('words');
    }
  });

  it('tells of which file a refusal speaks', async () => {
    say(413, OURS);
    const error = await file.read().catch((thrown: StorageError) => thrown);
    expect(error).toMatchObject({
      location: { path: '~/.credentialstore', keeper: 'server' }
    });
  });

  it('fails without a connection', async () => {
    answer = () => Promise.reject(new TypeError('Failed to fetch'));
    await expect(file.read()).rejects.toMatchObject({
      name: 'StorageError',
      problem: 'unreachable',
      status: 0
    });
  });

  it('fails when the connection breaks off in the middle', async () => {
    const body = new ReadableStream({
      pull: controller => controller.error(new TypeError('terminated'))
    });
    answer = () =>
      new Response(body, { status: 200, headers: { ...OURS, ETag: '"a"' } });
    await expect(file.read()).rejects.toMatchObject({
      name: 'StorageError',
      problem: 'unreachable',
      status: 0
    });
  });

  it('needs a tag, or nothing could be stored', async () => {
    say(200, OURS, 'x');
    await expect(file.read()).rejects.toMatchObject({ problem: 'failed' });
  });

  it('knows its tag again when a proxy has called it weak', async () => {
    say(200, { ...OURS, ETag: 'W/"a"' }, 'x');
    expect((await file.read()).content!.etag).toBe('"a"');
  });

  it('shows a path that it cannot decode as it is', async () => {
    say(404, { 'X-Credential-Store-Path': '~/%E0%A4%A' });
    expect((await file.read()).location.path).toBe('~/%E0%A4%A');
  });
});

describe('writing', () => {
  const bytes = new Blob(['the file']);

  it('replaces the version that was read', async () => {
    say(204, { ETag: '"b"' });
    expect(await file.write(bytes, '"a"')).toBe('"b"');
    const [request] = requests;
    expect(request.method).toBe('PUT');
    expect(request.headers.get('If-Match')).toBe('"a"');
    expect(request.headers.get('If-None-Match')).toBeNull();
    expect(request.headers.get('Content-Type')).toBe(
      'application/octet-stream'
    );
    expect(await request.text()).toBe('the file');
    expect(request.url).not.toContain('backups');
  });

  it('creates where there is none', async () => {
    say(204, { ETag: 'W/"b"' });
    expect(await file.write(bytes, null)).toBe('"b"');
    expect(requests[0].headers.get('If-None-Match')).toBe('*');
    expect(requests[0].headers.get('If-Match')).toBeNull();
  });

  it('has the backups dropped when told', async () => {
    say(204, { ETag: '"b"' });
    await file.write(bytes, '"a"', { dropBackups: true });
    expect(new URL(requests[0].url).searchParams.get('backups')).toBe('drop');
  });

  it.each([
    [412, 'conflict'],
    [413, 'too-large'],
    [507, 'disk-full'],
    [403, 'forbidden'],
    [428, 'failed'],
    [200, 'failed']
  ])('fails with %d: %s', async (status, kind) => {
    say(status, { ...OURS, ETag: '"b"' });
    await expect(file.write(bytes, '"a"')).rejects.toMatchObject({
      problem: kind,
      status
    });
  });

  it('tells who is logged out from a file that may not be written', async () => {
    const loggedOut = { problem: 'logged-out', status: 401 };
    say(403);
    await expect(file.write(bytes, '"a"')).rejects.toMatchObject(loggedOut);
    answer = () =>
      Object.defineProperty(new Response('<html>'), 'redirected', {
        value: true
      });
    await expect(file.write(bytes, '"a"')).rejects.toMatchObject(loggedOut);
  });

  it('is not done if there is no new tag', async () => {
    say(204);
    await expect(file.write(bytes, '"a"')).rejects.toMatchObject({
      problem: 'failed'
    });
  });
});

it('errors hold the status, and no words', () => {
  expect(problem(507).message).toBe('disk-full (507)');
});
