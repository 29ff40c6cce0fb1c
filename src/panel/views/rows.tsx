/** A row of the list, and the buttons that belong to it. */
import { copyIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IEntrySummary } from '../../custodian/protocol';
import keySvg from '../../../style/icons/key.svg';
import type { IViewContext } from '../context';
import { moreIcon } from '../icons';
import { IconButton } from './parts';

/** A row's height, in px. */
export const ROW = 28;

const KEY = { __html: keySvg };

interface IRowProps {
  readonly entry: IEntrySummary;
  readonly position: number;
  readonly size: number;
  readonly active: boolean;
  readonly hovered: boolean;
  /** Another entry has the same name. */
  readonly isNamesake: boolean;
  readonly trans: IViewContext['trans'];
  onOpen(entry: IEntrySummary): void;
  onMenu(event: React.MouseEvent, position: number): void;
  onHover(position: number): void;
}

/** A key in the search box draws dozens of them: no LabIcon, no buttons. */
export const Row = React.memo((props: IRowProps): React.ReactElement => {
  const { entry, position, size, active, hovered, trans, onHover } = props;
  return (
    <div
      id={rowId(position)}
      className={`jp-CredentialStore-row ${hovered ? 'jp-mod-hovered' : ''}`}
      style={{ top: position * ROW }}
      role="option"
      aria-selected={active}
      aria-setsize={size}
      aria-posinset={position + 1}
      title={entry.name}
      onClick={() => props.onOpen(entry)}
      onContextMenu={event => props.onMenu(event, position)}
      onMouseEnter={() => onHover(position)}
      // For a pointer that rests while the list comes or goes below it.
      onMouseMove={() => onHover(position)}
    >
      <span dangerouslySetInnerHTML={KEY} />
      <span className="jp-CredentialStore-name">{entry.name}</span>
      <span className="jp-CredentialStore-user">{entry.user}</span>
      {props.isNamesake && (
        <span
          className="jp-CredentialStore-tag jp-CredentialStore-namesake"
          title={trans.__('Code gets the one that was changed last')}
        >
          {trans.__('same name')}
        </span>
      )}
      <span className="jp-CredentialStore-rowTags">
        {entry.tags.map(tag => (
          <span key={tag} className="jp-CredentialStore-tag">
            {tag}
          </span>
        ))}
      </span>
    </div>
  );
});
Row.displayName = 'Row';

export function rowId(position: number): string {
  return `jp-CredentialStore-row-${position}`;
}

/**
 * Over the row's end, but beside the listbox, which may have no children but its options. Tab, or
 * the right arrow, leads here from the list.
 */
export function RowActions(props: {
  entry: IEntrySummary;
  position: number;
  hovered: boolean;
  trans: IViewContext['trans'];
  onMenu(event: React.MouseEvent, position: number): void;
  onHover(position: number): void;
  onCopy(entry: IEntrySummary): void;
  /** Back to the list. */
  onLeave(): void;
}): React.ReactElement {
  const { entry, position, hovered, trans } = props;
  const onKeyDown = (event: React.KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
    if (!step && event.key !== 'Escape') {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const buttons = [...event.currentTarget.querySelectorAll('button')];
    const at = buttons.findIndex(one => one === event.target) + step;
    if (at < 0 || !step) {
      props.onLeave();
    } else {
      buttons[at]?.focus();
    }
  };
  return (
    <div
      className={`jp-CredentialStore-rowActions ${hovered ? 'jp-mod-hovered' : ''}`}
      style={{ top: position * ROW }}
      role="group"
      aria-label={trans.__('Actions for %1', entry.name)}
      onKeyDown={onKeyDown}
      onContextMenu={event => props.onMenu(event, position)}
      onMouseEnter={() => props.onHover(position)}
    >
      <IconButton
        icon={copyIcon}
        label={trans.__('Copy code for %1', entry.name)}
        onClick={() => props.onCopy(entry)}
      />
      <IconButton
        icon={moreIcon}
        label={trans.__('Menu for %1', entry.name)}
        hasMenu
        onClick={event => props.onMenu(event, position)}
      />
    </div>
  );
}
