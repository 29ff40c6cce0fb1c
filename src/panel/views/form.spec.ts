import { CustodianError } from '../../custodian/protocol';
import { exposed, showPanel } from '../../testing/panel';
import {
  button,
  cleanUp,
  click,
  errorOf,
  field,
  has,
  paste,
  press,
  settle,
  type
} from '../../testing/render';
import { entry, FakeStore } from '../../testing/store';
import { draftOf } from '../draft';
import { EMPTY_DRAFT } from '../model';

const SECRET = 'open sesame';

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  cleanUp();
  jest.useRealTimers();
});

async function show(draft = EMPTY_DRAFT, store = new FakeStore('api')) {
  const panel = await showPanel(store);
  await settle(() => panel.model.showForm(draft));
  const { view } = panel;
  return { ...panel, of: (name: string) => field(view, name) };
}

const STORED = {
  ...entry('db', {
    user: 'readonly',
    fields: [
      { name: 'value', type: 'hidden' },
      { name: 'port', type: 'text' }
    ]
  }),
  notes: 'mind the gap',
  texts: [null, '5432']
};

async function edit() {
  const store = new FakeStore();
  store.become({ entries: [STORED] });
  return show(draftOf(STORED), store);
}

describe('a new credential', () => {
  it('is saved with all that was typed, and then shown', async () => {
    const { of, store, view, model } = await show();
    expect(document.activeElement).toBe(of('Name'));
    await type(of('Name'), 'db');
    await type(of('Value'), SECRET);
    await type(of('User name'), 'readonly');
    await type(of('URL'), 'https://x');
    await type(of('Notes'), 'mind\nthe gap');
    await type(of('Tags, separated by commas'), 'a, b');
    await click(button(view, 'Save'));
    expect(store.put).toHaveBeenCalledWith({
      name: 'db',
      user: 'readonly',
      url: 'https://x',
      notes: 'mind\nthe gap',
      tags: ['a', ' b'],
      fields: [{ name: 'value', type: 'hidden', value: SECRET }]
    });
    expect(model.page).toEqual({ kind: 'detail', id: 'id-db' });
    expect(model.status).toBe('Saved db');
    expect(store.draft).toBeNull();
  });

  it('shows its value neither as text nor in an attribute', async () => {
    const { of, view } = await show();
    await type(of('Value'), SECRET);
    expect(of('Value').type).toBe('password');
    expect(exposed()).not.toContain(SECRET);
    await click(button(view, 'Show Value'));
    expect(of('Value').type).toBe('text');
    expect(of('Value').value).toBe(SECRET);
    expect(exposed()).not.toContain(SECRET);
    await click(button(view, 'Hide Value'));
    expect(of('Value').type).toBe('password');
  });

  it('keeps its lines when it is pasted, as hidden as before', async () => {
    const { of, store, view } = await show();
    await type(of('Name'), 'key');
    await type(of('Value'), '>');
    expect(await paste(of('Value'), 'BEGIN\r\nsesame\nEND\n')).toBe(false);
    expect(of('Value').value).toBe('>BEGIN\nsesame\nEND\n');
    expect(document.activeElement).toBe(of('Value'));
    expect(of('Value').classList).toContain('jp-mod-masked');
    expect(exposed()).not.toContain('sesame');
    await click(button(view, 'Show Value'));
    expect(of('Value').classList).not.toContain('jp-mod-masked');
    await click(button(view, 'Save'));
    expect(store.put.mock.lastCall![0].fields[0].value).toBe(
      '>BEGIN\nsesame\nEND\n'
    );
  });

  it('is pasted by the browser if it is one line, whatever ends that', async () => {
    const { of } = await show();
    expect(await paste(of('Value'), `${SECRET}\n`)).toBe(true);
    expect(of('Value').type).toBe('password');
  });

  it('keeps the lines that it has in the store', async () => {
    const { of } = await show({
      ...EMPTY_DRAFT,
      fields: [
        { name: 'value', type: 'hidden', value: 'a\nb' },
        { name: 'cert', type: 'text', value: 'c\nd' }
      ]
    });
    expect(of('Value').value).toBe('a\nb');
    expect(of('Value of field 2').value).toBe('c\nd');
  });

  it('is wiped from the page by a lock', async () => {
    const { of, store, view } = await show();
    const value = of('Value');
    await type(value, SECRET);
    await settle(() => store.lock());
    expect(value.isConnected).toBe(false);
    expect(has(view, 'Value')).toBe(false);
  });

  it('takes fields of its own, hidden or not, and loses them again', async () => {
    const { of, store, view } = await show();
    await type(of('Value'), SECRET);
    await click(button(view, '+ Add field'));
    expect(document.activeElement).toBe(of('Name of field 2'));
    await click(button(view, '+ Add field'));
    // Above the button, which leads to the next.
    expect(of('URL').compareDocumentPosition(of('Name of field 2'))).toBe(
      Node.DOCUMENT_POSITION_FOLLOWING
    );
    expect(
      of('Name of field 2').compareDocumentPosition(button(view, '+ Add field'))
    ).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
    await type(of('Name of field 2'), 'port');
    await click(view.querySelectorAll<HTMLElement>('[type=checkbox]')[0]);
    expect(of('Value of field 2').type).toBe('text');
    await type(of('Value of field 2'), '5432');
    await type(of('Name of field 3'), 'token');
    await type(of('Value of field 3'), 'x');
    await click(button(view, '+ Add field'));
    await click(button(view, 'Remove field 3'));
    expect(document.activeElement).toBe(button(view, '+ Add field'));
    await type(of('Name of field 3'), 'last');
    await click(button(view, 'Save'));
    expect(store.put.mock.calls[0][0].fields).toEqual([
      { name: 'value', type: 'hidden', value: SECRET },
      { name: 'port', type: 'text', value: '5432' },
      { name: 'last', type: 'hidden', value: '' }
    ]);
  });
});

