/** What measures inside the page: installed before anything else runs there. */

export interface IInPage {
  /** Milliseconds since 1970; workers of the page have the same clock. */
  now(): number;
  /** When an element is in the document. */
  appears(selector: string): Promise<number>;
  /** The next frame: when its scripts began, and how long it took to style, lay out and paint. */
  frame(): Promise<{ began: number; took: number }>;
  /** The next letter that is typed: from its event until what follows from it is painted. */
  keystroke(): Promise<number>;
  /** When the server has answered the request to a path that was sent since then. */
  answered(path: string, since: number): Promise<number>;
  /** Watch the main thread until the function returned is called. */
  watch(): () => Promise<IBlocked>;
  /** Our plugins' `activate` so far, in ms. */
  activate: number;
  /** When Lab had restored its layout, in ms from the navigation. */
  started: number;
}

export interface IBlocked {
  /** Tasks over 50 ms, as the browser counts them. */
  readonly longTasks: number;
  /** The longest time in which no timer could run, in ms. */
  readonly longest: number;
}

declare global {
  var bench: IInPage;
}

interface IContainer {
  init(scope: unknown): unknown;
  get(name: string): Promise<() => { default: IPlugin[] }>;
}

interface IPlugin {
  activate(...services: unknown[]): unknown;
}

/*
 * A frame waits for the display's next refresh, up to 16 ms and by chance: that wait is left out
 * of what is measured, the frame itself is not.
 */
export function inPage(extension: string): void {
  const now = () => performance.timeOrigin + performance.now();

  /** Calls back as the next task. */
  const soon = (then: () => void) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = then;
    port2.postMessage(null);
  };

  const frame: IInPage['frame'] = () =>
    new Promise(resolve =>
      requestAnimationFrame(() => {
        const began = now();
        soon(() => resolve({ began, took: now() - began }));
      })
    );

  const timed = (container: IContainer): IContainer => ({
    init: scope => container.init(scope),
    get: async name => {
      const factory = await container.get(name);
      if (name !== './extension') {
        return factory;
      }
      const module = factory();
      for (const plugin of module.default) {
        const { activate } = plugin;
        plugin.activate = (...services) => {
          const start = now();
          try {
            return activate(...services);
          } finally {
            bench.activate += now() - start;
          }
        };
      }
      return () => module;
    }
  });

  globalThis.bench = {
    now,
    frame,
    activate: 0,
    started: 0,
    appears: selector =>
      new Promise(resolve => {
        const look = () => {
          if (document.querySelector(selector)) {
            observer.disconnect();
            resolve(now());
          }
        };
        const observer = new MutationObserver(look);
        observer.observe(document, { subtree: true, childList: true });
        look();
      }),
    keystroke: () =>
      new Promise(resolve =>
        addEventListener(
          'beforeinput',
          async () => {
            const start = now();
            let handled = Infinity;
            soon(() => {
              handled = now();
            });
            const { began, took } = await frame();
            resolve(Math.min(handled, began) - start + took);
          },
          { capture: true, once: true }
        )
      ),
    answered: (path, since) =>
      new Promise(resolve => {
        const observer = new PerformanceObserver(list => {
          for (const entry of list.getEntries() as PerformanceResourceTiming[]) {
            if (
              new URL(entry.name).pathname === path &&
              performance.timeOrigin + entry.startTime >= since
            ) {
              observer.disconnect();
              resolve(performance.timeOrigin + entry.responseEnd);
            }
          }
        });
        observer.observe({ type: 'resource', buffered: true });
      }),
    watch: () => {
      const TICK = 4;
      let longTasks = 0;
      let longest = 0;
      let last = now();
      const observer = new PerformanceObserver(list => {
        longTasks += list.getEntries().length;
      });
      observer.observe({ type: 'longtask' });
      const timer = setInterval(() => {
        const at = now();
        longest = Math.max(longest, at - last - TICK);
        last = at;
      }, TICK);
      return async () => {
        // What is being observed is told a little later.
        await new Promise(resolve => setTimeout(resolve, 100));
        clearInterval(timer);
        longTasks += observer.takeRecords().length;
        observer.disconnect();
        return { longTasks, longest };
      };
    }
  };

  // Lab's extensions put themselves there.
  Object.defineProperty(globalThis, '_JUPYTERLAB', {
    writable: true,
    value: new Proxy<Record<string, IContainer>>(
      {},
      {
        set: (containers, name: string, container: IContainer) => {
          containers[name] = name === extension ? timed(container) : container;
          return true;
        }
      }
    )
  });
}
