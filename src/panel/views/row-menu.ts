/** What a row's menu has, and where it opens. */
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

export function commandsFor(
  entry: IEntrySummary,
  actions: Readonly<Record<Action, (entry: IEntrySummary) => void>>,
  trans: IViewContext['trans']
): readonly IMenuCommand[] {
  const { open, copy, insert, edit, duplicate, remove } = actions;
  const command = (
    label: string,
    action: (entry: IEntrySummary) => void,
    icon?: LabIcon
  ) => ({ label, icon, execute: () => action(entry) });
  return [
    command(trans.__('Open'), open, keyIcon),
    command(trans.__('Copy code'), copy, copyIcon),
    command(trans.__('Insert into notebook'), insert, addIcon),
    command(trans.__('Edit'), edit, editIcon),
    command(trans.__('Duplicate'), duplicate, duplicateIcon),
    command(trans.__('Delete'), remove, deleteIcon)
  ];
}
