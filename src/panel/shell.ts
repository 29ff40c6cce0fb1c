/** The sidebar's light shell: the panel itself is loaded when it is first shown. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { PanelLayout, Widget } from '@lumino/widgets';
import { gate } from '../custodian/the-gate';
import { keyIcon } from '../icons';
import type { StoreState } from '../store/types';
import type { CredentialsPanel } from '.';

export class PanelShell extends Widget {
  /** @param load - Makes the panel. */
  constructor(
    private readonly _trans: TranslationBundle,
    private readonly _load: () => Promise<CredentialsPanel>
  ) {
    super();
    this.id = 'jp-credential-store';
    this.title.icon = keyIcon;
    this.title.caption = _trans.__('Credentials');
    this.layout = new PanelLayout();
    this.addClass('jp-CredentialStore-shell');
    gate.settle(this.node);
    this._live.className = 'jp-CredentialStore-live';
    this._live.setAttribute('aria-live', 'polite');
    // Not in the panel: what is in a closed sidebar is not read out.
    document.body.append(this._live);
  }

  /** Tell a screen reader. */
  announce(words: string): void {
    // The same once more would be read twice.
    if (this._live.textContent !== words) {
      this._live.textContent = words;
    }
  }

  /** The tab shows it; a change is announced. */
  showLock(kind: StoreState['kind']): void {
    const { title, _trans: trans } = this;
    const unlocked = kind === 'unlocked';
    const isNew = unlocked !== !!title.className;
    title.className = unlocked ? 'jp-CredentialStore-unlocked' : '';
    title.caption = unlocked
      ? trans.__('Credentials (unlocked)')
      : kind === 'locked'
        ? trans.__('Credentials (locked)')
        : trans.__('Credentials');
    if (isNew) {
      this.announce(
        unlocked
          ? trans.__('Store unlocked')
          : kind === 'locked'
            ? trans.__('Store locked')
            : ''
      );
    }
  }

  panel(): Promise<CredentialsPanel> {
    this._panel ??= this._load().then(panel => {
      (this.layout as PanelLayout).addWidget(panel);
      return panel;
    });
    this._panel.catch(() => {
      // What could not be loaded now may be loaded later.
      this._panel = undefined;
    });
    return this._panel;
  }

  override dispose(): void {
    this._live.remove();
    super.dispose();
  }

  protected override onAfterShow(): void {
    void this.panel();
  }

  protected override onActivateRequest(): void {
    void this.panel().then(panel => panel.activate());
  }

  private readonly _live = document.createElement('div');
  private _panel: Promise<CredentialsPanel> | undefined;
}
