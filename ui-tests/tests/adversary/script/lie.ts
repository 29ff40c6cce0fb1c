/** A hostile script's built-ins, which say that the person pressed what they did not. */
import type { ICall } from './call';

export interface ILie {
  /**
   * Have built-ins answer as if an element was pressed, marked and seen for long. Checks that they
   * do; returns what makes them honest again.
   */
  lie(element: Element, mark: string): () => void;
}

/** Runs in the page. */
export function lie({ button }: ICall): ILie {
  type Any = any;

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

  return { lie };
}
