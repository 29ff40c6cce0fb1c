import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { PanelShell } from './shell';

const trans = nullTranslator.load('jupyterlab_credential_store');
const live = () => document.querySelector('[aria-live=polite]');

let panel: Widget;
let load: jest.Mock;
let shell: PanelShell;

beforeEach(() => {
  panel = new Widget();
  load = jest.fn(async () => panel);
  shell = new PanelShell(trans, load);
  shell.hide();
  Widget.attach(shell, document.body);
});
afterEach(() => shell.dispose());

it('loads the panel when the sidebar first shows it, once', async () => {
  expect(load).not.toHaveBeenCalled();
  shell.show();
  expect(load).toHaveBeenCalledTimes(1);
  expect(await shell.panel()).toBe(panel);
  expect(shell.node.contains(panel.node)).toBe(true);
  expect(load).toHaveBeenCalledTimes(1);
});

it('tries again where it could not be loaded', async () => {
  load.mockRejectedValueOnce(new Error('offline'));
  await expect(shell.panel()).rejects.toThrow('offline');
  expect(await shell.panel()).toBe(panel);
});

describe('the sidebar’s key', () => {
  it.each([
    ['absent', 'Credentials', ''],
    ['locked', 'Credentials (locked)', ''],
    ['unlocked', 'Credentials (unlocked)', 'jp-CredentialStore-unlocked'],
    ['unusable', 'Credentials', '']
  ] as const)('shows a store that is %s', (kind, caption, className) => {
    expect(shell.title.caption).toBe('Credentials');
    shell.showLock(kind);
    expect(shell.title.caption).toBe(caption);
    expect(shell.title.className).toBe(className);
  });
});

describe('a screen reader', () => {
  it('is told of each lock and unlock, though the sidebar is closed', () => {
    shell.showLock('unlocked');
    expect(shell.node.contains(live())).toBe(false);
    expect(live()!.textContent).toBe('Store unlocked');
    shell.showLock('locked');
    expect(live()!.textContent).toBe('Store locked');
    shell.showLock('unlocked');
    // What was said before may have told a name.
    shell.showLock('unusable');
    expect(live()!.textContent).toBe('');
  });

  it('is not told that what was locked still is', () => {
    shell.showLock('locked');
    expect(live()!.textContent).toBe('');
  });

  it('is told nothing twice', () => {
    shell.announce('Store locked');
    const text = live()!.firstChild;
    shell.announce('Store locked');
    expect(live()!.firstChild).toBe(text);
    shell.announce('');
    expect(live()!.textContent).toBe('');
  });

  it('finds no region where there is no panel any more', () => {
    shell.dispose();
    expect(live()).toBeNull();
  });
});
