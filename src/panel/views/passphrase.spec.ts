// The pages where a passphrase is typed: first run, unlock, change.
import { CustodianError } from '../../custodian/protocol';
import { exposed, showPanel } from '../../testing/panel';
import {
  button,
  cleanUp,
  click,
  errorOf,
  field,
  has,
  press,
  settle,
  type
} from '../../testing/render';
import { FakeStore } from '../../testing/store';

jest.mock('../strength', () => ({
  strength: (text: string) => (text === 'password' ? 0 : 4)
}));

const GOOD = 'marmot oboe lattice Thursday glue';
const CODE = 'AAAA-BBBB-CCCC-DDDD';

afterEach(cleanUp);

/** So much later that work which still goes on is shown. */
const late = () => settle(() => new Promise(then => setTimeout(then, 450)));
const labelOf = (element: Element | null) =>
  element?.getAttribute('aria-label');

async function show(kind: 'absent' | 'locked' | 'unlocked') {
  const store = new FakeStore('db');
  store.state = { kind };
  if (kind !== 'unlocked') {
    store.entries = [];
  }
  const panel = await showPanel(store);
  const { view } = panel;
  return {
    ...panel,
    of: (name: string) => field(view, name),
    submit: () => settle(() => view.querySelector('form')!.requestSubmit())
  };
}

