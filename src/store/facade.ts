/**
 * What the page gets of an object: its public members, and no way to what lies behind them.
 *
 * Scripts in the page find what the views hold, and could put theirs in its place.
 */
const { apply } = Reflect;
const { create, defineProperty, freeze } = Object;

/** @param inner - Of a class whose private members begin with `_`. */
export function facadeOf<T extends object>(inner: T): Pick<T, keyof T> {
  const facade = create(null) as T;
  const prototype = Object.getPrototypeOf(inner) as object;
  const members = Object.getOwnPropertyDescriptors(prototype);
  for (const [name, { get, value }] of Object.entries(members)) {
    if (!name.startsWith('_') && name !== 'constructor') {
      defineProperty(facade, name, {
        __proto__: null,
        enumerable: true,
        ...(get
          ? { get: () => apply(get, inner, []) as unknown }
          : {
              value: (...args: unknown[]) =>
                apply(value as () => unknown, inner, args) as unknown
            })
      } as object);
    }
  }
  return freeze(facade);
}
