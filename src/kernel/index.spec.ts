import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { FakeStore, request } from '../testing/store';
import { KernelGrants } from './grants';
import { askConsent } from './consent-dialog';
import { makeQueue } from '.';

jest.mock('./consent-dialog', () => ({ askConsent: jest.fn() }));

const activate = jest.fn();
const noStore = jest.fn();
const sendInputReply = jest.fn();

/** A request from a notebook. */
async function ask(store = new FakeStore('db')) {
  jest.clearAllMocks();
  const connection = { id: 'k', clientId: 'c', sendInputReply } as any;
  connection.statusChanged = new Signal(connection);
  connection.iopubMessage = new Signal(connection);
  connection.disposed = new Signal(connection);
  const widget = {
    sessionContext: {
      path: 'work/a.ipynb',
      name: 'a\u202e.ipynb',
      kernelDisplayName: 'Python 3',
      session: { kernel: connection }
    }
  };
  const queue = makeQueue({
    grants: new KernelGrants(),
    store,
    trans: nullTranslator.load('jupyterlab_credential_store'),
    notebooks: { find: (test: any) => [widget].find(test) } as any,
    consoles: null,
    activate,
    startOf: () => 7,
    preferences: () => ({ armingDelayMs: 7, defaultConsent: 'kernel' }),
    noStore
  });
  let decide!: (decision: any) => void;
  jest
    .mocked(askConsent)
    .mockReturnValueOnce(new Promise(resolve => (decide = resolve)));
  const content = { prompt: request(['db']), password: true };
  const done = queue.handle(connection, { header: {}, content } as any);
  await new Promise(resolve => setTimeout(resolve));
  return { done, decide };
}

it('asks in a dialog, as the person prefers, and replies', async () => {
  const { done, decide } = await ask();
  const [question, , preferences] = jest.mocked(askConsent).mock.calls[0];
  expect(question.document).toMatchObject({
    path: 'work/a.ipynb',
    kernelSince: 7
  });
  expect(preferences).toEqual({ armingDelayMs: 7, defaultConsent: 'kernel' });
  decide({ kind: 'allow', scope: 'once' });
  await done;
  expect(sendInputReply.mock.calls[0][0].value).toBe('granted 0');
});

it('tells, with the document’s visible name, that there is no store', async () => {
  const store = new FakeStore();
  store.state = { kind: 'absent' };
  const { done } = await ask(store);
  await done;
  expect(noStore).toHaveBeenCalledWith('a⟨U+202E⟩.ipynb');
  expect(askConsent).not.toHaveBeenCalled();
});
