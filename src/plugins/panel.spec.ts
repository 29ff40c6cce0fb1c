import { Notification } from '@jupyterlab/apputils';
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

const signal = () => ({ connect: jest.fn(), disconnect: jest.fn() });

/** The commands of the plugin, by id. */
function activate(store: FakeStore): Record<string, any> {
  const commands: Record<string, any> = {};
  const app = {
    commands: {
      addCommand: (id: string, command: unknown) => (commands[id] = command)
    },
    shell: { add: jest.fn(), currentWidget: {} },
    serviceManager: { contents: { fileChanged: signal() } }
  };
  const session = { lockChanged: signal(), ready: async () => store };
  const notebooks = { has: () => true };
  const [none, activate] = [null, panelPlugin.activate as any];
  activate(app, session, none, none, none, notebooks, none, none);
  return commands;
}

describe('“Insert Credential”', () => {
  it.each([
    [true, []],
    [false, [['Select a code cell first.']]]
  ])('says so if there is no cell to write to: %s', async (done, said) => {
    jest.mocked(insertCall).mockReturnValue(done);
    const { [CommandIDs.insert]: insert } = activate(new FakeStore('db'));
    expect(insert.isEnabled()).toBe(true);
    await insert.execute({ name: 'db' });
    expect(insertCall).toHaveBeenCalledWith('db', expect.anything());
    expect(jest.mocked(Notification.warning).mock.calls).toEqual(said);
  });
});
