import { showPanel } from '../../testing/panel';
import {
  button,
  cleanUp,
  click,
  hover,
  field,
  has,
  press,
  settle,
  type
} from '../../testing/render';
import { CustodianError } from '../../custodian/protocol';
import { when } from '../../when';
import { entry, FakeStore } from '../../testing/store';

afterEach(cleanUp);

async function show(store = new FakeStore('db', 'api', 'ssh')) {
  const panel = await showPanel(store);
  const { view } = panel;
  return {
    ...panel,
    search: () => field(view, 'Search credentials'),
    list: () => view.querySelector<HTMLElement>('[role=listbox]')!,
    scroller: () =>
      view.querySelector<HTMLElement>('.jp-CredentialStore-list')!,
    rows: () => [...view.querySelectorAll<HTMLElement>('[role=option]')],
    active: () =>
      document.getElementById(
        view
          .querySelector('[role=listbox]')!
          .getAttribute('aria-activedescendant')!
      )!,
    status: () => view.querySelector('.jp-CredentialStore-status')!.textContent
  };
}

describe('the list', () => {
  it('is announced: which one of how many', async () => {
    const { list, rows, active } = await show();
    expect(list().getAttribute('aria-label')).toBe('Credentials');
    expect(
      rows().map(row => [
        row.textContent,
        row.getAttribute('aria-posinset'),
        row.getAttribute('aria-setsize'),
        row.getAttribute('aria-selected')
      ])
    ).toEqual([
      ['api', '1', '3', 'true'],
      ['db', '2', '3', 'false'],
      ['ssh', '3', '3', 'false']
    ]);
    expect(active().textContent).toBe('api');
  });

  it('shows name, user and tags', async () => {
    const store = new FakeStore();
    store.entries = [entry('db', { user: 'ro', tags: ['a', 'b', 'c'] })];
    const { rows } = await show(store);
    expect(
      [...rows()[0].querySelectorAll('span[class]:not(:has(*))')]
        .map(({ textContent }) => textContent)
        .filter(text => text)
    ).toEqual(['db', 'ro', 'a', 'b', 'c']);
  });

  it('renders only the rows in view, and announces all', async () => {
    const names = Array.from({ length: 1000 }, (_, i) => `n${i}`);
    const { rows, scroller } = await show(new FakeStore(...names));
    expect(rows().length).toBeLessThan(60);
    expect(rows()[0].getAttribute('aria-setsize')).toBe('1000');
    scroller().scrollTop = 28 * 500;
    await settle(() => scroller().dispatchEvent(new Event('scroll')));
    const positions = rows().map(r => Number(r.getAttribute('aria-posinset')));
    expect(positions).toContain(501);
    expect(positions).not.toContain(1);
  });

  it('moves with the keyboard, within its ends', async () => {
    const { list, active } = await show();
    const visited = [];
    const keys = ['ArrowUp', 'ArrowDown', 'End', 'ArrowDown', 'Home'];
    for (const key of keys) {
      await press(list(), key);
      visited.push(active().textContent);
    }
    expect(visited).toEqual(['api', 'db', 'ssh', 'ssh', 'api']);
  });

  it('opens with Enter, and with a click', async () => {
    const { list, rows, model } = await show();
    await press(list(), 'ArrowDown');
    await press(list(), 'Enter');
    expect(model.page).toEqual({ kind: 'detail', id: 'id-db' });
    await settle(() => model.showList());
    await click(rows()[2]);
    expect(model.page).toEqual({ kind: 'detail', id: 'id-ssh' });
  });

  it('has the focus where it was, when one comes back', async () => {
    const { model, list, active } = await show();
    await settle(() => model.showDetail('id-db'));
    await settle(() => model.showList());
    expect(document.activeElement).toBe(list());
    expect(active().textContent).toBe('db');
  });

  it('edits with “e”', async () => {
    const { list, model, view } = await show();
    await press(list(), 'e');
    expect(model.page).toMatchObject({ kind: 'form', draft: { name: 'api' } });
    expect(view.querySelector('h3')!.textContent).toBe('Edit api');
  });

  it('searches with “/”', async () => {
    const { list, search } = await show();
    list().focus();
    await press(list(), '/');
    expect(document.activeElement).toBe(search());
    await press(search(), 'ArrowDown');
    expect(document.activeElement).toBe(list());
  });

  it('leaves the keys of the buttons within it alone', async () => {
    const { list, store, view } = await show();
    await press(button(view, 'Copy code for api'), 'Delete');
    expect(store.remove).not.toHaveBeenCalled();
    await settle(() =>
      list().dispatchEvent(
        new KeyboardEvent('keydown', {
          key: 'Delete',
          ctrlKey: true,
          bubbles: true
        })
      )
    );
    expect(store.remove).not.toHaveBeenCalled();
  });

  it('says what it deletes in a line or two, however long the name', async () => {
    const name = `${'n'.repeat(119)}z`;
    const { list, offerUndo, status, view } = await show(new FakeStore(name));
    await press(list(), 'Delete');
    const words = `Deleted ${'n'.repeat(18)}…${'n'.repeat(10)}z.`;
    expect(status()).toBe(words);
    expect(offerUndo.mock.calls[0][0]).toBe(words);
    expect(view.querySelector(`[title="Deleted ${name}."]`)).not.toBeNull();
  });

  it('deletes by a key, says so, offers undo', async () => {
    const { list, store, offerUndo, rows, status } = await show();
    await press(list(), 'Delete');
    expect(store.remove).toHaveBeenCalledWith('id-api');
    expect(rows()).toHaveLength(2);
    expect(status()).toBe('Deleted api.');
    const [message, undo] = offerUndo.mock.calls[0];
    expect(message).toBe('Deleted api.');
    undo();
    expect(store.restore).toHaveBeenCalledWith('id-api');
  });

  it.each<[string, 'detail' | 'remove', string]>([
    ['an edit', 'detail', 'e'],
    ['a deletion', 'remove', 'Delete']
  ])('says why nothing comes of %s', async (_, method, key) => {
    const { list, store, status, model, offerUndo } = await show();
    store[method].mockRejectedValueOnce(new CustodianError('locked'));
    await press(list(), key);
    expect(status()).toContain('The store is locked.');
    expect(model.page.kind).toBe('list');
    expect(offerUndo).not.toHaveBeenCalled();
  });

  it('says why nothing comes of an undo', async () => {
    const { list, store, status, offerUndo } = await show();
    await press(list(), 'Delete');
    store.restore.mockRejectedValueOnce(new CustodianError('locked'));
    await settle(() => offerUndo.mock.calls[0][1]());
    expect(status()).toContain('The store is locked.');
  });

  it('copies code, not the value, and stays', async () => {
    const { view, rows, copyText, copySecret, model, status, store } =
      await show();
    await hover(rows()[1]);
    await click(button(view, 'Copy code for db'));
    expect(copyText).toHaveBeenCalledWith('get_credential("db")');
    expect(copySecret).not.toHaveBeenCalled();
    expect(store.reveal).not.toHaveBeenCalled();
    expect(model.page.kind).toBe('list');
    expect(status()).toBe('Code copied');
  });
});

