import { showPanel } from '../../testing/panel';
import {
  button,
  cleanUp,
  click,
  field,
  has,
  settle,
  type
} from '../../testing/render';
import { EMPTY_DRAFT } from '../model';
import { FakeStore } from '../../testing/store';
import { CustodianError } from '../../custodian/protocol';
import type { Notice, Problem } from '../../store/types';

afterEach(cleanUp);

async function show(change: Partial<FakeStore>) {
  const store = new FakeStore('db');
  Object.assign(store, change);
  return showPanel(store);
}

it('shows that it loads, if that takes long', async () => {
  const { view } = await show({ state: { kind: 'loading' } });
  expect(view.querySelector('progress')).toBeNull();
  await settle(() => new Promise(later => setTimeout(later, 450)));
  expect(view.querySelector('progress')!.getAttribute('aria-label')).toBe(
    'Loading…'
  );
});

describe('a file that cannot be used', () => {
  const MOVE =
    'It will not be overwritten. Rename or move it, or set another path';
  it.each<[Problem, string, string]>([
    [
      { kind: 'foreign', hint: 'empty' },
      'The file ~/.credentialstore is empty.',
      MOVE
    ],
    [
      { kind: 'foreign', hint: 'other' },
      'The file ~/.credentialstore is not a credential store.',
      MOVE
    ],
    [
      { kind: 'too-large' },
      'The file ~/.credentialstore is larger than 16 MiB.',
      'will not be overwritten. Rename or move it, or set another path'
    ],
    [
      { kind: 'no-file-there' },
      'What is at ~/.credentialstore is no file.',
      'Nothing is written. Rename or move it, or set another path'
    ],
    [
      { kind: 'newer' },
      'The store was written by a newer version.',
      'Update jupyterlab-credential-store. Nothing is written.'
    ],
    [
      { kind: 'damaged', detail: 'header' },
      'The store’s file is damaged (header).',
      'Put back one of the backups beside it, ~/.credentialstore.bak1 to .bak3.'
    ],
    [
      { kind: 'unreachable', status: 404 },
      'There is no file at ~/.credentialstore any more.',
      'Put it back, from a backup beside it (~/.credentialstore.bak1 to .bak3)'
    ],
    [
      { kind: 'unreachable', status: 401 },
      'does not hand out the store’s file.',
      'Log in again in another tab'
    ],
    [
      { kind: 'unreachable', status: 403 },
      'does not hand out the store’s file.',
      'check the file’s permissions'
    ],
    [
      { kind: 'unreachable', status: 0 },
      'does not hand out the store’s file.',
      'Try again when it is back'
    ]
  ])('is explained, with what to do: %j', async (problem, what, advice) => {
    const { view, store } = await show({
      state: { kind: 'unusable', problem }
    });
    const alert = view.querySelector('[role=alert]')!;
    expect(alert.textContent).toContain(what);
    expect(alert.textContent).toContain(advice);
    await click(button(view, 'Try again'));
    expect(store.refresh).toHaveBeenCalledTimes(1);
  });
});

it('says of an altered file what to restore it from', async () => {
  const { view, store } = await show({ state: { kind: 'locked' } });
  store.unlock.mockRejectedValueOnce(new CustodianError('altered'));
  await type(field(view, 'Passphrase'), 'correct horse');
  await click(button(view, 'Unlock'));
  expect(view.querySelector('[role=alert]')!.textContent).toBe(
    'The file was altered: its contents do not fit its seal. Restore it from a backup (.bak1 beside it).'
  );
});

