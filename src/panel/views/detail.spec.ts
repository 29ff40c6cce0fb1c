import { exposed, showPanel } from '../../testing/panel';
import {
  button,
  cleanUp,
  click,
  has,
  press,
  settle
} from '../../testing/render';
import { entry, FakeStore } from '../../testing/store';
import { CustodianError } from '../../custodian/protocol';

const SECRET = 'open sesame';

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  cleanUp();
  jest.useRealTimers();
});

async function show(change: Parameters<typeof entry>[1] = {}) {
  const store = new FakeStore();
  store.become({ entries: [entry('db', change), entry('web')] });
  const panel = await showPanel(store);
  await settle(() => panel.model.showDetail('id-db'));
  return panel;
}

type Panel = Awaited<ReturnType<typeof show>>;

/** What the menu in the page's head has. */
async function choose({ view, openCommands }: Panel, label: string) {
  await click(button(view, 'Menu for db'));
  const [commands] = openCommands.mock.lastCall!;
  await settle(() => commands.find(one => one.label === label)!.execute());
}

describe('a hidden value', () => {
  it('is twelve dots, and nowhere in the page, until it is revealed', async () => {
    const { view, store } = await show();
    expect(view.textContent).toContain('Value••••••••••••');
    expect(view.textContent).not.toContain('•'.repeat(13));
    expect(store.reveal).not.toHaveBeenCalled();
    await click(button(view, 'Reveal Value of db'));
    expect(store.reveal).toHaveBeenCalledWith('id-db', 0);
    expect(view.textContent).toContain(SECRET);
    expect(exposed().split(SECRET)).toHaveLength(2);
  });

  it('is hidden again by the same button', async () => {
    const { view } = await show();
    await click(button(view, 'Reveal Value of db'));
    const hide = button(view, 'Hide Value of db');
    expect(hide.getAttribute('aria-pressed')).toBe('true');
    await click(hide);
    expect(exposed()).not.toContain(SECRET);
  });

  it('hides itself after 30 seconds', async () => {
    const { view } = await show();
    await click(button(view, 'Reveal Value of db'));
    await settle(() => jest.advanceTimersByTime(29_999));
    expect(exposed()).toContain(SECRET);
    await settle(() => jest.advanceTimersByTime(1));
    expect(exposed()).not.toContain(SECRET);
  });

  it('hides itself when another field is revealed', async () => {
    const hidden = 'hidden' as const;
    const { view, store } = await show({
      fields: [
        { name: 'value', type: hidden },
        { name: 'token', type: hidden }
      ]
    });
    await click(button(view, 'Reveal Value of db'));
    store.reveal.mockResolvedValueOnce('another');
    await click(button(view, 'Reveal token of db'));
    expect(exposed()).not.toContain(SECRET);
    expect(exposed()).toContain('another');
  });

  it.each([
    ['the store locks', 'lock'],
    ['one goes back', 'showList'],
    ['one goes to another credential', 'showDetail']
  ])('is gone when %s', async (_, way) => {
    const { view, store, model } = await show();
    await click(button(view, 'Reveal Value of db'));
    await settle(() =>
      way === 'lock'
        ? store.lock()
        : way === 'showList'
          ? model.showList()
          : model.showDetail('id-web')
    );
    expect(exposed()).not.toContain(SECRET);
  });

  it('goes with what it was of, when a merge brings another version of the same revision', async () => {
    const { view, store } = await show({ version: 'mine', user: 'me' });
    await click(button(view, 'Reveal Value of db'));
    const theirs = { version: 'theirs', user: 'them' };
    await settle(() => store.become({ entries: [entry('db', theirs)] }));
    expect(view.textContent).toContain('User namethem');
    expect(exposed()).not.toContain(SECRET);
  });

  it('that comes after a lock is not shown', async () => {
    const { view, store } = await show();
    let answer: (value: string) => void;
    store.reveal.mockReturnValueOnce(
      new Promise(resolve => (answer = resolve))
    );
    await click(button(view, 'Reveal Value of db'));
    await settle(() => store.lock());
    await settle(() => answer(SECRET));
    expect(exposed()).not.toContain(SECRET);
  });

  it('is copied without being shown', async () => {
    const { view, store, copyValue, model } = await show();
    await click(button(view, 'Copy Value of db'));
    expect(copyValue).toHaveBeenCalledWith('id-db', 0);
    expect(store.reveal).not.toHaveBeenCalled();
    expect(exposed()).not.toContain(SECRET);
    expect(model.status).toBe('Copied Value');
    copyValue.mockResolvedValueOnce(false);
    await click(button(view, 'Copy Value of db'));
    expect(model.status).toBe(
      'Copied Value. It may stay in the clipboard until you copy something else.'
    );
  });
});

