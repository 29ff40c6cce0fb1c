/** A menu whose commands are nobody else's: they are for what it was opened on. */
import { MenuSvg } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import type { ISignal } from '@lumino/signaling';
import type { IMenuCommand } from '../panel';

/**
 * @param closed - Called before the command that was chosen.
 * @param over - What it was opened on is gone when this emits.
 */
export function openCommandMenu(
  commands: readonly IMenuCommand[],
  { x, y }: { readonly x: number; readonly y: number },
  closed: () => void,
  over: ISignal<unknown, unknown>
): MenuSvg {
  const registry = new CommandRegistry();
  const menu = new MenuSvg({ commands: registry });
  commands.forEach(({ label, icon, execute }, i) => {
    const command = `${i}`;
    registry.addCommand(command, {
      describedBy: { args: { type: 'object', properties: {} } },
      label,
      icon,
      execute
    });
    menu.addItem({ command });
  });
  const close = () => menu.close();
  over.connect(close);
  menu.aboutToClose.connect(() => {
    over.disconnect(close);
    closed();
  });
  menu.open(x, y);
  return menu;
}
