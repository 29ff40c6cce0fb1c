/** Copies a secret, and takes it out of the clipboard again after a while. */
import { Clipboard } from '@jupyterlab/apputils';
import { toClipboard } from '../custodian/natives';

/** The page is not in front, or the person has forbidden it. */
class CopyRefused extends Error {
  readonly code = 'copy-refused';
}

/**
 * Where the clipboard can be read without asking, it is emptied only if it still holds the secret;
 * elsewhere, unless something was copied in this page since.
 */
export class SecretClipboard {
  /**
   * @param clearMs - 0: leave it there.
   * @throws CopyRefused
   * @returns Whether what was asked for will be done; else it may stay there.
   */
  async copy(secret: string, clearMs: number): Promise<boolean> {
    await write(secret);
    this._stop();
    if (!clearMs) {
      return true;
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
    return writesUnasked();
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

/** A browser that has the API, and refuses, is not got round: scripts in the page hear the old way. */
async function write(text: string): Promise<void> {
  if (!toClipboard) {
    return Clipboard.copyToSystem(text);
  }
  try {
    await toClipboard(text);
  } catch {
    throw new CopyRefused();
  }
}

async function clear(secret: string): Promise<void> {
  const current = await read();
  if (current === null || current === secret) {
    // The old way cannot copy nothing.
    await write(' ').catch(() => undefined);
  }
}

/**
 * Whether scripts may write without the person's press just before: in Chromium, over https. In other
 * browsers, and on plain http, it is tried, but comes to nothing, as a rule. To wait there for the next
 * press, of whatever kind, would overwrite what the person has copied elsewhere meanwhile, which
 * cannot be read either: it is safer to tell them, who know.
 */
async function writesUnasked(): Promise<boolean> {
  return (await stateOf('clipboard-write')) === 'granted';
}

/** Null: it cannot be read, or not without a question to the person. */
async function read(): Promise<string | null> {
  try {
    return (await stateOf('clipboard-read')) === 'granted'
      ? await navigator.clipboard.readText()
      : null;
  } catch {
    return null;
  }
}

/** Null: the browser knows no such permission. */
async function stateOf(name: string): Promise<PermissionState | null> {
  try {
    const asked = { name: name as PermissionName };
    return (await navigator.permissions.query(asked)).state;
  } catch {
    return null;
  }
}
