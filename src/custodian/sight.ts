/**
 * Tells whether elements are to be seen as they are: not covered, transparent, filtered or
 * distorted. Where the browser cannot tell (only Chromium can), they count as seen.
 */

const { apply } = Reflect;
const scope = globalThis as {
  IntersectionObserver?: typeof IntersectionObserver;
  IntersectionObserverEntry?: typeof IntersectionObserverEntry;
};
const Observer = scope.IntersectionObserver;
const observe = Observer?.prototype.observe;
const disconnect = Observer?.prototype.disconnect;
const isVisible =
  scope.IntersectionObserverEntry &&
  Object.getOwnPropertyDescriptor(
    scope.IntersectionObserverEntry.prototype,
    'isVisible'
  )?.get;

/** How often the browser looks, in ms; it allows no less. */
const LOOK_MS = 100;

/**
 * @param change - Told whether the element is to be seen, at first and when that changes.
 * @returns What ends it.
 */
export function watchSight(
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
  apply(observe!, observer, [element]);
  return () => apply(disconnect!, observer, []);
}
