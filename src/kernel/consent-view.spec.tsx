import { nullTranslator } from '@jupyterlab/translation';
import * as React from 'react';
import type { IDialog } from '../custodian/gate';
import { CustodianError } from '../custodian/protocol';
import {
  button,
  cleanUp,
  click,
  errorOf,
  field,
  has,
  paste,
  press,
  render,
  settle,
  type
} from '../testing/render';
import { entry, FakeStore, request } from '../testing/store';
import { ConsentView, type IConsentOptions } from './consent-view';
import type { IDocument, IQuestion } from './request-queue';

const trans = nullTranslator.load('jupyterlab_credential_store');
const decide = jest.fn();
const present = jest.fn<void, [number, IDialog]>();
/** Nobody types. */
const quiet = () => settle(() => jest.advanceTimersByTime(300));
/** What the gate says of the buttons. */
const arm = (armed = true) =>
  settle(() => present.mock.calls[0][1].armed(armed));

let store: FakeStore;
let view: HTMLElement;

beforeEach(() => {
  jest.useFakeTimers();
  decide.mockClear();
  present.mockReset().mockImplementation((_, { armed }) => armed(true));
  store = new FakeStore('db', 'api');
});

afterEach(() => {
  cleanUp();
  jest.useRealTimers();
});

interface IShown {
  readonly document?: Partial<IDocument>;
  readonly question?: Partial<IQuestion>;
  readonly options?: Partial<IConsentOptions>;
}

async function show(
  prompt = request(['db']),
  { document, question, options }: IShown = {}
): Promise<void> {
  const outcome: any = await store.desk.receive({
    prompt,
    connection: 'c',
    path: 'a.ipynb',
    granted: []
  });
  view = await render(
    <ConsentView
      store={store}
      trans={trans}
      decide={decide}
      options={{
        armingDelayMs: 0,
        defaultConsent: 'once',
        ...options
      }}
      present={present}
      question={{
        request: outcome.request,
        offerBlock: false,
        over: new AbortController().signal,
        document: {
          path: 'work/a.ipynb',
          name: 'a.ipynb',
          kind: 'notebook',
          kernelName: 'Python 3',
          show: () => undefined,
          isVisible: true,
          ...document
        },
        ...question
      }}
    />
  );
}

const allowed = (scope: string) => ({ kind: 'allow', scope });
const refused = (status: string, block = false) => ({
  kind: 'refuse',
  status,
  block
});

