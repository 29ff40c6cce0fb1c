/**
 * Tells what the person presses, by the events that only the browser can make: no script in the
 * page can press a button, nor give it the focus and wait for the next key.
 *
 * Loaded when Lab starts, so that nobody's listener comes before this one.
 */

/** A button that was pressed, or Enter in something else. */
export interface IPress {
  readonly button: Element | null;
  readonly enter: Element | null;
  readonly byKey: boolean;
  /**
   * With a key: where Tab was pressed, or the mouse, that brought the focus to the button. Null: a
   * script has put it there.
   */
  readonly from: Element | null;
}

const { apply } = Reflect;
const scope = globalThis as Partial<typeof globalThis>;
const targetOf = getter(scope.Event, 'target');
const keyOf = getter(scope.KeyboardEvent, 'key');
const repeatOf = getter(scope.KeyboardEvent, 'repeat');
const typeOf = getter(scope.HTMLInputElement, 'type');
const nameOf = getter(scope.Element, 'localName');
const contains = scope.Node?.prototype.contains;
const closest = scope.Element?.prototype.closest;
const addListener = scope.EventTarget?.prototype.addEventListener;

/** Whether an element is another, or lies in it. */
export function lies(element: Element | null, within: Element): boolean {
  return element !== null && apply(contains!, within, [element]);
}

/** Whether text is typed into it. */
export function isField(element: Element): boolean {
  return nameOf(element) === 'input' && typeOf(element) !== 'checkbox';
}

/** @param press - Called for each press, before anybody else hears of it. */
export function watchPresses(press: (press: IPress) => void): void {
  const read = reader(press);
  const onEvent = (event: Event) => {
    // The browser's own; no script can set it.
    if (event.isTrusted) {
      read(event);
    }
  };
  const options = { capture: true, passive: true };
  for (const type of [
    'pointerdown',
    'mousedown',
    'keydown',
    'focusin',
    'click'
  ]) {
    apply(addListener!, globalThis, [type, onEvent, options]);
  }
}

/** Reads presses out of the browser's events. */
export function reader(press: (press: IPress) => void): (event: Event) => void {
  /** Where the mouse, or a key that presses, went down. */
  let down: Element | null = null;
  let byKey = false;
  let tabbed: Element | null = null;
  let focused: Element | null = null;
  let from: Element | null = null;
  return event => {
    const target = targetOf(event) as Element;
    switch (event.type) {
      case 'keydown': {
        const key = keyOf(event);
        tabbed = key === 'Tab' ? target : key === 'Shift' ? tabbed : null;
        byKey = true;
        // A key that is held down was meant for what had the focus before.
        const meant = (key === 'Enter' || key === ' ') && !repeatOf(event);
        down = meant ? target : null;
        if (meant && key === 'Enter') {
          press({ button: null, enter: target, byKey, from: null });
        }
        break;
      }
      case 'focusin':
        focused = target;
        from = tabbed ?? (!byKey && lies(down, target) ? down : null);
        break;
      case 'click': {
        // Not the one that a label passes on.
        const pressed = apply(closest!, target, ['button']) as Element | null;
        const button = pressed && lies(down, pressed) ? pressed : null;
        if (!button && byKey) {
          // The browser clicks a form's button for Enter in a field, which was told already.
          break;
        }
        press({
          button,
          enter: null,
          byKey,
          from: focused === button ? from : null
        });
        break;
      }
      default:
        down = target;
        byKey = false;
        tabbed = null;
    }
  };
}

/** Reads a property by its getter as it is now. */
export function getter(
  of: { readonly prototype: object } | undefined,
  name: string
): (it: object) => unknown {
  const get = of && Object.getOwnPropertyDescriptor(of.prototype, name)?.get;
  return it => apply(get!, it, []) as unknown;
}