it('shows what is not hidden, each with a button of its own', async () => {
  const { view, store, copySecret } = await show({
    user: 'readonly',
    url: 'https://x',
    tags: ['prod'],
    fields: [{ name: 'port', type: 'text' }]
  });
  store.detail.mockResolvedValueOnce({
    ...store.entries[0],
    notes: 'mind the gap',
    texts: ['5432']
  });
  await settle(() =>
    store.become({ entries: [{ ...store.entries[0], rev: 2 }] })
  );
  expect(view.textContent).toContain('port5432');
  expect(has(view, 'Reveal port of db')).toBe(false);
  expect(view.textContent).toContain('mind the gap');
  expect(view.textContent).toContain('Tagsprod');
  await click(button(view, 'Copy User name of db'));
  expect(copySecret).toHaveBeenCalledWith('readonly');
  expect(has(view, 'Copy URL of db')).toBe(true);
});

it('has the whole name in the title’s tooltip', async () => {
  const { view } = await show();
  expect(view.querySelector('h3')!.title).toBe('db');
});

it('follows a change of the credential, and of it only', async () => {
  const { store } = await show();
  await settle(() => store.become());
  expect(store.detail).toHaveBeenCalledTimes(1);
  await settle(() =>
    store.become({ entries: [{ ...store.entries[0], rev: 2 }] })
  );
  expect(store.detail).toHaveBeenCalledTimes(2);
});

it('goes back with Escape, and with the button', async () => {
  const { view, model } = await show();
  const back = button(view, 'Back');
  await press(back, 'Escape');
  expect(model.page).toEqual({ kind: 'list' });
  await settle(() => model.showDetail('id-db'));
  await click(button(view, 'Back'));
  expect(model.page).toEqual({ kind: 'list' });
});

it('edits with what it has', async () => {
  const { view, model } = await show();
  await click(button(view, 'Edit db'));
  expect(model.page).toMatchObject({
    kind: 'form',
    draft: { id: 'id-db', rev: 1, fields: [{ from: 0, name: 'value' }] }
  });
});

it('has a menu of what has no button, and the focus back after it', async () => {
  const { view, openCommands, copyText } = await show();
  const menu = button(view, 'Menu for db');
  expect(menu.getAttribute('aria-haspopup')).toBe('menu');
  menu.getBoundingClientRect = () => ({ left: 200, bottom: 70 }) as DOMRect;
  await click(menu);
  const [commands, at, closed] = openCommands.mock.lastCall!;
  expect(commands.map(({ label }) => label)).toEqual([
    'Copy code',
    'Duplicate',
    'Delete'
  ]);
  expect(at).toEqual({ x: 200, y: 70 });
  await settle(closed);
  expect(document.activeElement).toBe(menu);
  await settle(() => commands[0].execute());
  expect(copyText).toHaveBeenCalledWith('get_credential("db")');
});

it('deletes at once, and offers undo', async () => {
  const panel = await show();
  const { store, offerUndo, model } = panel;
  await choose(panel, 'Delete');
  expect(store.remove).toHaveBeenCalledWith('id-db');
  expect(model.page).toEqual({ kind: 'list' });
  expect(model.status).toBe('Deleted db.');
  offerUndo.mock.calls[0][1]();
  expect(store.restore).toHaveBeenCalledWith('id-db');
});

it('says why nothing comes of an undo, though its page is gone', async () => {
  const panel = await show();
  const { store, offerUndo, model } = panel;
  await choose(panel, 'Delete');
  store.restore.mockRejectedValueOnce(new CustodianError('locked'));
  await settle(() => offerUndo.mock.calls[0][1]());
  expect(model.status).toContain('The store is locked.');
});

it('duplicates, and shows the copy', async () => {
  const panel = await show();
  const { store, model } = panel;
  store.duplicate.mockResolvedValueOnce({ id: 'id-web', name: 'copy' });
  await choose(panel, 'Duplicate');
  expect(model.page).toEqual({ kind: 'detail', id: 'id-web' });
});

it('inserts the call, or says why not', async () => {
  const { view, insert } = await show();
  await click(button(view, 'Insert into notebook'));
  expect(insert).toHaveBeenCalledWith('db');
  expect(view.querySelector('[role=alert]')).toBeNull();
  insert.mockResolvedValueOnce(false);
  await click(button(view, 'Insert into notebook'));
  expect(view.querySelector('[role=alert]')!.textContent).toContain(
    'There is no code cell to write to'
  );
});

it('says what went wrong, until something goes right', async () => {
  const { view, store } = await show();
  store.reveal.mockRejectedValueOnce(new CustodianError('locked'));
  await click(button(view, 'Reveal Value of db'));
  expect(view.querySelector('[role=alert]')!.textContent).toContain(
    'The store is locked.'
  );
  await click(button(view, 'Reveal Value of db'));
  expect(view.querySelector('[role=alert]')).toBeNull();
});

it.each([
  [['a'], 'always allowed in 1 notebook'],
  [['a', 'b'], 'always allowed in 2 notebooks']
])('counts the notebooks that may read it: %j', async (paths, words) => {
  const { view, store } = await show();
  await settle(() =>
    store.become({
      grants: paths.map(path => ({
        path,
        entry: 'id-db',
        since: 0,
        used: 0
      }))
    })
  );
  const line = [...view.querySelectorAll('p')].at(-1)!;
  expect(line.textContent.split(' · ')[1]).toBe(words);
});
