import { Notification } from '@jupyterlab/apputils';
import { Signal } from '@lumino/signaling';
import { CommandIDs } from '../commands';
import { insertCall } from '../insert';
import { FakeStore } from '../testing/store';
import { panelPlugin } from './panel';

jest.mock('@jupyterlab/application', () => ({}));
jest.mock('@jupyterlab/apputils', () => ({
  Notification: { info: jest.fn(), warning: jest.fn(), dismiss: jest.fn() }
}));
jest.mock('@jupyterlab/console', () => ({}));
jest.mock('@jupyterlab/notebook', () => ({}));
jest.mock('../insert', () => ({ insertCall: jest.fn(), quickPick: jest.fn() }));

const signal = () => new Signal<object, any>({});

/** The plugin in a page with a notebook in front, or a shell that tells nothing of its documents. */
function activate(store: FakeStore, tells = true) {
  const added: Record<string, any> = {};
  const notebook = { content: { activeCell: { model: { type: 'code' } } } };
  const console_ = {};
  const tracker = (widget: object) => ({
    has: (one: object) => one === widget,
    currentChanged: signal(),
    activeCellChanged: signal()
  });
  const shell = {
    add: jest.fn(),
    currentWidget: notebook as object | null,
    currentChanged: tells ? signal() : undefined
  };
  const commands = {
    addCommand: (id: string, command: unknown) => (added[id] = command),
    notifyCommandChanged: jest.fn()
  };
  const contents = { fileChanged: signal() };
  const app = { commands, shell, serviceManager: { contents } };
  const session = { lockChanged: signal(), ready: async () => store, store };
  const [notebooks, consoles] = [tracker(notebook), tracker(console_)];
  const plugin = panelPlugin.activate as any;
  plugin(app, session, null, null, notebooks, consoles, null);
  return {
    ...{ notebook, console_, shell, notebooks, consoles, session },
    insert: added[CommandIDs.insert],
    notify: commands.notifyCommandChanged,
    tab: shell.add.mock.calls[0][0].title
  };
}

describe('“Insert Credential”', () => {
  it.each([
    [true, []],
    [false, [['Select a code cell first.']]]
  ])('says so if there is no cell to write to: %s', async (done, said) => {
    jest.mocked(insertCall).mockReturnValue(done);
    const { insert } = activate(new FakeStore('db'));
    await insert.execute({ name: 'db' });
    expect(insertCall).toHaveBeenCalledWith('db', expect.anything());
    expect(jest.mocked(Notification.warning).mock.calls).toEqual(said);
  });

  it('is enabled for a code cell and for a console', () => {
    const { insert, shell, console_ } = activate(new FakeStore('db'));
    expect(insert.isEnabled()).toBe(true);
    expect(insert.label()).toBe('Insert Credential');
    shell.currentWidget = console_;
    expect(insert.isEnabled()).toBe(true);
    expect(insert.label()).toBe('Insert Credential');
  });

  it.each(['markdown', 'raw'])('gives the reason at a %s cell', type => {
    const { insert, notebook } = activate(new FakeStore('db'));
    notebook.content.activeCell.model.type = type;
    expect(insert.isEnabled()).toBe(false);
    expect(insert.label()).toBe('Insert Credential (select a code cell first)');
  });

  it.each([[null], [{}]])('gives the reason without a document', widget => {
    const { insert, shell } = activate(new FakeStore('db'));
    shell.currentWidget = widget;
    expect(insert.isEnabled()).toBe(false);
    expect(insert.label()).toBe(
      'Insert Credential (open a notebook or console first)'
    );
  });

  it.each([true, false])(
    'is looked at anew with another cell or document; the shell tells: %s',
    tells => {
      const { shell, notebooks, consoles, notify } = activate(
        new FakeStore('db'),
        tells
      );
      for (const changed of [
        shell.currentChanged,
        notebooks.currentChanged,
        notebooks.activeCellChanged,
        consoles.currentChanged
      ]) {
        notify.mockClear();
        changed?.emit(null);
        expect(notify.mock.calls).toEqual(changed ? [[CommandIDs.insert]] : []);
      }
    }
  );
});

it('a lock and an unlock are seen in the sidebar’s tab', async () => {
  const store = new FakeStore('db');
  const { session, tab } = activate(store);
  expect(tab.caption).toBe('Credentials');
  session.lockChanged.emit(true);
  expect(tab.caption).toBe('Credentials (unlocked)');
  await store.lock();
  session.lockChanged.emit(false);
  expect(tab.caption).toBe('Credentials (locked)');
});
