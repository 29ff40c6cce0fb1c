/** Copies a secret, and takes it out of the clipboard again after a while. */
import { Clipboard } from '@jupyterlab/apputils';
import { toClipboard } from '../custodian/natives';

/**
 * Where the clipboard can be read without asking, it is emptied only if it still holds the secret;
 * elsewhere, unless something was copied in this page since.
 */
export class SecretClipboard {
  /** @param clearMs - 0: leave it there. */
  async copy(secret: string, clearMs: number): Promise<void> {
    await write(secret);
    this._stop();
    if (!clearMs) {
      return;
    }
    const over = new AbortController();
    this._stop = () => over.abort();
    const { signal } = over;
    document.addEventListener('copy', this._stop, { signal });
    document.addEventListener('cut', this._stop, { signal });
    const timer = setTimeout(async () => {
      await focused(signal);
      if (!signal.aborted) {
        over.abort();
        await clear(secret);
      }
    }, clearMs);
    signal.addEventListener('abort', () => clearTimeout(timer));
  }

  private _stop: () => void = () => undefined;
}

/** Browsers let only the page in front write to the clipboard. */
async function focused(signal: AbortSignal): Promise<void> {
  if (!document.hasFocus()) {
    await new Promise(resolve => {
      window.addEventListener('focus', resolve, { once: true, signal });
      signal.addEventListener('abort', resolve);
    });
  }
}

async function write(text: string): Promise<void> {
  try {
    await toClipboard(text);
  } catch {
    // Plain http has no such API.
    Clipboard.copyToSystem(text);
  }
}

async function clear(secret: string): Promise<void> {
  const current = await read();
  if (current === null || current === secret) {
    // The fallback cannot copy nothing.
    await write(' ');
  }
}

/** Null: it cannot be read, or not without a question to the person. */
async function read(): Promise<string | null> {
  try {
    const name = 'clipboard-read' as PermissionName;
    const { state } = await navigator.permissions.query({ name });
    return state === 'granted' ? await navigator.clipboard.readText() : null;
  } catch {
    return null;
  }
}