describe('what is asked', () => {
  it('is in the title: who wants what', async () => {
    await show(request(['db', 'api']));
    const dialog = view.querySelector('[role="dialog"]')!;
    const title = document.getElementById(
      dialog.getAttribute('aria-labelledby')!
    )!;
    expect(title.textContent).toBe('a.ipynb asks for “db”, “api”');
    expect(dialog.getAttribute('aria-modal')).toBe('true');
  });

  it('is read out with who asks, and why', async () => {
    await show(request(['db'], { reason: 'March' }));
    const said = errorOf(view.querySelector('[role="dialog"]')!);
    expect(said).toContain('Notebookwork/a.ipynb');
    expect(said).toContain('Reason“March”');
  });

  it('names the notebook’s path, the kernel, the credential and its field', async () => {
    store.become({
      entries: [entry('db', { fields: [{ name: 'port', type: 'text' }] })]
    });
    await show(request(['db'], { field: 'port' }));
    expect(view.textContent).toContain('Notebookwork/a.ipynb');
    expect(view.textContent).toContain('KernelPython 3');
    expect(view.textContent).toContain('Credential“db” (port)');
  });

  it('has a key beside the title, that a screen reader does not read', async () => {
    await show();
    const icon = view.querySelector('h2 > .jp-CredentialStore-consentIcon')!;
    expect(icon.getAttribute('aria-hidden')).toBe('true');
  });

  it.each([
    ['today the time', 0, { timeStyle: 'short' }],
    ['else the day', 48, { dateStyle: 'medium' }]
  ] as const)(
    'tells since when the kernel runs: %s',
    async (_, hours, format) => {
      const kernelSince = Date.now() - hours * 3_600_000;
      await show(request(['db']), { document: { kernelSince } });
      const when = new Date(kernelSince).toLocaleString([], format);
      expect(view.textContent).toContain(`KernelPython 3, since ${when}Cred`);
    }
  );

  it('leaves that out where it was not seen', async () => {
    await show();
    expect(view.textContent).toContain('KernelPython 3Credential');
  });

  it('names several credentials as such, each in the title’s quotes', async () => {
    await show(request(['db', 'api']));
    const terms = [...view.querySelectorAll('dt')].map(dt => dt.textContent);
    expect(terms).toEqual(['Notebook', 'Kernel', 'Credentials']);
    const items = [...view.querySelectorAll('li')].map(li => li.textContent);
    expect(items).toEqual(['“db”', '“api”']);
  });

  it.each([
    ['console', 'Console'],
    ['unknown', 'Document']
  ] as const)('tells from a notebook what is none: %s', async (kind, label) => {
    await show(request(['db']), { document: { kind } });
    expect(view.textContent).toContain(`${label}work/a.ipynb`);
    expect(view.textContent).not.toContain('Notebook');
  });

  it('quotes the code’s reason, and says whose words they are', async () => {
    await show(request(['db'], { reason: 'March' }));
    expect(view.textContent).toContain('“March” (written by the code)');
  });

  it('has no reason where none was given', async () => {
    await show();
    expect(view.textContent).not.toContain('Reason');
  });

  it('is text, whatever it contains', async () => {
    const html = '<img src=x onerror=alert(1)><b>x</b>';
    await show(request([html], { reason: html }), {
      document: { name: html, path: html, kernelName: html }
    });
    expect(view.querySelector('img, b')).toBeNull();
    expect(view.textContent.split(html)).toHaveLength(8);
  });

  it('shows what would hide or turn round', async () => {
    const sly = 'a\u202eb\n';
    await show(request([sly], { reason: sly, field: sly }), {
      document: { name: sly, path: sly, kernelName: sly }
    });
    expect(view.innerHTML).not.toMatch(/[\u202e\n]/);
    expect(view.textContent.split('a⟨U+202E⟩b⟨U+000A⟩')).toHaveLength(9);
  });
});

describe('“Deny”', () => {
  it('has the focus', async () => {
    await show();
    expect(document.activeElement).toBe(button(view, 'Deny'));
  });

  it('denies, armed or not', async () => {
    await show();
    await arm(false);
    await click(button(view, 'Deny'));
    expect(decide.mock.calls).toEqual([[refused('denied')]]);
  });

  it('is what Escape does', async () => {
    await show();
    await press(button(view, 'Deny'), 'Escape');
    expect(decide.mock.calls).toEqual([[refused('denied')]]);
  });

  it('offers to stop the questions only when asked to', async () => {
    await show();
    expect(view.querySelector('[type="checkbox"]')).toBeNull();
  });

  it('stops the questions if that is checked', async () => {
    await show(request(['db']), { question: { offerBlock: true } });
    const box = field(view, 'Don’t ask again for this kernel');
    expect(box.checked).toBe(false);
    await click(box);
    await press(box, 'Enter');
    expect(decide).not.toHaveBeenCalled();
    await click(button(view, 'Deny'));
    expect(decide.mock.calls).toEqual([[refused('denied', true)]]);
  });
});

describe('the buttons that allow', () => {
  const NAMES = [
    ['Allow once', 'once'],
    ['Allow for this kernel', 'kernel'],
    ['Always allow in this notebook', 'notebook']
  ] as const;

  it.each(NAMES)('“%s” allows “%s”', async (name, scope) => {
    await show();
    await click(button(view, name));
    expect(decide.mock.calls).toEqual([[allowed(scope)]]);
  });

  it.each(NAMES)('“%s” waits until it is armed', async name => {
    await show();
    await arm(false);
    expect(button(view, name).getAttribute('aria-disabled')).toBe('true');
    await click(button(view, name));
    expect(decide).not.toHaveBeenCalled();
    await arm();
    expect(button(view, name).getAttribute('aria-disabled')).toBe('false');
    await click(button(view, name));
    expect(decide).toHaveBeenCalledTimes(1);
  });

  it.each(['console', 'unknown'] as const)(
    'offer nothing for ever where the path never comes again: %s',
    async kind => {
      await show(request(['db']), { document: { kind } });
      expect(has(view, 'Always allow in this notebook')).toBe(false);
      expect(has(view, 'Allow for this kernel')).toBe(true);
    }
  );

  it.each(['console', 'unknown'] as const)(
    'show “for this kernel” as Enter’s where “always” is, and is not there: %s',
    async kind => {
      await store.lock();
      const options = { defaultConsent: 'notebook' } as const;
      await show(request(['db']), { document: { kind }, options });
      const accept = view.querySelectorAll('.jp-mod-accept');
      expect([...accept].map(b => b.textContent)).toEqual([
        'Unlock and allow for this kernel'
      ]);
      expect(present.mock.calls[0][1].enter).toBe('kernel');
      await type(field(view, 'Passphrase'), 'correct horse');
      await press(field(view, 'Passphrase'), 'Enter');
      expect(decide.mock.calls).toEqual([[allowed('kernel')]]);
    }
  );

  it('show which one Enter stands for', async () => {
    await show(request(['db']), { options: { defaultConsent: 'kernel' } });
    const accept = view.querySelectorAll('.jp-mod-accept');
    expect([...accept].map(b => b.textContent)).toEqual([
      'Allow for this kernel'
    ]);
  });
});

