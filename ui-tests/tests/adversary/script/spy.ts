/** A hostile script's spies, in place of the functions that others call. */

export interface ISpy {
  /** What of `secrets` the patched functions have seen, and where. */
  readonly seen: string[];
  /** Replace what others call with spies. */
  patch(...secrets: string[]): void;
  /** Hand a secret to each spy. Resolves with those that have not seen it. */
  blind(secret: string): Promise<string[]>;
}

/** Runs in the page. */
export function spy(): ISpy {
  type Any = any;
  const seen: string[] = [];
  const secrets: string[] = [];
  const spies: Record<string, [owner: Any, name: PropertyKey]> = {};
  const { apply } = Reflect;
  const decode = TextDecoder.prototype.decode;
  const decoder = new TextDecoder();
  /** What the spies themselves call is not looked at. */
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

  const spyOn = (owner: Any, name: string, where: string) => {
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

  const patch = (...wanted: string[]) => {
    secrets.push(...wanted);
    for (const [where, [owner, ...names]] of Object.entries(targets)) {
      for (const name of names) {
        spyOn(owner, name, `${where}.${name}`);
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

  return { seen, patch, blind };
}
