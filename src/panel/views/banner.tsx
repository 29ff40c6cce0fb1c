/** A banner is one line; what does not fit into it opens below. */
import { caretDownIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { warningIcon } from '../icons';
import type { IViewContext } from '../context';
import { IconButton } from './parts';

export function Banner(props: {
  text: string;
  trans: IViewContext['trans'];
  /** It is to be read before one acts. */
  startsOpen?: boolean;
  /** What one can do. */
  children: React.ReactNode;
}): React.ReactElement {
  const { text, trans } = props;
  const line = React.useRef<HTMLSpanElement>(null);
  const [isCut, setCut] = React.useState(false);
  const [isOpen, setOpen] = React.useState(props.startsOpen ?? false);
  React.useEffect(() => {
    const node = line.current!;
    const measure = () => setCut(node.scrollWidth > node.clientWidth);
    measure();
    // The sidebar is as wide as a person makes it.
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    return () => observer.disconnect();
  }, [text]);
  return (
    <div className={`jp-CredentialStore-notice ${isOpen ? 'jp-mod-open' : ''}`}>
      <warningIcon.react tag="span" width="16px" height="16px" />
      <span ref={line} className="jp-CredentialStore-noticeText">
        {text}
      </span>
      {(isCut || isOpen) && (
        <IconButton
          icon={caretDownIcon}
          label={trans.__('Whole message')}
          expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        />
      )}
      {props.children}
    </div>
  );
}
