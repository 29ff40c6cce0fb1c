/**
 * Makes the body that is stored: of a small file its bytes, which arrive sooner; of a large one a
 * Blob, of which the parts that have not changed are where the browser sends them from already.
 */
import { join, utf8Encode } from '../crypto/bytes';
import type { FileBytes } from './protocol';

type Part = string | Uint8Array<ArrayBuffer>;

export class FileBody {
  /** @param parts - A file's text; parts may be in UTF-8. */
  of(parts: readonly Part[]): FileBytes {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    if (length < LARGE) {
      return join(parts.map(bytesOf));
    }
    const blobs = new Map<string, Blob>();
    const pieces = parts.map(part => {
      if (typeof part !== 'string' || part.length < LEAST) {
        return part;
      }
      const blob = this._blobs.get(part) ?? new Blob([part]);
      blobs.set(part, blob);
      return blob;
    });
    this._blobs = blobs;
    return new Blob(pieces);
  }

  private _blobs: ReadonlyMap<string, Blob> = new Map();
}

/** Bytes. */
const LARGE = 256 * 1024;
/** Characters. What is shorter is not worth a Blob. */
const LEAST = 4096;

function bytesOf(part: Part): Uint8Array {
  return typeof part === 'string' ? utf8Encode(part) : part;
}
