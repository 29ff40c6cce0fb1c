/** Copies a secret, and takes it out of the clipboard again after a while. */
import { Clipboard } from '@jupyterlab/apputils';

/**
 * Where the clipboard can be read, it is emptied only if it still holds the secret. Where it cannot
 * (plain http, no permission), it is emptied unless something was copied in this page since.
 */
export class SecretClipboard {
  /** @param clearMs - 0: leave it there. */
  async copy(secret: string, clearMs: number): Promise<void> {
    await write(secret);
    this._stop();
    if (!clearMs) {
      return;
    }
    const onCopy = () => this._stop();
    document.addEventListener('copy', onCopy);
    document.addEventListener('cut', onCopy);
    const timer = setTimeout(() => {
      this._stop();
      void clear(secret);
    }, clearMs);
    this._stop = () => {
      clearTimeout(timer);
      document.removeEventListener('copy', onCopy);
      document.removeEventListener('cut', onCopy);
      this._stop = () => undefined;
    };
  }

  private _stop: () => void = () => undefined;
}

async function write(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Plain http has no such API.
    Clipboard.copyToSystem(text);
  }
}

async function clear(secret: string): Promise<void> {
  let current: string | null = null;
  try {
    current = await navigator.clipboard.readText();
  } catch {
    // Not readable: what was copied in this page since is known, and nothing was.
  }
  if (current === null || current === secret) {
    await write(' ');
  }
}