describe('the gate', () => {
  it('is told once which button is for what, in which dialog', async () => {
    await show(request(['dv']), { options: { armingDelayMs: 500 } });
    await type(field(view, 'Value'), 'x');
    await click(button(view, 'Save and allow once'));
    expect(present).toHaveBeenCalledTimes(1);
    const [handle, dialog] = present.mock.calls[0];
    expect(handle).toBe(0);
    expect(dialog.root).toBe(view.querySelector('[role="dialog"]'));
    expect(dialog.allow).toEqual({
      once: button(view, 'Allow once'),
      kernel: button(view, 'Allow for this kernel'),
      notebook: button(view, 'Always allow in this notebook')
    });
    expect(dialog).toMatchObject({ enter: 'once', delayMs: 500 });
  });

  it('that waits to see all of the dialog is explained, after a while', async () => {
    await show();
    await arm(false);
    expect(view.textContent).not.toContain('covers');
    await settle(() => jest.advanceTimersByTime(1500));
    expect(view.textContent).toContain('Something covers this dialog.');
    await arm();
    expect(view.textContent).not.toContain('covers');
  });
});

describe('the keyboard', () => {
  it('goes round within the dialog', async () => {
    await show();
    const deny = button(view, 'Deny');
    const last = button(view, 'Allow once');
    last.focus();
    await press(last, 'Tab');
    expect(document.activeElement).toBe(deny);
    await settle(() =>
      deny.dispatchEvent(
        new KeyboardEvent('keydown', {
          key: 'Tab',
          shiftKey: true,
          bubbles: true
        })
      )
    );
    expect(document.activeElement).toBe(last);
  });

  it('keeps Escape from the page behind', async () => {
    await show();
    const behind = jest.fn();
    document.addEventListener('keydown', behind);
    await press(button(view, 'Deny'), 'Escape');
    document.removeEventListener('keydown', behind);
    expect(behind).not.toHaveBeenCalled();
  });
});