describe('a stored credential', () => {
  it('shows what is not hidden, and that the value stays as it is', async () => {
    const { of, view } = await edit();
    expect(view.querySelector('h3')!.textContent).toBe('Edit db');
    expect(of('Name').value).toBe('db');
    expect(of('Value').value).toBe('');
    expect(of('Value').placeholder).toBe('Unchanged');
    expect(of('Name of field 2').value).toBe('port');
    expect(of('Value of field 2').value).toBe('5432');
    expect(of('User name').value).toBe('readonly');
    expect(of('Notes').value).toBe('mind the gap');
  });

  it('keeps the value that nobody has touched, and the revision', async () => {
    const { view, store } = await edit();
    await click(button(view, 'Save'));
    const draft = store.put.mock.calls[0][0];
    expect(draft).toMatchObject({ id: 'id-db', rev: 1 });
    expect(draft.fields[0]).toEqual({ from: 0, name: 'value', type: 'hidden' });
    expect(store.reveal).not.toHaveBeenCalled();
  });

  it('shows its value by the eye, to be changed; left as it is, nothing is', async () => {
    const { of, view, store } = await edit();
    await click(button(view, 'Show Value'));
    expect(store.reveal).toHaveBeenCalledWith('id-db', 0);
    expect([of('Value').type, of('Value').value]).toEqual(['text', SECRET]);
    expect(exposed()).not.toContain(SECRET);
    await click(button(view, 'Save'));
    expect(store.put.mock.calls[0][0].fields[0].value).toBeUndefined();
  });

  it('keeps a shown value that was changed', async () => {
    const { of, view, store } = await edit();
    await click(button(view, 'Show Value'));
    await type(of('Value'), `${SECRET}!`);
    await click(button(view, 'Hide Value'));
    expect([of('Value').type, of('Value').value]).toEqual([
      'password',
      `${SECRET}!`
    ]);
    await click(button(view, 'Show Value'));
    expect(store.reveal).toHaveBeenCalledTimes(1);
    await click(button(view, 'Save'));
    expect(store.put.mock.calls[0][0].fields[0].value).toBe(`${SECRET}!`);
  });

  it.each([
    ['by the eye', 'Hide Value'],
    ['after 30 seconds', ''],
    ['for another', 'Show Value of field 2']
  ])('hides a shown value %s, and holds it no more', async (_, name) => {
    const hidden = { ...STORED.fields[1], type: 'hidden' as const };
    const detail = { ...STORED, fields: [STORED.fields[0], hidden] };
    const store = new FakeStore();
    store.become({ entries: [detail] });
    const { of, view } = await show(
      draftOf({ ...detail, texts: [null, null] }),
      store
    );
    await click(button(view, 'Show Value'));
    if (name) {
      await click(button(view, name));
    } else {
      await settle(() => jest.advanceTimersByTime(30_000));
    }
    expect([of('Value').type, of('Value').value]).toEqual(['password', '']);
  });

  it('shows a value of several lines with all of them', async () => {
    const { of, view, store } = await edit();
    store.reveal.mockResolvedValueOnce('a\nb');
    await click(button(view, 'Show Value'));
    expect(of('Value').value).toBe('a\nb');
    await click(button(view, 'Hide Value'));
    expect(of('Value').value).toBe('');
  });

  it('does not show what a merge has put in its place', async () => {
    const { view, store } = await edit();
    await settle(() =>
      store.become({ entries: [{ ...STORED, version: 'theirs' }] })
    );
    await click(button(view, 'Show Value'));
    expect(store.reveal).not.toHaveBeenCalled();
  });

  it('tells why its value cannot be shown', async () => {
    const { of, view, store } = await edit();
    store.reveal.mockRejectedValueOnce(new CustodianError('altered'));
    await click(button(view, 'Show Value'));
    expect(errorOf(of('Value'))).toContain('The file was altered');
  });

  it('is shown again after “Cancel”', async () => {
    const { of, view, model } = await edit();
    await type(of('Name'), 'another');
    await click(button(view, 'Cancel'));
    expect(model.page).toEqual({ kind: 'detail', id: 'id-db' });
  });

  it('gets a new value, unless it is taken back', async () => {
    const { of, view, store } = await edit();
    await type(of('Value'), 'new');
    await click(button(view, 'Save'));
    expect(store.put.mock.calls[0][0].fields[0].value).toBe('new');
  });

  it('keeps its value if the new one is taken back', async () => {
    const { of, view, store } = await edit();
    await type(of('Value'), 'new');
    await type(of('Value'), '');
    await click(button(view, 'Save'));
    expect(store.put.mock.calls[0][0].fields[0].value).toBeUndefined();
  });
});

