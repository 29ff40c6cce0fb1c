/**
 * Tells whether elements are to be seen as they are: not covered, transparent, filtered or
 * distorted. Where the browser cannot tell (only Chromium can), they count as seen. What has moved
 * counts as new: a script could put a button under the pointer.
 */
import { getter } from './presses';

const { apply } = Reflect;
const scope = globalThis as {
  Element?: typeof Element;
  DOMRectReadOnly?: typeof DOMRectReadOnly;
  IntersectionObserver?: typeof IntersectionObserver;
  IntersectionObserverEntry?: typeof IntersectionObserverEntry;
};
const Observer = scope.IntersectionObserver;
const observeWith = Observer?.prototype.observe;
const disconnect = Observer?.prototype.disconnect;
const isVisible =
  scope.IntersectionObserverEntry &&
  Object.getOwnPropertyDescriptor(
    scope.IntersectionObserverEntry.prototype,
    'isVisible'
  )?.get;

const box = scope.Element?.prototype.getBoundingClientRect;
const left = getter(scope.DOMRectReadOnly, 'x');
const top = getter(scope.DOMRectReadOnly, 'y');
const width = getter(scope.DOMRectReadOnly, 'width');
const height = getter(scope.DOMRectReadOnly, 'height');
const every = setInterval;
const endEvery = clearInterval;

/** How often the browser looks, in ms; it allows no less. */
const LOOK_MS = 100;

/** What watches an element. */
export interface ISight {
  /** Whether it is still where it was, now; it is looked at all the time anyhow. */
  look(): void;
  stop(): void;
}

/** @param change - Told whether the element is to be seen, at first and when that changes. */
export function watchSight(
  element: Element,
  change: (seen: boolean) => void
): ISight {
  let seen = false;
  let place = placeOf(element);
  const look = () => {
    const now = placeOf(element);
    if (now !== place) {
      place = now;
      if (seen) {
        change(false);
        change(true);
      }
    }
  };
  const end = observe(element, now => {
    seen = now;
    change(now);
  });
  const timer = every(look, LOOK_MS);
  return {
    look,
    stop: () => {
      endEvery(timer);
      end();
    }
  };
}

function placeOf(element: Element): string {
  const at = apply(box!, element, []);
  return `${left(at) as number} ${top(at) as number} ${width(at) as number} ${height(at) as number}`;
}

/** @returns What ends it. */
function observe(
  element: Element,
  change: (seen: boolean) => void
): () => void {
  if (!Observer || !isVisible) {
    change(true);
    return () => undefined;
  }
  const observer = new Observer(
    entries =>
      change(apply(isVisible, entries[entries.length - 1], []) as boolean),
    { threshold: 1, trackVisibility: true, delay: LOOK_MS } as object
  );
  apply(observeWith!, observer, [element]);
  return () => apply(disconnect!, observer, []);
}