describe('where the store is locked', () => {
  beforeEach(async () => {
    await store.lock();
    await show();
  });

  const passphrase = () => field(view, 'Passphrase');

  it('the passphrase is asked for, and has the focus once nobody types', async () => {
    expect(document.activeElement).toBe(view.querySelector('[role="dialog"]'));
    await quiet();
    expect(document.activeElement).toBe(passphrase());
    expect(passphrase().type).toBe('password');
    expect(store.warm).toHaveBeenCalled();
  });

  it.each([
    ['Unlock and allow once', 'once'],
    ['Unlock and allow for this kernel', 'kernel'],
    ['Unlock and always allow in this notebook', 'notebook']
  ])('“%s” does both', async (name, scope) => {
    await type(passphrase(), 'correct horse');
    await click(button(view, name));
    expect(store.unlock.mock.calls[0][0]).toEqual({
      passphrase: 'correct horse'
    });
    expect(decide.mock.calls).toEqual([[allowed(scope)]]);
  });

  it('Enter in the field is the default button', async () => {
    await type(passphrase(), 'correct horse');
    await press(passphrase(), 'Enter');
    expect(decide.mock.calls).toEqual([[allowed('once')]]);
  });

  it('“Deny” leaves it locked', async () => {
    await click(button(view, 'Deny'));
    expect(decide.mock.calls).toEqual([[refused('locked')]]);
    expect(store.unlock).not.toHaveBeenCalled();
  });

  it('a wrong passphrase stays, selected, and says so at its field', async () => {
    store.unlock.mockRejectedValueOnce(new CustodianError('wrong-secret'));
    await type(passphrase(), 'wrong');
    await click(button(view, 'Unlock and allow once'));
    expect(decide).not.toHaveBeenCalled();
    expect(errorOf(passphrase())).toBe(
      'That passphrase does not open this store.'
    );
    expect(passphrase().getAttribute('aria-invalid')).toBe('true');
    expect(passphrase().value).toBe('wrong');
    expect(passphrase().selectionStart).toBe(0);
    await click(button(view, 'Unlock and allow once'));
    expect(decide.mock.calls).toEqual([[allowed('once')]]);
  });

  it('the passphrase is read by the browser’s own getter, not by React’s', () => {
    expect(Object.hasOwn(passphrase(), 'value')).toBe(false);
  });

  it('the passphrase is in no attribute and no text', async () => {
    await type(passphrase(), 'correct horse');
    expect(view.innerHTML).not.toContain('correct');
  });

  it('Escape stops the derivation first, and denies then', async () => {
    let abort: AbortSignal | undefined;
    store.unlock.mockImplementationOnce((_, signal) => {
      abort = signal;
      return new Promise((_, reject) =>
        signal!.addEventListener('abort', () =>
          reject(new CustodianError('cancelled'))
        )
      );
    });
    await click(button(view, 'Unlock and allow once'));
    expect(button(view, 'Unlocking…')).toBeTruthy();
    await press(passphrase(), 'Escape');
    expect(abort!.aborted).toBe(true);
    expect(decide).not.toHaveBeenCalled();
    expect(errorOf(passphrase())).toBe('Cancelled.');
    await press(passphrase(), 'Escape');
    expect(decide.mock.calls).toEqual([[refused('locked')]]);
  });

  it('the button that was pressed says so, in its width, and a bar in a place that is kept for it', async () => {
    store.unlock.mockReturnValueOnce(new Promise(() => undefined));
    const pressed = button(view, 'Unlock and allow for this kernel');
    pressed.getBoundingClientRect = () => ({ width: 234 }) as DOMRect;
    const place = view.querySelector('.jp-CredentialStore-consentProgress')!;
    await click(pressed);
    expect(pressed.textContent).toBe('Unlocking…');
    expect(pressed.style.minWidth).toBe('234px');
    expect(has(view, 'Unlock and allow once')).toBe(true);
    expect(place.innerHTML).toBe('');
    await settle(() => jest.advanceTimersByTime(500));
    const bar = place.querySelector('progress')!;
    expect(bar.getAttribute('aria-label')).toBe('Unlocking…');
  });

  it('a second click while it unlocks does nothing', async () => {
    store.unlock.mockReturnValueOnce(new Promise(() => undefined));
    await click(button(view, 'Unlock and allow once'));
    await click(button(view, 'Unlocking…'));
    expect(store.unlock).toHaveBeenCalledTimes(1);
  });

  it('it follows an unlock elsewhere', async () => {
    await settle(() => store.unlock({ passphrase: '' }));
    expect(has(view, 'Passphrase')).toBe(false);
    await click(button(view, 'Allow once'));
    expect(decide.mock.calls).toEqual([[allowed('once')]]);
  });
});

it('asks for the passphrase when the store locks meanwhile', async () => {
  await show();
  await settle(() => store.lock());
  expect(has(view, 'Passphrase')).toBe(true);
  expect(has(view, 'Unlock and allow once')).toBe(true);
});

