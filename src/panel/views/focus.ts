/** Where the focus goes when a page comes, so that a person at the keyboard is not sent back to the top. */
import * as React from 'react';

/** For what a page begins with: it gets the focus, unless that is somewhere else in Lab. */
export function useStart<T extends HTMLElement>(): React.RefObject<T> {
  const start = React.useRef<T>(null);
  React.useEffect(() => {
    if (isFocusOurs()) {
      start.current?.focus();
    }
  }, []);
  return start;
}

/** Nobody has it (the button that was pressed is gone), or the panel has. */
export function isFocusOurs(): boolean {
  const { activeElement } = document;
  return (
    !activeElement ||
    activeElement === document.body ||
    activeElement.closest('.jp-CredentialStore') !== null
  );
}
