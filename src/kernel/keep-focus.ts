/** Keeps the focus in a dialog. */
import type * as React from 'react';

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
  if (event.shiftKey ? target === first : target === last) {
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
}