describe('a banner', () => {
  it.each<[Notice, string, string, keyof FakeStore]>([
    [{ kind: 'insecure-connection' }, 'Not a secure', 'OK', 'dismiss'],
    [{ kind: 'in-page' }, 'forbids workers', 'OK', 'dismiss'],
    [{ kind: 'slow' }, 'forbids WebAssembly', 'OK', 'dismiss'],
    [{ kind: 'no-server-extension' }, 'lacks the extension', 'OK', 'dismiss'],
    [
      { kind: 'merged', report: { incoming: 1, copies: [] } },
      'Nothing lost: merged with what was changed in another tab',
      'OK',
      'dismiss'
    ],
    [
      { kind: 'merged', report: { incoming: 0, copies: ['db (2)'] } },
      'Nothing lost: merged with what was changed elsewhere, yours is kept as “db (2)”',
      'OK',
      'dismiss'
    ],
    [{ kind: 'rolled-back' }, 'is older than', 'Use it anyway', 'dismiss'],
    [{ kind: 'replaced' }, 'Another store', 'Use it anyway', 'dismiss'],
    [
      { kind: 'unsaved', reason: 'disk-full' },
      'Not saved yet. The disk is full',
      'Try again',
      'retrySave'
    ],
    [
      { kind: 'passphrase-changed' },
      'New passphrase, set elsewhere',
      'Unlock again',
      'lock'
    ]
  ])('says what is the matter and lets one act: %j', async (...row) => {
    const [notice, text, action, method] = row;
    const { view, store } = await show({ notices: [notice] });
    const status = view.querySelector('[role=status]')!;
    expect(status.textContent).toContain(text);
    expect(status.querySelector('svg, span')).not.toBeNull();
    await click(button(view, action));
    const called = store[method] as jest.Mock;
    expect(called).toHaveBeenCalledTimes(1);
    if (method === 'dismiss') {
      expect(called).toHaveBeenCalledWith(notice.kind);
    }
  });
});

describe('a banner’s line', () => {
  const width = (which: 'scrollWidth' | 'clientWidth', px: number) =>
    jest.spyOn(Element.prototype, which, 'get').mockReturnValue(px);
  const shown = () => show({ notices: [{ kind: 'insecure-connection' }] });
  afterEach(() => void jest.restoreAllMocks());

  it('that is too long opens, and closes', async () => {
    width('scrollWidth', 400);
    width('clientWidth', 150);
    const { view } = await shown();
    const banner = view.querySelector('.jp-CredentialStore-notice')!;
    const more = button(view, 'Whole message');
    expect(more.getAttribute('aria-expanded')).toBe('false');
    more.focus();
    await click(more);
    expect(banner.classList).toContain('jp-mod-open');
    expect(more.getAttribute('aria-expanded')).toBe('true');
    expect(document.activeElement).toBe(more);
    await click(more);
    expect(banner.classList).not.toContain('jp-mod-open');
  });

  it('that fits has nothing to open', async () => {
    width('scrollWidth', 150);
    width('clientWidth', 150);
    const { view } = await shown();
    expect(has(view, 'Whole message')).toBe(false);
  });

  it.each<[Notice, boolean]>([
    [{ kind: 'rolled-back' }, true],
    [{ kind: 'replaced' }, true],
    [{ kind: 'passphrase-changed', needs: 'old' }, true],
    [{ kind: 'passphrase-changed' }, false],
    [{ kind: 'merged', report: { incoming: 0, copies: ['a', 'b'] } }, true],
    [{ kind: 'merged', report: { incoming: 0, copies: ['a'] } }, false],
    [{ kind: 'unsaved', reason: 'disk-full' }, false]
  ])('is open from the start if one decides by it: %j, %s', async (...row) => {
    const [notice, isOpen] = row;
    const { view } = await show({ notices: [notice] });
    const { classList } = view.querySelector('.jp-CredentialStore-notice')!;
    expect(classList.contains('jp-mod-open')).toBe(isOpen);
  });

  it('is looked at anew when its words change', async () => {
    const cut = width('scrollWidth', 150);
    width('clientWidth', 150);
    const { view, store } = await show({
      notices: [{ kind: 'unsaved', reason: 'disk-full' }]
    });
    cut.mockReturnValue(400);
    await settle(() =>
      store.become({ notices: [{ kind: 'unsaved', reason: 'logged-out' }] })
    );
    expect(has(view, 'Whole message')).toBe(true);
  });
});