describe("a row's buttons", () => {
  const names = ['Copy code for', 'Menu for'];
  const those = (view: HTMLElement, name: string) =>
    names.filter(label => has(view, `${label} ${name}`));

  it('are those of the active row', async () => {
    const { view, list } = await show();
    expect(those(view, 'api')).toEqual(names);
    expect(those(view, 'db')).toEqual([]);
    await press(list(), 'ArrowDown');
    expect(those(view, 'api')).toEqual([]);
    expect(those(view, 'db')).toEqual(names);
  });

  it('are there for the row below the pointer', async () => {
    const { view, rows } = await show();
    await hover(rows()[2]);
    expect(those(view, 'ssh')).toEqual(names);
    await hover(rows()[1], rows()[2]);
    expect(those(view, 'ssh')).toEqual([]);
    expect(those(view, 'db')).toEqual(names);
    expect(those(view, 'api')).toEqual(names);
  });

  it('mean the entry as it is now', async () => {
    const { view, store, copyText } = await show();
    const entries = store.entries.map(entry =>
      entry.name === 'api' ? { ...entry, name: 'api 2' } : entry
    );
    await settle(() => store.become({ entries }));
    await click(button(view, 'Copy code for api 2'));
    expect(copyText).toHaveBeenCalledWith('get_credential("api 2")');
  });
});

