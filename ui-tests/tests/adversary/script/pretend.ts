/** A hostile script's presses that no person made. */

export interface IPretend {
  /** Click and type by made-up events, all over an element. */
  pretend(selector: string): void;
  /** Call the handlers that React keeps at an element, with made-up events. */
  react(selector: string): void;
}

/** Runs in the page. */
export function pretend(): IPretend {
  type Any = any;

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

  return { pretend, react };
}
