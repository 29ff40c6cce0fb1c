import { nullTranslator } from '@jupyterlab/translation';
import { FakeStore } from '../testing/store';
import { EMPTY_DRAFT, PanelModel } from './model';

const trans = nullTranslator.load('jupyterlab_credential_store');

let store: FakeStore;
let model: PanelModel;
let changes: number;

const rest = () => new Promise(resolve => setTimeout(resolve));
const names = () => model.found.map(({ name }) => name);

beforeEach(() => {
  store = new FakeStore('db', 'api');
  model = new PanelModel(store, trans);
  changes = 0;
  model.changed.connect(() => changes++);
});

describe('the list', () => {
  it('is what the store has, narrowed by the query', () => {
    expect(names()).toEqual(['api', 'db']);
    model.setQuery('d');
    expect(model.query).toBe('d');
    expect(names()).toEqual(['db']);
    expect(changes).toBe(1);
  });

  it('follows the store', () => {
    model.setQuery('d');
    store.become({
      entries: [...store.entries, { ...store.entries[0], id: 'x', name: 'dx' }]
    });
    expect(names()).toEqual(['db', 'dx']);
    expect(changes).toBe(2);
  });

  it('is searched anew only when something has changed', () => {
    const found = model.found;
    expect(model.found).toBe(found);
    store.become();
    expect(model.found).toBe(found);
  });

  it('is as it was when one comes back to it', () => {
    expect(model.last).toBeNull();
    model.setQuery('d');
    model.showDetail('id-db');
    expect(model.page).toEqual({ kind: 'detail', id: 'id-db' });
    model.showList();
    expect(model.page).toEqual({ kind: 'list' });
    expect(model.query).toBe('d');
    expect(names()).toEqual(['db']);
    expect(model.last).toBe('id-db');
  });

  it('takes the place of a credential that is gone', async () => {
    model.showDetail('id-db');
    await store.remove('id-api');
    expect(model.page.kind).toBe('detail');
    await store.remove('id-db');
    expect(model.page).toEqual({ kind: 'list' });
  });
});

it.each(['showPassphrase', 'showList'] as const)('%s tells the views', show => {
  model[show]();
  expect(changes).toBe(1);
});

it('tells what was done, for a while', () => {
  jest.useFakeTimers();
  model.setStatus('Copied');
  expect(model.status).toBe('Copied');
  expect(changes).toBe(1);
  jest.advanceTimersByTime(5000);
  model.setStatus('Saved');
  jest.advanceTimersByTime(5000);
  expect(model.status).toBe('Saved');
  jest.advanceTimersByTime(1000);
  expect(model.status).toBe('');
  jest.useRealTimers();
});

describe('a lock', () => {
  const SECRET = { ...EMPTY_DRAFT, name: 'half', notes: 'typed' };

  it.each<[string, () => void]>([
    ['search text', () => model.setQuery('d')],
    ['status', () => model.setStatus('Saved db')],
    ['draft', () => model.showForm(SECRET)],
    ['open credential', () => model.showDetail('id-db')],
    ['unfinished form', () => model.leaveForm()],
    ['page', () => model.showPassphrase()]
  ])('leaves no %s behind', async (_, act) => {
    act();
    expect(names().length).toBeGreaterThan(0);
    await store.lock();
    expect(model.query).toBe('');
    expect(model.status).toBe('Store locked');
    expect(model.page).toEqual({ kind: 'list' });
    expect(model.last).toBeNull();
    expect(model.isUnfinished).toBe(false);
    // Nor anywhere else in the model.
    const kept = Object.entries(model).filter(
      ([name]) => !['store', '_changed'].includes(name)
    );
    expect(JSON.stringify(kept)).not.toMatch(/half|typed|db|api/);
    expect(model.found).toEqual([]);
  });

  it('is told to the views once', async () => {
    await store.lock();
    expect(changes).toBe(1);
  });

  it('is said for a while, as its end is', async () => {
    jest.useFakeTimers();
    await store.lock();
    expect(model.status).toBe('Store locked');
    jest.advanceTimersByTime(6000);
    expect(model.status).toBe('');
    await store.unlock({ passphrase: '' });
    expect(model.status).toBe('Store unlocked');
    jest.advanceTimersByTime(6000);
    expect(model.status).toBe('');
    jest.useRealTimers();
  });

  it('is not what a file that cannot be used any more is called', () => {
    model.setStatus('Saved db');
    const problem = { kind: 'newer' } as const;
    store.become({ state: { kind: 'unusable', problem } });
    expect(model.status).toBe('');
  });
});