describe('where the document’s tab is hidden', () => {
  const showDocument = jest.fn();
  const hidden = { show: showDocument, isVisible: false };
  let editor: HTMLInputElement;

  beforeEach(() => {
    editor = document.createElement('input');
    document.body.append(editor);
    showDocument.mockReset().mockImplementation(() => editor.focus());
  });
  afterEach(() => editor.remove());

  it('a button shows it, and the dialog stays, with the focus', async () => {
    await show(request(['db']), { document: hidden });
    await click(button(view, 'Show notebook'));
    expect(showDocument).toHaveBeenCalledTimes(1);
    expect(decide).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(button(view, 'Deny'));
    // A notebook that has to be made ready takes it later.
    await settle(() => jest.advanceTimersByTime(1000));
    editor.focus();
    expect(document.activeElement).toBe(button(view, 'Deny'));
    await settle(() => jest.advanceTimersByTime(1000));
    editor.focus();
    expect(document.activeElement).toBe(editor);
  });

  it('the passphrase’s field has the focus again, if it had it', async () => {
    await store.lock();
    await show(request(['db']), { document: hidden });
    await quiet();
    await click(button(view, 'Show notebook'));
    await quiet();
    expect(document.activeElement).toBe(field(view, 'Passphrase'));
  });

  it('the gate takes that button for none that allows', async () => {
    await show(request(['db']), { document: hidden });
    const { allow } = present.mock.calls[0][1];
    expect(Object.values(allow)).not.toContain(button(view, 'Show notebook'));
  });

  it('the button keeps its place, so that nothing moves, and Tab passes it by', async () => {
    await show(request(['db']), { document: hidden });
    const shows = button(view, 'Show notebook');
    await click(shows);
    expect(shows.isConnected).toBe(true);
    expect(shows.disabled).toBe(true);
    button(view, 'Allow once').focus();
    await press(button(view, 'Allow once'), 'Tab');
    expect(document.activeElement).toBe(button(view, 'Deny'));
  });

  it('says what it shows, and is not there where all is in view', async () => {
    await show(request(['db']), { document: { ...hidden, kind: 'console' } });
    expect(has(view, 'Show console')).toBe(true);
    cleanUp();
    await show();
    expect(has(view, 'Show notebook')).toBe(false);
  });
});

it('gives the value’s field the focus once nobody types, also when it was locked before', async () => {
  await store.lock();
  await show(request(['dv']));
  await quiet();
  await settle(() => store.unlock({ passphrase: '' }));
  const dialog = view.querySelector('[role="dialog"]')!;
  expect(document.activeElement).toBe(dialog);
  await settle(() => jest.advanceTimersByTime(200));
  await press(dialog, 'x');
  await settle(() => jest.advanceTimersByTime(200));
  expect(document.activeElement).toBe(dialog);
  await quiet();
  expect(document.activeElement).toBe(field(view, 'Value'));
});

describe('a credential that does not exist', () => {
  beforeEach(() => show(request(['dv'])));

  const value = () => field(view, 'Value');

  it('can be added there', async () => {
    expect(view.textContent).toContain('There is no credential “dv”. Add it?');
    await quiet();
    expect(document.activeElement).toBe(value());
    await type(value(), 'open sesame');
    await type(field(view, 'User name'), 'readonly');
    expect(view.innerHTML).not.toContain('sesame');
    await click(button(view, 'Save and allow once'));
    expect(store.put).toHaveBeenCalledWith({
      name: 'dv',
      user: 'readonly',
      url: '',
      notes: '',
      tags: [],
      fields: [{ name: 'value', type: 'hidden', value: 'open sesame' }]
    });
    expect(decide.mock.calls).toEqual([[allowed('once')]]);
  });

  it('is not found if the person denies', async () => {
    await click(button(view, 'Deny'));
    expect(decide.mock.calls).toEqual([[refused('not-found')]]);
    expect(store.put).not.toHaveBeenCalled();
  });

  it('is added by Enter, too', async () => {
    await type(value(), 'open sesame');
    await press(value(), 'Enter');
    expect(decide.mock.calls).toEqual([[allowed('once')]]);
  });

  it('is not added without a value', async () => {
    await press(value(), 'Enter');
    expect(errorOf(value())).toContain('Enter the value first.');
    expect(store.put).not.toHaveBeenCalled();
    expect(decide).not.toHaveBeenCalled();
  });

  it('is being saved, says the button that was pressed, until it is', async () => {
    let fail: (error: Error) => void;
    store.put.mockReturnValueOnce(new Promise((_, reject) => (fail = reject)));
    await type(value(), 'open sesame');
    await click(button(view, 'Save and allow for this kernel'));
    expect(has(view, 'Saving…')).toBe(true);
    expect(has(view, 'Save and allow for this kernel')).toBe(false);
    await settle(() => jest.advanceTimersByTime(500));
    expect(view.querySelector('progress')).not.toBeNull();
    await settle(() => fail(new CustodianError('invalid-draft')));
    expect(has(view, 'Save and allow for this kernel')).toBe(true);
    expect(view.querySelector('progress')).toBeNull();
  });

  it('whose name cannot be stored is explained at the field', async () => {
    store.put.mockRejectedValueOnce(new CustodianError('invalid-draft'));
    await type(value(), 'open sesame');
    await click(button(view, 'Save and allow once'));
    expect(errorOf(value())).toContain('This name cannot be stored.');
    expect(decide).not.toHaveBeenCalled();
  });
});

