import { nullTranslator } from '@jupyterlab/translation';
import { button, cleanUp, click, settle } from '../testing/render';
import { FakeStore, request } from '../testing/store';
import { askConsent } from './consent-dialog';
import type { Decision } from './request-queue';

const trans = nullTranslator.load('jupyterlab_credential_store');

const dialogs = () => document.querySelectorAll('[role="dialog"]');

async function ask(over = new AbortController()) {
  const store = new FakeStore('db');
  const outcome: any = await store.desk.receive({
    prompt: request(['db']),
    connection: 'c',
    path: 'a.ipynb',
    granted: []
  });
  const document = {
    path: 'a.ipynb',
    name: 'a.ipynb',
    kind: 'notebook' as const,
    kernelName: 'Python 3',
    show: () => undefined,
    isVisible: true
  };
  const { request: view } = outcome;
  const options = { armingDelayMs: 0, defaultConsent: 'once' as const };
  let decision: Promise<Decision>;
  await settle(() => {
    decision = askConsent(
      { request: view, offerBlock: false, over: over.signal, document },
      store,
      options,
      trans,
      (_, { armed }) => armed(true)
    );
  });
  return { decision: decision!, over };
}

afterEach(cleanUp);

it('is on the page while it waits, and gone with the decision', async () => {
  const before = document.createElement('input');
  document.body.append(before);
  before.focus();
  const { decision } = await ask();
  expect(dialogs()).toHaveLength(1);
  expect(document.activeElement!.textContent).toBe('Deny');
  await click(button(document, 'Allow once'));
  expect(await decision).toEqual({ kind: 'allow', scope: 'once' });
  expect(dialogs()).toHaveLength(0);
  expect(document.activeElement).toBe(before);
  before.remove();
});

it('goes away by itself when nobody waits for the answer any more', async () => {
  const { decision, over } = await ask();
  await settle(() => over.abort());
  expect(await decision).toEqual({
    kind: 'refuse',
    status: 'closed',
    block: false
  });
  expect(dialogs()).toHaveLength(0);
});

it('is not shown when nobody waits by the time that it could be', async () => {
  const over = new AbortController();
  over.abort();
  const { decision } = await ask(over);
  expect(dialogs()).toHaveLength(0);
  expect(await decision).toMatchObject({ status: 'closed' });
});
