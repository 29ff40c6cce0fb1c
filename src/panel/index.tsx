/** The panel: Lumino's shell around the views. */
import {
  addIcon,
  ellipsesIcon,
  ReactWidget,
  settingsIcon,
  Toolbar,
  ToolbarButton
} from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Panel, Widget } from '@lumino/widgets';
import * as React from 'react';
import '../../style/base.css';
import { lockIcon } from './icons';
import type { IStore, StoreState } from '../store/types';
import type { IPanelServices, IViewContext } from './context';
import { EMPTY_DRAFT, PanelModel } from './model';
import { App } from './views/app';

export type { IMenuCommand, IPanelServices } from './context';
export { SecretClipboard } from './clipboard';

export class CredentialsPanel extends Panel {
  constructor(
    store: IStore,
    services: IPanelServices,
    trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-CredentialStore');
    this._model = new PanelModel(store, trans);
    const title = new Widget({ node: document.createElement('h2') });
    title.node.textContent = trans.__('Credentials');
    title.addClass('jp-CredentialStore-title');
    const header = new Panel();
    header.addClass('jp-CredentialStore-header');
    header.addWidget(title);
    header.addWidget(this._toolbar);
    this.addWidget(header);
    const context: IViewContext = {
      ...services,
      store,
      trans,
      model: this._model
    };
    const body = ReactWidget.create(<App {...context} />);
    body.addClass('jp-CredentialStore-body');
    this.addWidget(body);
    this._addTools(store, services, trans);
    const follow = () => {
      for (const [tool, states] of this._tools) {
        tool.setHidden(!!states && !states.includes(store.state.kind));
      }
    };
    store.changed.connect(follow);
    const warn = (event: Event) => {
      if (this._model.isUnsaved) {
        // The browser asks whether to leave.
        event.preventDefault();
      }
    };
    window.addEventListener('beforeunload', warn);
    this.disposed.connect(() => {
      window.removeEventListener('beforeunload', warn);
      store.changed.disconnect(follow);
      this._model.dispose();
    });
    follow();
  }

  /** Open the form for a new entry, at once or after the unlock. */
  showAdd(name = ''): void {
    this._model.showForm({ ...EMPTY_DRAFT, name });
  }

  /** Do it once the person has unlocked the store here. */
  afterUnlock(then: () => void): void {
    this._model.afterUnlock(then);
  }

  showPassphrase(): void {
    this._model.showPassphrase();
  }

  /** Typing can begin: a passphrase, a search. */
  protected override onActivateRequest(): void {
    this.node.querySelector('input')?.focus();
  }

  private _addTools(
    store: IStore,
    services: IPanelServices,
    trans: TranslationBundle
  ): void {
    const tool = (
      name: string,
      icon: typeof addIcon,
      tooltip: string,
      onClick: (button: HTMLElement) => void,
      states?: readonly StoreState['kind'][]
    ) => {
      const button = new ToolbarButton({
        icon,
        tooltip,
        onClick: () => {
          // Lab's button counts every click as a toggle.
          button.pressed = false;
          onClick(button.node);
        }
      });
      this._toolbar.addItem(name, button);
      this._tools.set(button, states);
    };
    this._toolbar.addItem('spacer', Toolbar.createSpacerItem());
    tool('add', addIcon, trans.__('Add credential'), () => this.showAdd(), [
      'unlocked'
    ]);
    tool('lock', lockIcon, trans.__('Lock'), () => void store.lock(), [
      'unlocked'
    ]);
    tool('settings', settingsIcon, trans.__('Settings'), () =>
      services.openSettings()
    );
    tool(
      'more',
      ellipsesIcon,
      trans.__('More'),
      button => services.openMenu(button),
      ['locked', 'unlocked']
    );
  }

  private readonly _toolbar = new Toolbar();
  private readonly _model: PanelModel;
  /** And when they are shown; undefined: always. */
  private readonly _tools = new Map<
    Widget,
    readonly StoreState['kind'][] | undefined
  >();
}
