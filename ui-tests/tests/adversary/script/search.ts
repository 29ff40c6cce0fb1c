/** A hostile script's looks through everything that can be reached from the document and the window. */

export interface ISearch {
  /** All objects within reach, each once. */
  walk(visit: (owner: any, name: string, value: any) => void): void;
  /** Whether a member looks like the id of an entry. */
  isId(name: string, value: unknown): boolean;
  /** What looks like the id of an entry. */
  ids(): string[];
  /** Whether a text can be reached: values of objects, the document, storage. */
  reaches(text: string): boolean;
}

/** Runs in the page. */
export function search(): ISearch {
  type Any = any;

  const inherited = new Map<Any, PropertyKey[]>();

  /** Of an object's own members and of those that it inherits, but for what every object has. */
  const namesOf = (owner: Any): Iterable<PropertyKey> => {
    const own = Reflect.ownKeys(owner);
    const parent = Object.getPrototypeOf(owner);
    if (
      !parent ||
      parent === Object.prototype ||
      parent === Function.prototype
    ) {
      return own;
    }
    let names = inherited.get(parent);
    if (!names) {
      names = [...namesOf(parent)];
      inherited.set(parent, names);
    }
    return names.length ? new Set([...own, ...names]) : own;
  };

  let walks = 0;
  /** How often something is looked at that was made of something made for the look. */
  const MADE = 2;

  /** All objects within reach, each once. */
  const walk = (visit: (owner: Any, name: string, value: Any) => void) => {
    const known = new Set<Any>();
    const queue: Any[] = [window];
    /** What a getter makes anew at each look, and what is made of that: there is no end to it. */
    const made = new WeakMap<object, number>();
    for (const element of document.querySelectorAll<Any>('*')) {
      for (const key of Object.keys(element)) {
        if (key.startsWith('__react')) {
          queue.push(element[key]);
        }
      }
    }
    // The extension's own modules. A chunk runs once: each walk brings another.
    (globalThis as Any).rspackChunkjupyterlab_credential_store.push([
      [`evil-${++walks}`],
      {},
      (load: Any) => {
        for (const id of Object.keys(load.m)) {
          try {
            queue.push(load(id));
          } catch {
            // Not a module of this page.
          }
        }
      }
    ]);
    for (let next = 0; next < queue.length; next++) {
      if (known.size > 2_000_000) {
        throw new Error('There is more than was looked at.');
      }
      const owner = queue[next];
      queue[next] = undefined;
      if (Object(owner) !== owner) {
        continue;
      }
      for (const name of namesOf(owner)) {
        let value: Any;
        try {
          value = owner[name];
        } catch {
          continue;
        }
        visit(owner, String(name), value);
        if (
          value &&
          (typeof value === 'object' || typeof value === 'function') &&
          !known.has(value) &&
          !(value instanceof Node) &&
          !ArrayBuffer.isView(value)
        ) {
          const depth = made.get(owner) ?? 0;
          if (owner[name] === value) {
            made.set(value, depth);
          } else if (depth < MADE) {
            made.set(value, depth + 1);
          } else {
            continue;
          }
          known.add(value);
          queue.push(value);
        }
      }
      if (owner instanceof Map || owner instanceof Set) {
        try {
          for (const value of owner.values()) {
            if (value && typeof value === 'object' && !known.has(value)) {
              known.add(value);
              queue.push(value);
            }
          }
        } catch {
          // A prototype, or a stand-in.
        }
      }
    }
  };

  const isId = (name: string, value: Any) =>
    name === 'id' && /^[\w-]{22}$/.test(value);

  const ids = () => {
    const found = new Set<string>();
    walk((_, name, value) => {
      if (isId(name, value)) {
        found.add(value);
      }
    });
    return [...found];
  };

  const reaches = (text: string) => {
    let found = document.documentElement.outerHTML.includes(text);
    for (const field of document.querySelectorAll('input, textarea')) {
      found ||= (field as HTMLInputElement).value.includes(text);
    }
    for (const store of [localStorage, sessionStorage]) {
      found ||= JSON.stringify(store).includes(text);
    }
    walk((owner, name, value) => {
      if (owner !== globalThis.evil && typeof value === 'string') {
        found ||= name.includes(text) || value.includes(text);
      }
    });
    return found;
  };

  return { walk, isId, ids, reaches };
}