describe('what is half-typed', () => {
  it('is sealed when typing rests', async () => {
    const { of, store } = await show();
    await type(of('Name'), 'd');
    await type(of('Name'), 'db');
    await settle(() => jest.advanceTimersByTime(299));
    expect(store.stashDraft).not.toHaveBeenCalled();
    await settle(() => jest.advanceTimersByTime(1));
    expect(store.stashDraft).toHaveBeenCalledTimes(1);
    expect(store.draft).toMatchObject({ name: 'db' });
  });

  it('is sealed when the field is left', async () => {
    const { of, store } = await show();
    await type(of('Name'), 'db');
    await settle(() => of('Name').blur());
    expect(store.draft).toMatchObject({ name: 'db' });
  });

  it('is not sealed if nothing was typed', async () => {
    const { of, store } = await show();
    await settle(() => of('Name').blur());
    expect(store.stashDraft).not.toHaveBeenCalled();
  });

  it('survives that it is opened again, and left without a letter more', async () => {
    const { of, view, store, model } = await show();
    await type(of('Value'), SECRET);
    await click(button(view, 'Back'));
    await click(button(view, 'Continue'));
    await click(button(view, 'Back'));
    expect(model.isUnfinished).toBe(true);
    expect(store.draft).not.toBeNull();
  });

  it.each(['Back', 'Escape'])('survives “%s”', async way => {
    const { of, store, view, model } = await show();
    await type(of('Name'), 'db');
    await type(of('Value'), SECRET);
    if (way === 'Escape') {
      await press(of('Value'), 'Escape');
    } else {
      await click(button(view, way));
    }
    expect(model.page).toEqual({ kind: 'list' });
    expect(store.draft).toMatchObject({ name: 'db' });
    expect(exposed()).not.toContain(SECRET);
    await click(button(view, 'Continue'));
    expect(of('Name').value).toBe('db');
    expect(of('Value').value).toBe(SECRET);
    expect(exposed()).not.toContain(SECRET);
  });

  it('survives a lock', async () => {
    const { of, store } = await show();
    await type(of('Name'), 'db');
    await settle(() => jest.advanceTimersByTime(300));
    await settle(() => store.lock());
    await settle(() => store.unlock({ passphrase: '' }));
    expect(of('Name').value).toBe('db');
  });

  it('does not survive “Cancel”', async () => {
    const { of, store, view, model } = await show();
    await type(of('Name'), 'db');
    await click(button(view, 'Cancel'));
    await settle(() => jest.advanceTimersByTime(1000));
    expect(model.page).toEqual({ kind: 'list' });
    expect(store.stashDraft.mock.calls).toEqual([[null]]);
    expect(has(view, 'Continue')).toBe(false);
  });

  it('is not sealed again once it is saved', async () => {
    const { of, store, view } = await show();
    await type(of('Name'), 'db');
    await type(of('Value'), SECRET);
    await click(button(view, 'Save'));
    await settle(() => jest.advanceTimersByTime(1000));
    expect(store.stashDraft.mock.calls).toEqual([[null]]);
  });

  it('goes before another form, which is told', async () => {
    const { of, view, model } = await show();
    await type(of('Name'), 'half');
    await click(button(view, 'Back'));
    await press(view.querySelector('[role=listbox]')!, 'e');
    expect(of('Name').value).toBe('half');
    expect(view.textContent).toContain('This one is unfinished');
    expect(model.page).toMatchObject({ inTheWay: true });
  });
});