describe('“Show” of what was kept twice', () => {
  const merged = (...copies: string[]) => {
    const store = new FakeStore('api', 'db', 'db (2)', 'ssh (2)');
    store.notices = [{ kind: 'merged', report: { incoming: 0, copies } }];
    return showPanel(store);
  };
  const rows = (view: HTMLElement) =>
    [...view.querySelectorAll('[role=option]')].map(row => row.textContent);

  it('searches for the copy, and leaves the banner up', async () => {
    const { view, store } = await merged('db (2)');
    await click(button(view, 'Show'));
    expect(rows(view)).toEqual(['db (2)']);
    expect(field(view, 'Search credentials').value).toBe('db (2)');
    expect(store.dismiss).not.toHaveBeenCalled();
    expect(has(view, 'OK')).toBe(true);
  });

  it('leads to the list from the page of a credential', async () => {
    const { view, model } = await merged('db (2)');
    await settle(() => model.showDetail('id-api'));
    await click(button(view, 'Show'));
    expect(rows(view)).toEqual(['db (2)']);
    expect(field(view, 'Search credentials').value).toBe('db (2)');
  });

  it('is there for each of several', async () => {
    const { view } = await merged('db (2)', 'ssh (2)');
    await click(button(view, 'Show “db (2)”'));
    expect(rows(view)).toEqual(['db (2)']);
    await click(button(view, 'Show “ssh (2)”'));
    expect(rows(view)).toEqual(['ssh (2)']);
  });

  it('takes nobody away from what is half-typed, or from a recovery code', async () => {
    const { view, model } = await merged('db (2)');
    await settle(() => model.showForm(EMPTY_DRAFT));
    expect(has(view, 'Show')).toBe(false);
    await settle(() => model.showPassphrase());
    expect(has(view, 'Show')).toBe(false);
  });

  it('is not there where nothing was', async () => {
    const { view } = await merged();
    expect(has(view, 'Show')).toBe(false);
  });
});

describe('the foot', () => {
  it('says where the file is, and when it locks', async () => {
    const { view } = await show({ deadline: Date.now() + 14 * 60_000 });
    expect(view.textContent).toContain('~/.credentialstore');
    expect(view.textContent).toContain('Locks in 14 min');
  });

  it('says nothing of a lock that never comes', async () => {
    const { view } = await show({ deadline: null });
    expect(view.textContent).not.toContain('Locks in');
  });
});

it('says what was done, and has it announced once, from outside the panel', async () => {
  const { view, store, announce } = await show({});
  const status = view.querySelector('.jp-CredentialStore-status')!;
  await settle(() => store.lock());
  expect(status.textContent).toBe('Store locked');
  expect(announce).toHaveBeenLastCalledWith('Store locked');
  await settle(() => store.unlock({ passphrase: '' }));
  expect(status.textContent).toBe('Store unlocked');
  expect(announce).toHaveBeenLastCalledWith('Store unlocked');
  expect(status.closest('[aria-live], [role=status]')).toBeNull();
});

it('has room for two lines of what was done: a long name is whole in the title, and read out', async () => {
  const { view, announce, model } = await show({});
  const status = view.querySelector<HTMLElement>('.jp-CredentialStore-status')!;
  await settle(() => model.setStatus('Saved a…z', 'Saved abcz'));
  expect(status.textContent).toBe('Saved a…z');
  expect(status.title).toBe('Saved abcz');
  expect(announce).toHaveBeenLastCalledWith('Saved abcz');
  await settle(() => model.setStatus('Code copied'));
  expect(status.title).toBe('');
});

it('shows nothing of the store once it is locked', async () => {
  const { view, store, model } = await show({
    grants: [{ path: 'secret.ipynb', entry: 'id-db', since: 0, used: 0 }]
  });
  await settle(() => model.setStatus('Deleted db.'));
  expect(view.textContent).toContain('secret.ipynb');
  await settle(() => store.lock());
  expect(view.innerHTML).not.toMatch(/secret\.ipynb|\bdb\b/);
  expect(has(view, 'Unlock')).toBe(true);
});
