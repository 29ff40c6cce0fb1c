/** The sidebar's light shell: the panel itself is loaded when it is first shown. */
import { PanelLayout, Widget } from '@lumino/widgets';
import { gate } from '../custodian/the-gate';
import { keyIcon } from '../icons';
import type { CredentialsPanel } from '.';

export class PanelShell extends Widget {
  /** @param load - Makes the panel. */
  constructor(
    caption: string,
    private readonly _load: () => Promise<CredentialsPanel>
  ) {
    super();
    this.id = 'jp-credential-store';
    this.title.icon = keyIcon;
    this.title.caption = caption;
    this.layout = new PanelLayout();
    this.addClass('jp-CredentialStore-shell');
    gate.settle(this.node);
  }

  panel(): Promise<CredentialsPanel> {
    this._panel ??= this._load().then(panel => {
      (this.layout as PanelLayout).addWidget(panel);
      return panel;
    });
    return this._panel;
  }

  protected override onAfterShow(): void {
    void this.panel();
  }

  protected override onActivateRequest(): void {
    void this.panel().then(panel => panel.activate());
  }

  private _panel: Promise<CredentialsPanel> | undefined;
}