describe("a row's buttons, at the keyboard", () => {
  const focused = () => document.activeElement!.getAttribute('aria-label');

  it('are no children of the listbox, which has its options only', async () => {
    const { list, view } = await show();
    const within = [...list().querySelectorAll('[role], button, a, input')];
    expect(within.map(e => e.getAttribute('role'))).toEqual(
      Array(3).fill('option')
    );
    const group = button(view, 'Menu for api').closest('[role=group]')!;
    expect(group.getAttribute('aria-label')).toBe('Actions for api');
    // Tab goes there next.
    expect(list().nextElementSibling).toBe(group);
  });

  it('are reached with the right arrow, and left with the left one', async () => {
    const { list } = await show();
    list().focus();
    await press(list(), 'ArrowDown');
    const visited = [];
    for (const key of ['Right', 'Right', 'Right', 'Left']) {
      await press(document.activeElement!, `Arrow${key}`);
      visited.push(focused());
    }
    expect(visited).toEqual([
      'Copy code for db',
      'Menu for db',
      'Menu for db',
      'Copy code for db'
    ]);
    await press(document.activeElement!, 'ArrowLeft');
    expect(document.activeElement).toBe(list());
  });

  it('are left with Escape', async () => {
    const { list } = await show();
    list().focus();
    await press(list(), 'ArrowRight');
    await press(document.activeElement!, 'ArrowRight');
    await press(document.activeElement!, 'Escape');
    expect(document.activeElement).toBe(list());
  });

  it('make theirs the active row', async () => {
    const { rows, view, active } = await show();
    await hover(rows()[2]);
    await click(button(view, 'Copy code for ssh'));
    expect(active().textContent).toBe('ssh');
  });
});

describe('two of the same name', () => {
  it('are marked, and code’s choice is told', async () => {
    const store = new FakeStore('api');
    store.become({
      entries: [
        entry('api'),
        entry('db'),
        { ...entry('db'), id: 'another' },
        entry('DB')
      ]
    });
    const { rows, model, view } = await show(store);
    const marked = rows().filter(row => row.textContent.includes('same name'));
    expect(marked.map(row => row.getAttribute('title'))).toEqual(['db', 'db']);
    await settle(() => model.showDetail('another'));
    expect(view.textContent).toContain('Another credential has this name');
    await settle(() => model.showDetail('id-api'));
    expect(view.textContent).not.toContain('Another credential has this name');
  });
});

describe('the search', () => {
  it('opens the first hit with Enter', async () => {
    const { search, model } = await show();
    await type(search(), 's');
    await press(search(), 'Enter');
    expect(model.page).toEqual({ kind: 'detail', id: 'id-ssh' });
  });

  it('opens nothing with Enter if it has found nothing', async () => {
    const { search, model } = await show();
    await type(search(), 'xy');
    await press(search(), 'Enter');
    expect(model.page.kind).toBe('list');
  });

  it('says how many there are, and narrows', async () => {
    const { search, rows } = await show();
    expect(search().placeholder).toBe('Search 3 credentials');
    await type(search(), 'd');
    expect(rows().map(r => r.textContent)).toEqual(['db']);
    expect(rows()[0].getAttribute('aria-setsize')).toBe('1');
  });

  it('starts at the top', async () => {
    const { list, search, active } = await show();
    await press(list(), 'End');
    await type(search(), 's');
    await type(search(), '');
    expect(active().textContent).toBe('api');
  });

  it('that finds nothing offers to add it', async () => {
    const { search, view, model } = await show();
    await type(search(), 'xy');
    expect(view.textContent).toContain('No credential matches “xy”.');
    await click(button(view, 'Add “xy”'));
    expect(model.page).toMatchObject({ kind: 'form', draft: { name: 'xy' } });
    expect(field(view, 'Name').value).toBe('xy');
  });

  it('is still there when one comes back from a page', async () => {
    const { search, model, rows } = await show();
    await type(search(), 'd');
    await settle(() => model.showDetail('id-db'));
    await settle(() => model.showList());
    expect(search().value).toBe('d');
    expect(rows()).toHaveLength(1);
  });

  it('is wiped with everything else by a lock', async () => {
    const { search, store, view } = await show();
    await type(search(), 'd');
    await settle(() => store.lock());
    expect(view.innerHTML).not.toMatch(/\b(db|api|ssh)\b/);
    await settle(() => store.unlock({ passphrase: '' }));
    expect(search().value).toBe('');
  });
});

