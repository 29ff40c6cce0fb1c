import { Clipboard } from '@jupyterlab/apputils';
import { SecretClipboard } from './clipboard';

jest.mock('@jupyterlab/apputils', () => ({
  Clipboard: { copyToSystem: () => undefined }
}));

// The real one is the browser's at the import, and jsdom has none.
jest.mock('../custodian/natives', () => ({
  get toClipboard() {
    const { clipboard } = navigator;
    return clipboard && ((text: string) => clipboard.writeText(text));
  }
}));

const MS = 30_000;

let content: string;
let secrets: SecretClipboard;
let inFront: boolean;
let reads: number;

/** A browser whose clipboard scripts may write to, and perhaps read, without a question. */
function browser({
  readable = true,
  writable = true,
  secure = true
} = {}): void {
  Object.defineProperty(navigator, 'permissions', {
    configurable: true,
    value: {
      query: async ({ name }: { name: string }) => {
        if (!writable) {
          throw new TypeError();
        }
        const isGranted = readable || name === 'clipboard-write';
        return { state: isGranted ? 'granted' : 'prompt' };
      }
    }
  });
  Object.defineProperty(navigator, 'clipboard', {
    configurable: true,
    value: secure && {
      writeText: async (text: string) => {
        if (!writable) {
          throw new Error();
        }
        content = text;
      },
      readText: async () => {
        reads++;
        return content;
      }
    }
  });
}

beforeEach(() => {
  jest.useFakeTimers();
  content = 'before';
  secrets = new SecretClipboard();
  jest
    .spyOn(Clipboard, 'copyToSystem')
    .mockImplementation(data => void (content = data as string));
  inFront = true;
  reads = 0;
  jest.spyOn(document, 'hasFocus').mockImplementation(() => inFront);
  browser();
});

afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

it('holds the secret for 30 seconds, and then does not', async () => {
  expect(await secrets.copy('open sesame', MS)).toBe(true);
  expect(content).toBe('open sesame');
  await jest.advanceTimersByTimeAsync(MS - 1);
  expect(content).toBe('open sesame');
  await jest.advanceTimersByTimeAsync(1);
  expect(content).toBe(' ');
});

it('keeps what was copied elsewhere since', async () => {
  await secrets.copy('open sesame', MS);
  content = 'a shopping list';
  await jest.advanceTimersByTimeAsync(MS);
  expect(content).toBe('a shopping list');
});

it('starts anew with the next secret', async () => {
  await secrets.copy('first', MS);
  await jest.advanceTimersByTimeAsync(MS - 1);
  await secrets.copy('second', MS);
  expect(jest.getTimerCount()).toBe(1);
  await jest.advanceTimersByTimeAsync(MS - 1);
  expect(content).toBe('second');
  await jest.advanceTimersByTimeAsync(1);
  expect(content).toBe(' ');
});

it('is left alone if the person has chosen so', async () => {
  browser({ writable: false, secure: false });
  expect(await secrets.copy('open sesame', 0)).toBe(true);
  await jest.advanceTimersByTimeAsync(10 * MS);
  expect(content).toBe('open sesame');
  expect(jest.getTimerCount()).toBe(0);
});

it('is left alone from now on, also by the secret before', async () => {
  await secrets.copy('first', MS);
  await secrets.copy('second', 0);
  content = 'first';
  await jest.advanceTimersByTimeAsync(MS);
  expect(content).toBe('first');
});

describe('of a page behind others', () => {
  beforeEach(() => {
    inFront = false;
  });

  it('is emptied as soon as the browser allows it', async () => {
    await secrets.copy('open sesame', MS);
    await jest.advanceTimersByTimeAsync(2 * MS);
    expect(content).toBe('open sesame');
    window.dispatchEvent(new Event('focus'));
    await jest.advanceTimersByTimeAsync(0);
    expect(content).toBe(' ');
  });

  it('is left alone if another secret was copied meanwhile', async () => {
    await secrets.copy('first', MS);
    await jest.advanceTimersByTimeAsync(MS);
    await secrets.copy('first', 0);
    window.dispatchEvent(new Event('focus'));
    await jest.advanceTimersByTimeAsync(0);
    expect(content).toBe('first');
  });
});

describe('that cannot be read', () => {
  beforeEach(() => browser({ readable: false }));

  it('is emptied all the same, and no question put', async () => {
    expect(await secrets.copy('open sesame', MS)).toBe(true);
    await jest.advanceTimersByTimeAsync(MS);
    expect(content).toBe(' ');
    expect(reads).toBe(0);
  });

  it.each(['copy', 'cut'])('is kept after a %s in this page', async event => {
    await secrets.copy('open sesame', MS);
    document.dispatchEvent(new Event(event));
    content = 'a cell';
    await jest.advanceTimersByTimeAsync(MS);
    expect(content).toBe('a cell');
  });
});

it('on plain http is reached the old way, and may keep it, which is told', async () => {
  browser({ readable: false, writable: false, secure: false });
  expect(await secrets.copy('open sesame', MS)).toBe(false);
  expect(content).toBe('open sesame');
  await jest.advanceTimersByTimeAsync(MS);
  expect(content).toBe(' ');
});

it('is not reached in a way that scripts hear where the browser refuses', async () => {
  browser({ writable: false });
  await expect(secrets.copy('open sesame', MS)).rejects.toMatchObject({
    code: 'copy-refused'
  });
  expect(Clipboard.copyToSystem).not.toHaveBeenCalled();
  expect(content).toBe('before');
});

it('keeps quiet where it cannot be emptied any more', async () => {
  await secrets.copy('open sesame', MS);
  browser({ writable: false });
  await jest.advanceTimersByTimeAsync(MS);
  expect(content).toBe('open sesame');
});
