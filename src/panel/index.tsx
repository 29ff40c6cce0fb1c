/** The panel: Lumino's shell around the views. */
import {
  addIcon,
  PanelWithToolbar,
  ReactWidget,
  settingsIcon,
  ToolbarButton
} from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import * as React from 'react';
import { lockIcon, passphraseIcon } from './icons';
import type { IStore } from '../store/types';
import type { IPanelServices, IViewContext } from './context';
import { EMPTY_DRAFT, PanelModel } from './model';
import { App } from './views/app';

export type { IPanelServices } from './context';
export { SecretClipboard } from './clipboard';

export class CredentialsPanel extends PanelWithToolbar {
  constructor(
    store: IStore,
    services: IPanelServices,
    trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-CredentialStore');
    this._model = new PanelModel(store);
    this._words = trans;
    const title = new Widget({ node: document.createElement('h2') });
    title.node.textContent = trans.__('Credentials');
    title.addClass('jp-CredentialStore-title');
    this.insertWidget(0, title);
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
      for (const tool of this._unlockedTools) {
        tool.setHidden(store.state.kind !== 'unlocked');
      }
    };
    store.changed.connect(follow);
    this.disposed.connect(() => {
      store.changed.disconnect(follow);
      this._model.dispose();
    });
    follow();
  }

  /** Open the form for a new entry, at once or after the unlock. */
  showAdd(name = ''): void {
    this._model.showForm(
      { ...EMPTY_DRAFT, name },
      this._words.__('Add credential')
    );
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
      onClick: () => void,
      unlockedOnly = true
    ) => {
      const button = new ToolbarButton({ icon, tooltip, onClick });
      this.toolbar.addItem(name, button);
      if (unlockedOnly) {
        this._unlockedTools.push(button);
      }
    };
    tool('add', addIcon, trans.__('Add credential'), () => this.showAdd());
    tool('lock', lockIcon, trans.__('Lock'), () => void store.lock());
    tool('passphrase', passphraseIcon, trans.__('Change passphrase…'), () =>
      this._model.showPassphrase()
    );
    tool(
      'settings',
      settingsIcon,
      trans.__('Settings'),
      () => services.openSettings(),
      false
    );
  }

  private readonly _model: PanelModel;
  private readonly _words: TranslationBundle;
  private readonly _unlockedTools: Widget[] = [];
}