describe('an error', () => {
  const fail = async (code: any, detail?: string) => {
    const panel = await edit();
    panel.store.put.mockRejectedValueOnce(new CustodianError(code, detail));
    await click(button(panel.view, 'Save'));
    return panel;
  };

  it.each([
    ['name', 'Name', 'A name has 1 to 256 characters'],
    ['fields.0', 'Value', 'Each field needs a name'],
    ['fields.1', 'Name of field 2', 'Each field needs a name'],
    ['user', 'User name', 'This text has a character'],
    ['url', 'URL', 'This text has a character']
  ])('in “%s” is told at that field only', async (where, name, text) => {
    const { of, view } = await fail('invalid-draft', where);
    expect(errorOf(of(name))).toContain(text);
    const described = view.querySelectorAll(
      '[aria-describedby]:not([aria-describedby=""])'
    );
    expect([...described]).toEqual([of(name)]);
    expect(document.activeElement).toBe(of(name));
    expect(view.querySelector('[role=alert]')!.textContent).toContain(text);
  });

  it('stands right below its field', async () => {
    const { of, view } = await fail('invalid-draft', 'name');
    const alert = view.querySelector('[role=alert]')!;
    expect(of('Name').closest('label')!.nextElementSibling).toBe(alert);
  });

  it('of a value that is missing is told there, and nothing is saved', async () => {
    const { of, view, store } = await show();
    await type(of('Name'), 'db');
    await click(button(view, 'Save'));
    expect(store.put).not.toHaveBeenCalled();
    expect(errorOf(of('Value'))).toBe('Enter the value.');
    expect(document.activeElement).toBe(of('Value'));
    await type(of('Value'), SECRET);
    await click(button(view, 'Save'));
    expect(store.put).toHaveBeenCalledTimes(1);
  });

  it('of a name that is taken is told at the name', async () => {
    const { of } = await fail('name-taken');
    expect(errorOf(of('Name'))).toBe(
      'There is a credential of that name already.'
    );
    expect(of('Name').getAttribute('aria-invalid')).toBe('true');
  });

  it('of the whole is told, and what was typed stays', async () => {
    const { of, view, model } = await fail('stale');
    expect(view.querySelector('[role=alert]')!.textContent).toContain(
      'changed or deleted elsewhere'
    );
    expect(model.page.kind).toBe('form');
    expect(of('Name').value).toBe('db');
    // A button that is switched off would have lost the focus.
    expect(button(view, 'Save').disabled).toBe(false);
    await click(button(view, 'Save'));
    expect(model.page.kind).toBe('detail');
  });
});
