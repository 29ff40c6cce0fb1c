/** Keeps the focus in a dialog, and stray keys out of its fields. */
import type * as React from 'react';

/** No key for this long: nobody is typing, in ms. */
const QUIET_MS = 300;

/**
 * Gives the focus to a dialog, and to its field once nobody types: a person who was typing as it
 * came up would have the rest of the sentence stored there, and Enter would hand it out.
 *
 * @returns What stops the waiting.
 */
export function focusWhenQuiet(
  root: HTMLElement,
  field: HTMLElement
): () => void {
  const over = new AbortController();
  const { signal } = over;
  let timer: ReturnType<typeof setTimeout>;
  const stop = () => {
    clearTimeout(timer);
    over.abort();
  };
  const isWithin = (element: unknown) =>
    element !== root && root.contains(element as Node | null);
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (document.activeElement === root) {
        return field.focus();
      }
      // Something in the page took it, and may have taken keys; a dialog of Lab's keeps it.
      root.focus();
      if (document.activeElement === root) {
        wait();
      } else {
        stop();
      }
    }, QUIET_MS);
  };
  document.addEventListener(
    'keydown',
    event => {
      wait();
      if (event.target === root && event.key !== 'Tab') {
        event.preventDefault();
        event.stopPropagation();
      }
    },
    { signal, capture: true }
  );
  // A click or Tab has chosen, or the time is up.
  document.addEventListener(
    'focusin',
    ({ target }) => {
      if (isWithin(target)) {
        stop();
      }
    },
    { signal }
  );
  root.focus();
  wait();
  return stop;
}

/**
 * Keeps a person who was typing as a dialog came up from pressing its button: Space and Enter count
 * once no key was pressed for a while.
 *
 * @returns What stops that.
 */
export function ignoreStrayPresses(root: HTMLElement): () => void {
  const over = new AbortController();
  let timer = setTimeout(() => over.abort(), QUIET_MS);
  const ignore = (event: KeyboardEvent) => {
    if (event.type === 'keydown') {
      clearTimeout(timer);
      timer = setTimeout(() => over.abort(), QUIET_MS);
    }
    if (
      (event.key === ' ' || event.key === 'Enter') &&
      root.contains(event.target as Node)
    ) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  for (const type of ['keydown', 'keyup'] as const) {
    document.addEventListener(type, ignore, {
      signal: over.signal,
      capture: true
    });
  }
  return () => {
    clearTimeout(timer);
    over.abort();
  };
}

/** Lab gives a document that it shows the focus, at once or when that is ready. */
export function keepFocusFor(
  ms: number,
  root: Element,
  back: () => void
): void {
  const over = new AbortController();
  setTimeout(() => over.abort(), ms);
  document.addEventListener(
    'focusin',
    ({ target }) => {
      if (root.isConnected && !root.contains(target as Node)) {
        back();
      }
    },
    { signal: over.signal }
  );
}

/** Tab goes round within the dialog. */
export function keepFocus(event: React.KeyboardEvent): void {
  const all = event.currentTarget.querySelectorAll<HTMLElement>(
    'input, button:enabled'
  );
  const first = all[0];
  const last = all[all.length - 1];
  const { target } = event;
  const isFirst = target === first || target === event.currentTarget;
  if (event.shiftKey ? isFirst : target === last) {
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
}
