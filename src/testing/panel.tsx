/** The panel's views on a fake store, as the panel shows them. */
import { nullTranslator } from '@jupyterlab/translation';
import * as React from 'react';
import { KernelGrants } from '../kernel/grants';
import { PanelModel } from '../panel/model';
import type { IMenuCommand, IViewContext } from '../panel/context';
import { App } from '../panel/views/app';
import { render } from './render';
import type { FakeStore } from './store';

export function services() {
  return {
    copySecret: jest.fn(async (_text: string) => true),
    copyValue: jest.fn(async (_id: string, _field: number) => true),
    copyText: jest.fn((_text: string) => undefined),
    announce: jest.fn((_words: string) => undefined),
    insert: jest.fn(async (_name: string) => true),
    insertCell: jest.fn(async (_name: string) => true),
    openNotebook: jest.fn(async () => true),
    offerUndo: jest.fn((_message: string, _undo: () => void) => undefined),
    openSettings: jest.fn(),
    openMenu: jest.fn((_button: HTMLElement) => undefined),
    openCommands: jest.fn(
      (
        _commands: readonly IMenuCommand[],
        _at: { x: number; y: number },
        _closed: () => void
      ) => undefined
    ),
    kernelGrants: new KernelGrants()
  };
}

export async function showPanel(store: FakeStore) {
  const trans = nullTranslator.load('jupyterlab_credential_store');
  const context = {
    ...services(),
    store,
    model: new PanelModel(store, trans),
    trans
  } satisfies IViewContext;
  const view = await render(<App {...context} />);
  return { ...context, view };
}

/** Whatever the page shows or holds in attributes; the values of fields are neither. */
export function exposed(): string {
  return document.documentElement.outerHTML;
}
