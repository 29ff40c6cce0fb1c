/** A bar for work that takes a while: in the panel and in the dialog. */
import * as React from 'react';

/** How long work may take before a bar shows that it goes on, in ms. */
const PATIENCE_MS = 400;

/** For work that may be over before one looks: a bar that flashes up tells nothing, and moves the rest. */
export function Progress(props: { label: string }): React.ReactElement | null {
  const [isLate, setLate] = React.useState(false);
  React.useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return isLate ? <progress aria-label={props.label} /> : null;
}