describe('an empty store', () => {
  it('offers to add a credential', async () => {
    const { view, model } = await show(new FakeStore());
    await click(button(view, 'Add credential'));
    expect(model.page.kind).toBe('form');
  });

  it('offers an example, and inserts its call into a cell of its own', async () => {
    const { view, store, insertCell, openNotebook, status } = await show(
      new FakeStore()
    );
    await click(button(view, 'Try it'));
    expect(store.put.mock.calls[0][0]).toMatchObject({ name: 'example' });
    expect(insertCell.mock.calls).toEqual([['example']]);
    expect(openNotebook).not.toHaveBeenCalled();
    expect(status()).toBe('Run the cell to try it.');
    expect(has(view, 'Search credentials')).toBe(true);
  });

  it('says why the example could not be added', async () => {
    const { view, store, insertCell, status } = await show(new FakeStore());
    store.put.mockRejectedValueOnce(new CustodianError('locked'));
    await click(button(view, 'Try it'));
    expect(status()).toContain('The store is locked.');
    expect(insertCell).not.toHaveBeenCalled();
  });

  it('opens a notebook for the example where there is none', async () => {
    const { view, insertCell, openNotebook, status } = await show(
      new FakeStore()
    );
    insertCell.mockResolvedValueOnce(false);
    let made!: (isThere: boolean) => void;
    openNotebook.mockReturnValueOnce(new Promise(resolve => (made = resolve)));
    await click(button(view, 'Try it'));
    expect(status()).toBe('Opening a notebook…');
    expect(insertCell).toHaveBeenCalledTimes(1);
    await settle(() => made(true));
    expect(insertCell.mock.calls).toEqual([['example'], ['example']]);
    expect(status()).toBe('Run the cell to try it.');
  });

  it.each([
    ['none can be made here', false],
    ['the new one has no cell', true]
  ])('says what is missing to insert the example: %s', async (_, isThere) => {
    const { view, insertCell, openNotebook, status } = await show(
      new FakeStore()
    );
    insertCell.mockResolvedValueOnce(false).mockResolvedValueOnce(false);
    openNotebook.mockResolvedValueOnce(isThere);
    await click(button(view, 'Try it'));
    expect(status()).toBe('Open a notebook to insert the call.');
  });
});

describe('a row’s menu', () => {
  type Panel = Awaited<ReturnType<typeof show>>;
  const context = (target: Element, init: MouseEventInit) => {
    const event = new MouseEvent('contextmenu', {
      bubbles: true,
      cancelable: true,
      ...init
    });
    return settle(() => target.dispatchEvent(event)).then(() => event);
  };
  const opened = ({ openCommands }: Panel) => {
    const [commands, at, closed] = openCommands.mock.lastCall!;
    const labels = commands.map(({ label }) => label);
    const run = (label: string) =>
      settle(() => commands[labels.indexOf(label)].execute());
    return { labels, at, closed, run };
  };

  it('opens at the pointer, and makes the row the active one', async () => {
    const panel = await show();
    const event = await context(panel.rows()[1], {
      button: 2,
      clientX: 30,
      clientY: 40
    });
    expect(event.defaultPrevented).toBe(true);
    const { labels, at, closed } = opened(panel);
    expect(labels).toEqual([
      'Open',
      'Copy code',
      'Insert into notebook',
      'Edit',
      'Duplicate',
      'Delete'
    ]);
    expect(at).toEqual({ x: 30, y: 40 });
    expect(panel.active().textContent).toBe('db');
    await settle(closed);
    expect(document.activeElement).toBe(panel.list());
  });

  it('opens by the key on the active row, below it', async () => {
    const panel = await show();
    await press(panel.list(), 'End');
    panel.active().getBoundingClientRect = () =>
      ({ left: 5, bottom: 60 }) as DOMRect;
    await context(panel.list(), { button: 0, shiftKey: true });
    expect(opened(panel).at).toEqual({ x: 5, y: 60 });
    await opened(panel).run('Copy code');
    expect(panel.copyText).toHaveBeenCalledWith('get_credential("ssh")');
  });

  it('opens on a row’s buttons, too', async () => {
    const panel = await show();
    await hover(panel.rows()[1]);
    await context(button(panel.view, 'Copy code for db'), { button: 2 });
    await opened(panel).run('Open');
    expect(panel.model.page).toEqual({ kind: 'detail', id: 'id-db' });
  });

  it('opens by a press of the row’s last button, below it', async () => {
    const panel = await show();
    await hover(panel.rows()[1]);
    const menu = button(panel.view, 'Menu for db');
    expect(menu.getAttribute('aria-haspopup')).toBe('menu');
    menu.getBoundingClientRect = () => ({ left: 200, bottom: 70 }) as DOMRect;
    await click(menu);
    const { at, closed, run } = opened(panel);
    expect(at).toEqual({ x: 200, y: 70 });
    await settle(closed);
    expect(document.activeElement).toBe(panel.list());
    await run('Delete');
    expect(panel.store.remove).toHaveBeenCalledWith('id-db');
    // The row's buttons go with it.
    expect(document.activeElement).toBe(panel.list());
  });

  it.each([
    ['with Shift', true],
    ['beside the rows', false]
  ])('leaves the browser its own: %s', async (_, shiftKey) => {
    const panel = await show();
    const target = shiftKey ? panel.rows()[0] : panel.list();
    const event = await context(target, { button: 2, shiftKey });
    expect(event.defaultPrevented).toBe(false);
    expect(panel.openCommands).not.toHaveBeenCalled();
  });

  it('does what it says', async () => {
    const panel = await show();
    const { store, model, insert, offerUndo } = panel;
    await context(panel.rows()[1], { button: 2 });
    const { run } = opened(panel);
    await run('Insert into notebook');
    expect(insert).toHaveBeenCalledWith('db');
    insert.mockResolvedValueOnce(false);
    await run('Insert into notebook');
    expect(panel.status()).toContain(
      'There is no code cell to write to: select one'
    );
    store.duplicate.mockResolvedValueOnce({ id: 'id-ssh', name: 'ssh' });
    await run('Duplicate');
    expect(model.page).toEqual({ kind: 'detail', id: 'id-ssh' });
    await run('Edit');
    expect(model.page).toMatchObject({ kind: 'form', draft: { id: 'id-db' } });
    await run('Delete');
    expect(store.remove).toHaveBeenCalledWith('id-db');
    expect(offerUndo.mock.calls[0][0]).toBe('Deleted db.');
  });
});