describe('the first run', () => {
  async function create() {
    const panel = await show('absent');
    await type(panel.of('Passphrase'), GOOD);
    await type(panel.of('Repeat passphrase'), GOOD);
    await click(button(panel.view, 'Create store'));
    return panel;
  }

  it('makes a store from a passphrase typed twice', async () => {
    const { store } = await create();
    expect(store.create).toHaveBeenCalledWith(GOOD, 'nacl');
    expect(store.confirmCreation).not.toHaveBeenCalled();
  });

  it('shows the passphrase nowhere', async () => {
    const { of } = await show('absent');
    await type(of('Passphrase'), GOOD);
    expect(of('Passphrase').type).toBe('password');
    expect(of('Repeat passphrase').type).toBe('password');
    expect(exposed()).not.toContain(GOOD);
  });

  it('refuses two passphrases that differ, at their fields', async () => {
    const { of, view, store } = await show('absent');
    await type(of('Passphrase'), GOOD);
    await type(of('Repeat passphrase'), 'another');
    await click(button(view, 'Create store'));
    expect(store.create).not.toHaveBeenCalled();
    for (const name of ['Passphrase', 'Repeat passphrase']) {
      expect(errorOf(of(name))).toBe('The two passphrases differ.');
    }
  });

  it('says no more that they differ once they do not', async () => {
    const { of, view } = await show('absent');
    await type(of('Passphrase'), GOOD);
    await type(of('Repeat passphrase'), GOOD.slice(1));
    await click(button(view, 'Create store'));
    expect(document.activeElement).toBe(of('Repeat passphrase'));
    await type(of('Repeat passphrase'), 'yet another');
    expect(view.querySelector('[role=alert]')).not.toBeNull();
    await type(of('Repeat passphrase'), GOOD);
    expect(view.querySelector('[role=alert]')).toBeNull();
  });

  it('tells what is wrong with a passphrase', async () => {
    const { of, view, store } = await show('absent');
    (store.create as jest.Mock).mockRejectedValueOnce(
      new CustodianError('passphrase-length')
    );
    await click(button(view, 'Create store'));
    expect(errorOf(of('Passphrase'))).toContain('8 characters');
    expect(errorOf(of('Repeat passphrase'))).toBe('');
    await type(of('Passphrase'), GOOD);
    expect(errorOf(of('Passphrase'))).toBe('');
  });

  it('offers the other cipher', async () => {
    const { view, store } = await show('absent');
    const select = view.querySelector('select')!;
    await settle(() => {
      select.value = 'aes';
      select.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await click(button(view, 'Create store'));
    expect(store.create).toHaveBeenCalledWith('', 'aes');
  });

  it('says how strong a passphrase is, as it is typed', async () => {
    const { of, view } = await show('absent');
    const meter = () => view.querySelector('meter')!.value;
    const rest = () => settle(() => new Promise(r => setTimeout(r, 200)));
    expect(meter()).toBe(0);
    await type(of('Passphrase'), 'password');
    await rest();
    expect(meter()).toBe(1);
    await type(of('Passphrase'), GOOD);
    expect(meter()).toBe(1);
    await rest();
    expect(meter()).toBe(5);
    expect(view.querySelector('[aria-live]')!.textContent).not.toBe('');
    await type(of('Passphrase'), '');
    expect(meter()).toBe(0);
  });

  it('has a meter that is green for good passphrases alone', async () => {
    const { view } = await show('absent');
    const { low, high, optimum } = view.querySelector('meter')!;
    // Very weak and weak below, fair between, good and strong above.
    expect([2 < low, low < 3, 3 < high, high < 4]).not.toContain(false);
    expect(optimum).toBeGreaterThan(high);
  });

  it('shows the recovery code, and goes on when it was kept', async () => {
    const { view, store, copyText } = await create();
    expect(document.activeElement!.textContent).toBe('Your recovery code');
    expect(view.querySelector('code')!.textContent).toBe(CODE);
    expect(button(view, 'Finish').disabled).toBe(true);
    await click(button(view, 'Copy'));
    expect(copyText).toHaveBeenCalledWith(CODE);
    await click(field(view, 'I have kept this code'));
    await click(button(view, 'Finish'));
    expect(store.confirmCreation).toHaveBeenCalledTimes(1);
    expect(store.state.kind).toBe('unlocked');
    expect(exposed()).not.toContain(CODE);
  });

  it('says that the code is copied, and stays in the clipboard', async () => {
    const { view, model, copySecret } = await create();
    await click(button(view, 'Copy'));
    expect(model.status).toBe(
      'Copied. It stays in the clipboard until you copy something else.'
    );
    // That would take it away, and it is the only copy.
    expect(copySecret).not.toHaveBeenCalled();
    expect(view.querySelector('code')!.textContent).toBe(CODE);
  });

  it('goes on at “Add credential”', async () => {
    const { view, store } = await create();
    store.confirmCreation.mockImplementationOnce(async () =>
      store.become({ state: { kind: 'unlocked' }, entries: [] })
    );
    await click(field(view, 'I have kept this code'));
    await click(button(view, 'Finish'));
    expect(document.activeElement).toBe(button(view, 'Add credential'));
  });

  it('shows that it goes on; Escape cancels, without an error', async () => {
    const { of, view, store } = await show('absent');
    let stop: (reason: Error) => void;
    store.create.mockReturnValueOnce(
      new Promise((_, reject) => (stop = reject))
    );
    store.abandonCreation.mockImplementationOnce(() =>
      stop(new CustodianError('cancelled'))
    );
    await type(of('Passphrase'), GOOD);
    await type(of('Repeat passphrase'), GOOD);
    await click(button(view, 'Create store'));
    await late();
    expect(labelOf(view.querySelector('progress'))).toBe('Creating…');
    await press(of('Passphrase'), 'Escape');
    expect(store.abandonCreation).toHaveBeenCalledTimes(1);
    expect(button(view, 'Create store')).toBeDefined();
    expect(view.querySelector('progress, [role=alert]')).toBeNull();
    expect(of('Passphrase').value).toBe(GOOD);
    expect(document.activeElement).toBe(of('Passphrase'));
  });

  it('has nothing to cancel before it goes on', async () => {
    const { of, store } = await show('absent');
    await press(of('Passphrase'), 'Escape');
    expect(store.abandonCreation).not.toHaveBeenCalled();
  });

  it('shows no code of a store that was made though it was cancelled', async () => {
    const { of, view, store } = await show('absent');
    let made: (code: string) => void;
    store.create.mockReturnValueOnce(new Promise(resolve => (made = resolve)));
    await click(button(view, 'Create store'));
    await press(of('Passphrase'), 'Escape');
    await settle(() => made(CODE));
    expect(exposed()).not.toContain(CODE);
    expect(store.abandonCreation).toHaveBeenCalledTimes(2);
    await click(button(view, 'Create store'));
    expect(exposed()).toContain(CODE);
  });

  it('leads back to another passphrase, and has made nothing', async () => {
    const { view, store } = await create();
    await click(button(view, 'Choose another passphrase'));
    expect(store.abandonCreation).toHaveBeenCalledTimes(1);
    expect(exposed()).not.toContain(CODE);
    expect(button(view, 'Create store')).toBeDefined();
  });

  it('keeps the code on the page if the file could not be stored', async () => {
    const { view, store } = await create();
    store.confirmCreation.mockRejectedValueOnce({ problem: 'disk-full' });
    await click(field(view, 'I have kept this code'));
    await click(button(view, 'Finish'));
    expect(view.querySelector('[role=alert]')!.textContent).toContain(
      'The disk is full'
    );
    await click(button(view, 'Finish'));
    expect(store.state.kind).toBe('unlocked');
  });
});

describe('the locked store', () => {
  it('opens with the passphrase, by button or Enter', async () => {
    const { of, submit, store, view } = await show('locked');
    expect(document.activeElement).toBe(of('Passphrase'));
    expect(store.warm).toHaveBeenCalled();
    await type(of('Passphrase'), GOOD);
    expect(exposed()).not.toContain(GOOD);
    await submit();
    expect(store.unlock.mock.calls[0][0]).toEqual({ passphrase: GOOD });
    expect(document.activeElement).toBe(of('Search credentials'));
    expect(has(view, 'Passphrase')).toBe(false);
  });

  it('goes on with what the person unlocks it for', async () => {
    const { of, submit, model } = await show('locked');
    const then = jest.fn();
    model.afterUnlock(then);
    await type(of('Passphrase'), GOOD);
    await submit();
    expect(then).toHaveBeenCalledTimes(1);
  });

  it('takes the focus from nobody who is at work elsewhere in Lab', async () => {
    const { store } = await show('unlocked');
    const cell = document.body.appendChild(document.createElement('textarea'));
    cell.focus();
    await settle(() => store.lock());
    expect(document.activeElement).toBe(cell);
    await settle(() => store.unlock({ passphrase: '' }));
    expect(document.activeElement).toBe(cell);
    cell.remove();
  });

  it('keeps a wrong passphrase, selected, and says so at the field', async () => {
    const { of, submit, store } = await show('locked');
    store.unlock.mockRejectedValueOnce(new CustodianError('wrong-secret'));
    await type(of('Passphrase'), 'wrong');
    await submit();
    expect(errorOf(of('Passphrase'))).toBe(
      'That passphrase does not open this store.'
    );
    expect(of('Passphrase').getAttribute('aria-invalid')).toBe('true');
    expect(of('Passphrase').value).toBe('wrong');
    expect(of('Passphrase').selectionStart).toBe(0);
    expect(document.activeElement).toBe(of('Passphrase'));
    await submit();
    expect(store.state.kind).toBe('unlocked');
  });

  it('shows that it unlocks; Escape cancels, without an error', async () => {
    const { of, submit, store, view } = await show('locked');
    store.unlock.mockImplementationOnce(
      (_, abort) =>
        new Promise((_, reject) =>
          abort!.addEventListener('abort', () =>
            reject(new CustodianError('cancelled'))
          )
        )
    );
    await submit();
    const unlocking = button(view, 'Unlocking…');
    expect(unlocking.getAttribute('aria-disabled')).toBe('true');
    await submit();
    expect(store.unlock).toHaveBeenCalledTimes(1);
    await late();
    expect(view.querySelector('progress')).not.toBeNull();
    await press(of('Passphrase'), 'Escape');
    const unlock = button(view, 'Unlock');
    expect(unlock.getAttribute('aria-disabled')).toBe('false');
    expect(view.querySelector('[role=alert]')).toBeNull();
  });

  it('opens with the recovery code, and then wants a new passphrase', async () => {
    const { of, submit, store, view, model } = await show('locked');
    await click(button(view, 'Forgot it? Use your recovery code'));
    expect(of('Recovery code').autocomplete).toBe('off');
    await type(of('Recovery code'), CODE);
    await submit();
    expect(store.unlock.mock.calls[0][0]).toEqual({ recoveryCode: CODE });
    expect(model.page.kind).toBe('passphrase');
  });

  it('opened with the recovery code, does not cover what it then wants', async () => {
    const { of, submit, view, model } = await show('locked');
    const then = jest.fn();
    model.afterUnlock(then);
    await click(button(view, 'Forgot it? Use your recovery code'));
    await type(of('Recovery code'), CODE);
    await submit();
    expect(then).not.toHaveBeenCalled();
  });

  it.each([
    ['wrong-secret', 'That recovery code does not open this store.'],
    ['mistyped-code', 'That is not a recovery code']
  ] as const)('says what is wrong with a code: %s', async (code, text) => {
    const { of, submit, store, view } = await show('locked');
    await click(button(view, 'Forgot it? Use your recovery code'));
    store.unlock.mockRejectedValueOnce(new CustodianError(code));
    await submit();
    expect(errorOf(of('Recovery code'))).toContain(text);
    await click(button(view, 'Use the passphrase'));
    expect(errorOf(of('Passphrase'))).toBe('');
  });
});

describe('another passphrase', () => {
  const CURRENT = 'Current passphrase, or recovery code';

  async function change(current: string, next = GOOD, repeat = next) {
    const panel = await show('unlocked');
    await settle(() => panel.model.showPassphrase());
    await type(panel.of(CURRENT), current);
    await type(panel.of('New passphrase'), next);
    await type(panel.of('Repeat new passphrase'), repeat);
    expect(exposed()).not.toContain(next);
    await click(button(panel.view, 'Change passphrase'));
    return panel;
  }

  it('needs the current one, and brings a new recovery code', async () => {
    const { store, view, model } = await change('old one');
    expect(store.changePassphrase).toHaveBeenCalledWith(
      { passphrase: 'old one' },
      GOOD,
      expect.any(AbortSignal)
    );
    expect(view.querySelector('code')!.textContent).toBe('EEEE-FFFF-GGGG-HHHH');
    await click(field(view, 'I have kept this code'));
    await click(button(view, 'Finish'));
    expect(model.page).toEqual({ kind: 'list' });
    expect(exposed()).not.toContain('EEEE');
  });

  it('takes its time, and shows that it goes on', async () => {
    const { store, view, of } = await change('old one', GOOD, 'another');
    store.changePassphrase.mockReturnValueOnce(new Promise(() => undefined));
    await type(of('Repeat new passphrase'), GOOD);
    expect(view.querySelector('progress')).toBeNull();
    await click(button(view, 'Change passphrase'));
    await late();
    expect(labelOf(view.querySelector('progress'))).toBe('Changing…');
  });

  it('can be set with the recovery code', async () => {
    const recoveryCode = 'ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-2345-6789';
    const { store } = await change(recoveryCode);
    expect(store.changePassphrase).toHaveBeenCalledWith(
      { recoveryCode },
      GOOD,
      expect.any(AbortSignal)
    );
  });

  it('is not set if the two differ', async () => {
    const { store, of } = await change('old one', GOOD, 'another');
    expect(store.changePassphrase).not.toHaveBeenCalled();
    expect(errorOf(of('Repeat new passphrase'))).toBe(
      'The two passphrases differ.'
    );
  });

  it('is told at its field what is wrong with it', async () => {
    const { store, of, view } = await change('wrong', GOOD, 'another');
    await type(of('Repeat new passphrase'), GOOD);
    for (const [code, name] of [
      ['wrong-secret', CURRENT],
      ['mistyped-code', CURRENT],
      ['passphrase-length', 'New passphrase']
    ] as const) {
      store.changePassphrase.mockRejectedValueOnce(new CustodianError(code));
      await click(button(view, 'Change passphrase'));
      expect(errorOf(of(name))).not.toBe('');
      expect(document.activeElement).toBe(of(name));
      expect(view.querySelectorAll('[aria-invalid=true]')).toHaveLength(1);
    }
  });

  it('is left with Escape', async () => {
    const { of, model } = await change('old one', GOOD, 'another');
    await press(of('New passphrase'), 'Escape');
    expect(model.page).toEqual({ kind: 'list' });
  });

  it.each([
    [
      'Escape',
      (view: HTMLElement) => press(view.querySelector('form')!, 'Escape')
    ],
    ['“Back”', (view: HTMLElement) => click(button(view, 'Back'))]
  ] as const)(
    'is stopped, and not left, with %s while it works',
    async (_, stop) => {
      const { store, view, of, model } = await change(
        'old one',
        GOOD,
        'another'
      );
      store.changePassphrase.mockImplementationOnce(
        (_current, _next, abort) =>
          new Promise((_resolve, reject) =>
            abort!.addEventListener('abort', () =>
              reject(new CustodianError('cancelled'))
            )
          )
      );
      await type(of('Repeat new passphrase'), GOOD);
      await click(button(view, 'Change passphrase'));
      expect(has(view, 'Changing…')).toBe(true);
      await stop(view);
      expect(has(view, 'Change passphrase')).toBe(true);
      expect(model.page).toEqual({ kind: 'passphrase' });
      expect(view.querySelector('[role=alert]')).toBeNull();
      expect(of(CURRENT).value).toBe('old one');
      await stop(view);
      expect(model.page).toEqual({ kind: 'list' });
    }
  );

  it('is not set by a lock: the recovery code goes with the page', async () => {
    const { store } = await change('old one');
    await settle(() => store.lock());
    expect(exposed()).not.toContain('EEEE');
  });
});
