/** The settings of schema/plugin.json, with the defaults that hold until they are loaded. */
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { Signal } from '@lumino/signaling';

export interface IPreferenceValues {
  /** 0: never. */
  readonly autoLockMinutes: number;
  /** 0: stay in the clipboard. */
  readonly clipboardSeconds: number;
  readonly defaultConsent: 'once' | 'kernel' | 'notebook';
  /** How long the dialog's allow buttons wait, in ms. */
  readonly armingDelay: number;
}

export class Preferences {
  readonly changed = new Signal<this, void>(this);

  values: IPreferenceValues = {
    autoLockMinutes: 15,
    clipboardSeconds: 30,
    defaultConsent: 'once',
    armingDelay: 500
  };

  follow(settings: ISettingRegistry.ISettings): void {
    const update = () => {
      this.values = {
        ...this.values,
        ...(settings.composite as Partial<IPreferenceValues>)
      };
      this.changed.emit();
    };
    settings.changed.connect(update);
    update();
  }
}