describe('what the dialog keeps half-typed', () => {
  const HALF = { ...EMPTY_DRAFT, name: 'half' };

  it('can be gone on with in the form', async () => {
    await store.stashDraft(HALF);
    expect(model.isUnfinished).toBe(true);
    expect(model.isUnsaved).toBe(true);
    model.showUnfinished();
    await rest();
    expect(model.page).toMatchObject({ kind: 'form', draft: HALF });
  });

  it('can be gone on with where the panel was made later', async () => {
    await store.stashDraft(HALF);
    const later = new PanelModel(store, trans);
    expect(later.isUnfinished).toBe(true);
    later.dispose();
  });

  it('is forgotten when it is saved there', async () => {
    await store.stashDraft(HALF);
    await store.stashDraft(null);
    expect(model.isUnfinished).toBe(false);
    expect(model.isUnsaved).toBe(false);
  });

  it('closes a form in which nothing was typed, but not another', async () => {
    model.showForm(EMPTY_DRAFT);
    await store.stashDraft(HALF);
    expect(model.page).toEqual({ kind: 'list' });
    await store.stashDraft(null);
    model.showForm(EMPTY_DRAFT);
    model.noteTyping();
    await store.stashDraft(HALF);
    expect(model.page.kind).toBe('form');
    expect(model.isUnfinished).toBe(false);
  });

  it('closes the form that an unlock has opened with it, when it is saved there', async () => {
    await store.stashDraft(HALF);
    await store.lock();
    await store.unlock({ passphrase: '' });
    await rest();
    expect(model.page.kind).toBe('form');
    await store.stashDraft(null);
    expect(model.page).toEqual({ kind: 'list' });
    expect(model.isUnsaved).toBe(false);
  });
});

describe('what waits for an unlock in the panel', () => {
  const then = jest.fn();

  beforeEach(async () => {
    then.mockClear();
    await store.lock();
    model.afterUnlock(then);
  });
  afterEach(() => void jest.restoreAllMocks());

  it('is done after it, once', () => {
    model.goOn();
    model.goOn();
    expect(then).toHaveBeenCalledTimes(1);
  });

  it('is not done when a dialog unlocks, nor at the next unlock after that', async () => {
    await store.unlock({ passphrase: '' });
    expect(then).not.toHaveBeenCalled();
    await store.lock();
    model.goOn();
    expect(then).not.toHaveBeenCalled();
  });

  it('is not done long after it was wanted', () => {
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 121_000);
    model.goOn();
    expect(then).not.toHaveBeenCalled();
  });
});

describe('the form', () => {
  const HALF = { ...EMPTY_DRAFT, name: 'half' };
  const NEW = { ...EMPTY_DRAFT, name: 'new' };
  const EDIT = { ...EMPTY_DRAFT, id: 'id-db', name: 'db' };

  it('is shown with its draft', () => {
    model.showForm(NEW);
    expect(model.page).toMatchObject({
      kind: 'form',
      draft: NEW,
      inTheWay: false
    });
  });

  it('is forgotten when it is closed', () => {
    model.showForm(NEW);
    model.closeForm();
    expect(model.page).toEqual({ kind: 'list' });
    expect(model.isUnfinished).toBe(false);
    expect(store.stashDraft).toHaveBeenCalledWith(null);
  });

  it('waits for the unlock', async () => {
    await store.lock();
    model.showForm(NEW);
    expect(model.page).toEqual({ kind: 'list' });
    await store.unlock({ passphrase: '' });
    await rest();
    expect(model.page).toMatchObject({ kind: 'form', draft: NEW });
  });

  it('is wanted once', async () => {
    await store.lock();
    model.showForm(NEW);
    await store.unlock({ passphrase: '' });
    await rest();
    await store.lock();
    await store.unlock({ passphrase: '' });
    await rest();
    expect(model.page).toEqual({ kind: 'list' });
  });

  it('opens again with what was half-typed before the lock', async () => {
    await store.lock();
    store.draft = HALF;
    await store.unlock({ passphrase: '' });
    await rest();
    expect(model.page).toMatchObject({
      kind: 'form',
      draft: HALF,
      inTheWay: false
    });
  });

  it('is not in the way if nothing was, or if it cannot be read', async () => {
    await store.lock();
    store.takeDraft.mockRejectedValueOnce(new Error());
    await store.unlock({ passphrase: '' });
    await rest();
    expect(model.page).toEqual({ kind: 'list' });
  });

  it('that was left half-typed can be found again', async () => {
    model.showForm(HALF);
    store.draft = HALF;
    model.leaveForm();
    expect(model.page).toEqual({ kind: 'list' });
    expect(model.isUnfinished).toBe(true);
    expect(store.stashDraft).not.toHaveBeenCalled();
    model.showUnfinished();
    await rest();
    expect(model.page).toMatchObject({ kind: 'form', draft: HALF });
    expect(model.isUnfinished).toBe(false);
  });

  it('that was left half-typed goes before another, which is told', async () => {
    store.draft = HALF;
    model.leaveForm();
    model.showForm(EDIT);
    await rest();
    expect(model.page).toMatchObject({ draft: HALF, inTheWay: true });
  });

  it('that was left half-typed is not in the way of itself', async () => {
    store.draft = { ...EDIT, notes: 'half' };
    model.leaveForm();
    model.showForm(EDIT);
    await rest();
    expect(model.page).toMatchObject({ draft: store.draft, inTheWay: false });
  });

  it('that was left and is gone makes room', async () => {
    model.leaveForm();
    model.showForm(EDIT);
    await rest();
    expect(model.page).toMatchObject({ draft: EDIT, inTheWay: false });
  });
});

it('hears nothing of the store once it is disposed', () => {
  model.dispose();
  store.become();
  expect(changes).toBe(0);
});
