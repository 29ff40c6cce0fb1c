/** What a credential's menu has, and where it opens. */
import {
  addIcon,
  copyIcon,
  deleteIcon,
  duplicateIcon,
  editIcon,
  type LabIcon
} from '@jupyterlab/ui-components';
import type * as React from 'react';
import type { IEntrySummary } from '../../custodian/protocol';
import { keyIcon } from '../../icons';
import type { IMenuCommand, IViewContext } from '../context';

/** The mouse's right button; a key that opens a menu has none. */
export const RIGHT = 2;

type Action = 'open' | 'copy' | 'insert' | 'edit' | 'duplicate' | 'remove';

export interface IPlace {
  readonly x: number;
  readonly y: number;
}

/** Where a menu opens: at the pointer, or below what has the focus or is active. */
export function placeOf(event: React.MouseEvent): IPlace {
  if (event.button === RIGHT) {
    return { x: event.clientX, y: event.clientY };
  }
  const node = event.currentTarget;
  const active = document.getElementById(
    node.getAttribute('aria-activedescendant') ?? ''
  );
  const { left, bottom } = (active ?? node).getBoundingClientRect();
  return { x: left, y: bottom };
}

/** @param without - What has a button of its own beside the menu. */
export function commandsFor(
  entry: IEntrySummary,
  actions: Readonly<Record<Action, (entry: IEntrySummary) => void>>,
  trans: IViewContext['trans'],
  without: readonly Action[] = []
): readonly IMenuCommand[] {
  const all: Record<Action, readonly [string, LabIcon]> = {
    open: [trans.__('Open'), keyIcon],
    copy: [trans.__('Copy code'), copyIcon],
    insert: [trans.__('Insert into notebook'), addIcon],
    edit: [trans.__('Edit'), editIcon],
    duplicate: [trans.__('Duplicate'), duplicateIcon],
    remove: [trans.__('Delete'), deleteIcon]
  };
  return (Object.keys(all) as Action[])
    .filter(action => !without.includes(action))
    .map(action => {
      const [label, icon] = all[action];
      return { label, icon, execute: () => actions[action](entry) };
    });
}