describe('who has access', () => {
  it('is listed, and can be revoked', async () => {
    const store = new FakeStore('db');
    store.grants = [
      { path: 'a.ipynb', entry: 'id-db', since: 0, used: 0 },
      { path: 'b.ipynb', entry: 'gone', since: 0, used: 0 }
    ];
    const { view } = await show(store);
    expect(view.querySelector('summary')!.textContent).toBe('Access (2)');
    await click(button(view, 'Revoke db for a.ipynb'));
    expect(store.revoke).toHaveBeenCalledWith('a.ipynb', 'id-db');
    await click(button(view, 'Revoke (deleted) for b.ipynb'));
    expect(store.revoke).toHaveBeenCalledWith('b.ipynb', 'gone');
  });

  it('tells the time of what was today, and the day of what was not', async () => {
    const store = new FakeStore('db');
    const [since, used] = [Date.now() - 48 * 3600_000, Date.now()];
    store.grants = [{ path: 'a.ipynb', entry: 'id-db', since, used }];
    const { view } = await show(store);
    expect(view.textContent).toContain(
      `since ${when(since)}, last used ${when(used)}`
    );
  });

  it('lists what a kernel may read until it ends, and takes it back', async () => {
    const { view, kernelGrants } = await show();
    const asker = {
      connection: 'c',
      kernel: 'k',
      generation: 0,
      process: 'p',
      path: 'a.ipynb'
    };
    await settle(() => kernelGrants.allow(asker, ['id-db'], 'Python 3'));
    expect(view.querySelector('summary')!.textContent).toBe('Access (1)');
    const row = view.querySelector('.jp-CredentialStore-access li')!;
    expect(row.textContent).toMatch(
      /^a\.ipynbdbthis run of Python 3 only, since \d.*, last used \d.*Revoke$/
    );
    await click(button(view, 'Revoke db for a.ipynb'));
    expect(kernelGrants.of(asker)).toEqual([]);
    expect(view.querySelector('summary')!.textContent).toBe('Access (0)');
    expect(document.activeElement).toBe(view.querySelector('summary'));
  });

  it('is nobody at first, which is said', async () => {
    const { view } = await show();
    expect(view.textContent).toContain(
      'Nobody may read anything without asking you.'
    );
  });
});
