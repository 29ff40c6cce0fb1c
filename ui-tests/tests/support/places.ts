/** Everywhere that a secret could come to lie: what the recorders heard, the server's disk, the browser. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Page } from '@playwright/test';
import type { Lab } from './lab';
import { HOME, recorded } from './run';

/** Parts of the server's home, by what their files are called; the first that fits. */
const FILES = {
  'the dotfile and its backups': /^\.credentialstore/,
  'notebook checkpoints': /\.ipynb_checkpoints\//,
  notebooks: /^work\/.*\.ipynb$/,
  'IPython’s history': /history\.sqlite/,
  'workspace files': /^workspaces\//,
  'everything else in the home': /^(?!record\/)/
};

/** The bytes that are in each place, by the place's name. */
export async function places(lab: Lab): Promise<Map<string, Buffer>> {
  const { traffic, page } = lab;
  await traffic.settled();
  return new Map([
    ['sockets of the kernels', recorded('.bin')],
    ['frames of the page’s WebSockets', Buffer.concat(traffic.frames)],
    ['HTTP requests as the server sees them', recorded('http.log')],
    ['bodies of the server’s answers', recorded('answers.log')],
    ['HTTP as the page sees it', Buffer.concat(traffic.bodies)],
    ['the server’s log, at level DEBUG', recorded('server.log')],
    ['standard output of server and kernels', recorded('stdout.log')],
    ['standard error of server and kernels', recorded('stderr.log')],
    ['the page’s console', Buffer.from(traffic.console.join('\n'))],
    ...files(),
    ...(await browserStorage(page))
  ]);
}

function files(): [string, Buffer][] {
  const all = readdirSync(HOME, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name));
  const found = Object.keys(FILES).map(
    place => [place, []] as [string, Buffer[]]
  );
  for (const path of all) {
    const name = relative(HOME, path);
    const at = Object.values(FILES).findIndex(pattern => pattern.test(name));
    if (at >= 0) {
      // A file's name may tell, too.
      found[at][1].push(Buffer.from(`${name}\n`), read(path));
    }
  }
  return found.map(([place, parts]) => [place, Buffer.concat(parts)]);
}

/** Empty if it is gone by now. */
function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

/** What the browser keeps for this origin: each text and each run of bytes as it is, on its own line. */
async function browserStorage(page: Page): Promise<[string, Buffer][]> {
  const stored = await page.evaluate(async () => {
    const hex = (bytes: Uint8Array) =>
      Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
    // Nothing is turned into JSON: a text in it, or bytes, would no longer be what is looked for.
    const parts = async (value: unknown) => {
      const found: string[] = [];
      const seen = new Set<unknown>();
      const walk = async (part: unknown): Promise<void> => {
        if (part instanceof ArrayBuffer) {
          found.push(hex(new Uint8Array(part)));
        } else if (ArrayBuffer.isView(part)) {
          const { buffer, byteOffset, byteLength } = part;
          found.push(hex(new Uint8Array(buffer, byteOffset, byteLength)));
        } else if (part instanceof Blob) {
          await walk([part.type, await part.arrayBuffer()]);
        } else if (part instanceof CryptoKey && part.extractable) {
          await walk(await crypto.subtle.exportKey('jwk', part));
        } else {
          // Dates, patterns and errors, too.
          found.push(hex(new TextEncoder().encode(String(part))));
          if (typeof part === 'object' && part !== null && !seen.has(part)) {
            seen.add(part);
            const inner =
              part instanceof Map || part instanceof Set
                ? part.entries()
                : Object.entries(part);
            for (const [key, value] of inner) {
              await walk(key);
              await walk(value);
            }
          }
        }
      };
      await walk(value);
      return found;
    };
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error!);
      });
    const databases: unknown[] = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name!));
      for (const table of database.objectStoreNames) {
        const rows = database.transaction(table).objectStore(table);
        databases.push(name, table, await done(rows.getAllKeys()));
        databases.push(await done(rows.getAll()));
      }
      database.close();
    }
    return {
      localStorage: await parts({ ...localStorage }),
      sessionStorage: await parts({ ...sessionStorage }),
      IndexedDB: await parts(databases),
      'cookies, history state and window name': await parts([
        document.cookie,
        history.state,
        window.name,
        location.href
      ])
    };
  });
  return Object.entries(stored).map(([place, parts]) => [
    place,
    Buffer.concat(parts.map(part => Buffer.from(`${part}0a`, 'hex')))
  ]);
}