describe('what is done elsewhere while the dialog asks', () => {
  it('shows: a credential that is removed can be added, not allowed', async () => {
    await show();
    await settle(() => store.become({ entries: [entry('api')] }));
    expect(view.textContent).toContain('There is no credential “db”. Add it?');
    await click(button(view, 'Save and allow once'));
    expect(decide).not.toHaveBeenCalled();
  });

  it('shows: one that is added can be allowed, and what was typed for it is kept', async () => {
    await show(request(['dv']));
    await type(field(view, 'Value'), 'open sesame');
    await settle(() => store.become({ entries: [entry('dv')] }));
    await click(button(view, 'Allow once'));
    expect(decide.mock.calls).toEqual([[allowed('once')]]);
    expect(store.put).not.toHaveBeenCalled();
    cleanUp();
    await settle();
    expect(store.draft).toMatchObject({ fields: [{ value: 'open sesame' }] });
  });

  it('is looked at only where the credentials have changed', async () => {
    await show();
    await settle(() => store.become({ deadline: 1 }));
    expect(store.desk.review).not.toHaveBeenCalled();
  });
});

describe('a field that does not exist', () => {
  const several = entry('db', {
    fields: [
      { name: 'host', type: 'text' },
      { name: 'to\u202eken', type: 'hidden' }
    ]
  });

  it('is named, with those that there are', async () => {
    store.become({ entries: [several] });
    await show(request(['db'], { field: 'port' }));
    expect(view.querySelector('[role=alert]')!.textContent).toBe(
      '“db” has no field “port”. It has “host”, “to⟨U+202E⟩ken”. Deny, and name one of these in the code, or add the field in the Credentials panel.'
    );
    await click(button(view, 'Allow once'));
    expect(decide).not.toHaveBeenCalled();
    await click(button(view, 'Deny'));
    expect(decide.mock.calls).toEqual([[refused('not-found')]]);
  });

  it('is asked for where the code names none of several', async () => {
    store.become({ entries: [several] });
    jest.spyOn(store.desk, 'receive').mockImplementationOnce(async () => ({
      kind: 'ask',
      request: {
        handle: 0,
        want: [{ name: 'db', entry: 'id-db', found: 'field', always: false }],
        locked: false,
        closed: 'closed 0'
      }
    }));
    await show();
    expect(view.querySelector('[role=alert]')!.textContent).toContain(
      '“db” has several fields, and the code does not say which: “host”,'
    );
  });
});

