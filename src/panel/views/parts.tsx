/** Small parts that several views share. */
import { closeIcon, type LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { gate } from '../../custodian/the-gate';

export { closeIcon };

/** A revealed value hides itself again, in ms. */
export const REVEAL_MS = 30_000;

/** A button that is an icon; `label` is its name and its tooltip. */
export const IconButton = React.forwardRef<
  HTMLButtonElement,
  {
    icon: LabIcon;
    label: string;
    pressed?: boolean;
    /** It opens more of what it stands in. */
    expanded?: boolean;
    /** It opens a menu. */
    hasMenu?: boolean;
    /** The hidden value that it shows or copies: the gate lets nobody else have it. */
    opens?: { readonly id: string; readonly field: number };
    onClick(event: React.MouseEvent): void;
  }
>((props, ref) => {
  const { icon, label, pressed, opens, onClick } = props;
  const button = React.useRef<HTMLButtonElement>(null);
  React.useImperativeHandle(ref, () => button.current!);
  React.useLayoutEffect(() => {
    if (opens) {
      gate.mark(button.current!, opens.id, opens.field);
    }
  });
  return (
    <button
      ref={button}
      type="button"
      className="jp-CredentialStore-iconButton"
      aria-label={label}
      aria-pressed={pressed}
      aria-expanded={props.expanded}
      aria-haspopup={props.hasMenu ? 'menu' : undefined}
      title={label}
      onClick={onClick}
    >
      <icon.react tag="span" width="16px" height="16px" aria-hidden="true" />
    </button>
  );
});
IconButton.displayName = 'IconButton';

export function ErrorLine(props: {
  id: string;
  text: string;
}): React.ReactElement | null {
  return props.text ? (
    <p id={props.id} role="alert" className="jp-CredentialStore-error">
      {props.text}
    </p>
  ) : null;
}
