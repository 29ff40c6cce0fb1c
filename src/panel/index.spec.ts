import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { services } from '../testing/panel';
import { button, click, press, settle, type } from '../testing/render';
import { FakeStore } from '../testing/store';
import { CredentialsPanel } from '.';

jest.mock('@jupyterlab/apputils', () => ({ Clipboard: {} }));

const trans = nullTranslator.load('jupyterlab_credential_store');

let store: FakeStore;
let panel: CredentialsPanel;
let given: ReturnType<typeof services>;

beforeEach(async () => {
  store = new FakeStore('db');
  given = services();
  await settle(() => {
    panel = new CredentialsPanel(store, given, trans);
    Widget.attach(panel, document.body);
  });
});

afterEach(() => settle(() => panel.dispose()));

const form = () => panel.node.querySelector('form');

it('has its views, a title and tools', () => {
  expect(panel.node.querySelector('h2')!.textContent).toBe('Credentials');
  expect(panel.node.querySelector('[role=listbox]')).not.toBeNull();
});

it('shows the tools that work in the store’s state', async () => {
  const shown = () =>
    [
      ...panel.node.querySelectorAll(
        '.jp-ToolbarButton:not(.lm-mod-hidden) [title]'
      )
    ].map(tool => tool.getAttribute('title'));
  const all = ['Add credential', 'Lock', 'Settings', 'More'];
  expect(shown()).toEqual(all);
  await settle(() => store.lock());
  expect(shown()).toEqual(['Settings', 'More']);
  await settle(() => store.unlock({ passphrase: '' }));
  expect(shown()).toEqual(all);
  await settle(() => store.become({ state: { kind: 'absent' } }));
  expect(shown()).toEqual(['Settings']);
});

it('has a menu for what is done seldom', async () => {
  const { openMenu } = given;
  const more = panel.node.querySelector<HTMLElement>('[title="More"]')!;
  await settle(() => more.click());
  expect(openMenu.mock.calls[0][0].contains(more)).toBe(true);
});

it('opens the page for another passphrase', async () => {
  await settle(() => panel.showPassphrase());
  expect(panel.node.querySelector('h3')!.textContent).toBe('Change passphrase');
});

it('opens the form for a new credential, with the name given', async () => {
  await settle(() => panel.showAdd('new'));
  expect(form()!.getAttribute('aria-label')).toBe('Add credential');
  expect(form()!.querySelector('input')!.value).toBe('new');
});

describe('a page that goes', () => {
  const leave = () => {
    const event = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(event);
    return event.defaultPrevented;
  };

  it('asks before a half-typed credential is lost, and only then', async () => {
    await settle(() => panel.showAdd('new'));
    expect(leave()).toBe(false);
    await type(form()!.querySelector('textarea')!, 'half');
    expect(leave()).toBe(true);
    await press(form()!, 'Escape');
    expect(form()).toBeNull();
    expect(leave()).toBe(true);
    await click(button(panel.node, 'Continue'));
    expect(leave()).toBe(true);
    await click(button(panel.node, 'Cancel'));
    expect(leave()).toBe(false);
  });

  it('asks for what waits for an unlock, too', async () => {
    await settle(() => panel.showAdd('new'));
    await type(form()!.querySelector('textarea')!, 'half');
    await press(form()!, 'Escape');
    await settle(() => store.lock());
    expect(leave()).toBe(true);
    store.draft = null;
    await settle(() => store.unlock({ passphrase: '' }));
    expect(leave()).toBe(false);
  });

  it('asks nothing once the panel is gone', async () => {
    await settle(() => panel.showAdd());
    await type(form()!.querySelector('textarea')!, 'half');
    await settle(() => panel.dispose());
    expect(leave()).toBe(false);
  });
});

it('hears nothing of the store once it is gone', async () => {
  await settle(() => panel.dispose());
  const before = panel.node.innerHTML;
  await settle(() => store.lock());
  expect(panel.node.innerHTML).toBe(before);
});