describe('what is half-typed for one that does not exist', () => {
  const DRAFT = {
    name: 'dv',
    user: 'readonly',
    url: '',
    notes: '',
    tags: [],
    fields: [{ name: 'value', type: 'hidden', value: 'open sesame' }]
  };
  const value = () => field(view, 'Value');
  const rests = () => settle(() => jest.advanceTimersByTime(300));

  beforeEach(async () => {
    await show(request(['dv']));
    await type(value(), 'open sesame');
    await type(field(view, 'User name'), 'readonly');
  });

  it('is kept once typing rests', async () => {
    await settle(() => jest.advanceTimersByTime(299));
    expect(store.draft).toBeNull();
    await rests();
    expect(store.draft).toEqual(DRAFT);
    expect(view.innerHTML).not.toContain('sesame');
  });

  it('is kept at once when the field is left, or nobody waits any more', async () => {
    await settle(() => value().focus());
    await settle(() => value().blur());
    expect(store.draft).toEqual(DRAFT);
    await type(value(), 'open');
    cleanUp();
    await settle();
    expect(store.draft).toMatchObject({ fields: [{ value: 'open' }] });
  });

  it.each(['Deny', 'Escape', 'Save'])('is not kept after “%s”', async how => {
    await rests();
    await type(value(), 'more');
    if (how === 'Escape') {
      await press(value(), how);
    } else {
      const name = how === 'Save' ? 'Save and allow once' : how;
      await click(button(view, name));
    }
    cleanUp();
    await rests();
    expect(store.draft).toBeNull();
  });

  it('is there again after a lock', async () => {
    await rests();
    await settle(() => store.lock());
    expect(has(view, 'Value')).toBe(false);
    await settle(() => store.unlock({ passphrase: '' }));
    expect(value().value).toBe('open sesame');
    expect(field(view, 'User name').value).toBe('readonly');
    await click(button(view, 'Save and allow once'));
    expect(store.draft).toBeNull();
  });

  it('is forgotten when the fields are emptied', async () => {
    await rests();
    await type(value(), '');
    await rests();
    expect(store.draft).not.toBeNull();
    await type(field(view, 'User name'), '');
    await rests();
    expect(store.draft).toBeNull();
  });

  it('is forgotten by “Deny” while it is locked', async () => {
    await rests();
    await settle(() => store.lock());
    await click(button(view, 'Deny'));
    expect(store.draft).toBeNull();
  });

  it('does not take the place of what was left half-typed in the panel', async () => {
    const form: any = { ...DRAFT, notes: 'of the panel’s' };
    store.draft = form;
    await rests();
    await click(button(view, 'Deny'));
    expect(store.draft).toBe(form);
  });
});

it('adds one after the other if several are missing', async () => {
  await show(request(['x', 'y']));
  await type(field(view, 'Value'), 'first');
  await click(button(view, 'Save and allow for this kernel'));
  expect(decide).not.toHaveBeenCalled();
  expect(view.textContent).toContain('There is no credential “y”.');
  expect(field(view, 'Value').value).toBe('');
  await type(field(view, 'Value'), 'second');
  await click(button(view, 'Save and allow for this kernel'));
  expect(store.put.mock.calls.map(([draft]) => draft.name)).toEqual(['x', 'y']);
  expect(decide.mock.calls).toEqual([[allowed('kernel')]]);
});

it('does not join the lines of a value that is pasted, and says where they are kept', async () => {
  await show(request(['x']));
  expect(await paste(field(view, 'Value'), 'a\nb')).toBe(false);
  expect(view.textContent).toContain('Add it in the Credentials panel');
  expect(await paste(field(view, 'Value'), 'a\n')).toBe(true);
});

it('says which of several is missing', async () => {
  await show(request(['db', 'dv']));
  const items = [...view.querySelectorAll('li')].map(li => li.textContent);
  expect(items).toEqual(['“db”', '“dv” – not in the store']);
});

describe('the marks before several names', () => {
  const marks = () =>
    [...view.querySelectorAll('li')].map(li =>
      /check|cross/.exec(li.querySelector('[aria-hidden]')?.className ?? '')
    );

  it('tell by their shape which are in the store', async () => {
    await show(request(['db', 'dv', 'api']));
    expect(marks().join()).toBe('check,cross,check');
  });

  it('are not there while nobody knows, nor before a single name', async () => {
    await show(request(['dv']));
    expect(marks()).toEqual([null]);
    cleanUp();
    await store.lock();
    await show(request(['db', 'dv']));
    expect(marks()).toEqual([null, null]);
  });
});

it('makes the field that was asked for', async () => {
  await show(request(['dv'], { field: 'token' }));
  await type(field(view, 'Value'), 'open sesame');
  await click(button(view, 'Save and allow once'));
  expect(store.put.mock.calls[0][0].fields).toEqual([
    { name: 'token', type: 'hidden', value: 'open sesame' }
  ]);
});

it('can only deny a field that does not exist', async () => {
  await show(request(['db'], { field: 'port' }));
  expect(view.querySelector('[role="alert"]')!.textContent).toContain('“db”');
  await click(button(view, 'Allow once'));
  expect(decide).not.toHaveBeenCalled();
  expect(button(view, 'Allow once').getAttribute('aria-disabled')).toBe('true');
  await click(button(view, 'Deny'));
  expect(decide.mock.calls).toEqual([[refused('not-found')]]);
});
