/** @jest-environment jsdom */
import { makeGate, type IDialog, type IGate } from './gate';
import type { IPress } from './presses';
import type { GrantScope, IRequestView } from './protocol';

const HANDLE = 7;
const PATH = 'a.ipynb';

let press: (press: IPress) => void;
let sights: Map<Element, (seen: boolean) => void>;
/** The page's answer when a press has it look again. */
let look: (element: Element, change: (seen: boolean) => void) => void;
let clock: number;
let timers: (() => void)[];
let gate: IGate;
let dialog: IDialog & { armed: jest.Mock };

beforeEach(() => {
  sights = new Map();
  timers = [];
  clock = 1000;
  look = () => undefined;
  gate = makeGate({
    watchPresses: listener => (press = listener),
    watchSight: (element, change) => {
      sights.set(element, change);
      return {
        look: () => look(element, change),
        stop: () => void sights.delete(element)
      };
    },
    now: () => clock,
    later: then => void timers.push(then)
  });
  document.body.innerHTML =
    '<div id="dialog"><input><input type="checkbox"><button id="deny"></button>' +
    '<button id="once"></button><button id="kernel"></button>' +
    '<button id="notebook"></button></div>' +
    '<div id="panel"><button id="eye"></button></div><button id="own"></button>';
  dialog = {
    root: at('dialog'),
    allow: { once: at('once'), kernel: at('kernel'), notebook: at('notebook') },
    enter: 'once',
    delayMs: 500,
    armed: jest.fn()
  };
});

const at = (id: string) => document.getElementById(id)!;
const see = (seen = true) => [...sights.values()].forEach(show => show(seen));
const wait = (ms: number) => {
  clock += ms;
  timers.splice(0).forEach(then => then());
};
const click = (id: string, more: Partial<IPress> = {}) =>
  press({ button: at(id), enter: null, byKey: false, from: null, ...more });
const enter = (within: Element) =>
  press({ button: null, enter: within, byKey: true, from: null });
const grant = (scope: GrantScope = 'once', handle = HANDLE) =>
  gate.admits({ op: 'grant', args: { handle, scope } });
const reveal = (id = 'db', field = 0) =>
  gate.admits({ op: 'reveal', args: { id, field } });
const allowAlways = (path = PATH, ...entries: string[]) =>
  gate.admits({ op: 'allowAlways', args: { path, entries } });

/** A request has come. */
function receive(view: Partial<IRequestView> = {}): void {
  const want = [{ name: 'db', entry: 'id', found: 'ok', always: false }];
  const request = { handle: HANDLE, want, locked: false, closed: '', ...view };
  gate.note(
    { op: 'receive', args: { path: PATH } },
    { value: { kind: 'ask', request } }
  );
}

/** Its dialog is up, and its buttons can be pressed. */
function show(): void {
  gate.present(HANDLE, dialog);
  see();
  wait(500);
}

describe('consent', () => {
  it('is what a press of the dialog’s button gives, once', () => {
    show();
    expect(grant()).toBe(false);
    click('once');
    expect(grant()).toBe(true);
    expect(grant()).toBe(false);
    click('once');
    expect(grant()).toBe(false);
  });

  it.each(['deny', 'own', 'eye'])('is not given by another button: %s', id => {
    show();
    click(id);
    expect(grant()).toBe(false);
  });

  it('is for what the button says', () => {
    show();
    click('once');
    expect(grant('kernel')).toBe(false);
    expect(grant('notebook')).toBe(false);
    expect(grant('once', HANDLE + 1)).toBe(false);
    expect(grant('once')).toBe(true);
  });

  it.each(['once', 'dialog'])(
    'is not given by a press where %s has just come to lie',
    id => {
      show();
      look = (element, change) => {
        if (element.id === id) {
          change(false);
          change(true);
        }
      };
      click('once');
      expect(grant()).toBe(false);
      expect(dialog.armed).toHaveBeenLastCalledWith(false);
      look = () => undefined;
      wait(500);
      expect(dialog.armed).toHaveBeenLastCalledWith(true);
      click('once');
      expect(grant()).toBe(true);
    }
  );

  it('is not given before there is a dialog', () => {
    click('once');
    expect(grant()).toBe(false);
    show();
    expect(grant()).toBe(false);
  });

  it('is not given after the refusal', () => {
    show();
    click('once');
    gate.note({ op: 'refuse', args: { handle: HANDLE } }, { value: '' });
    expect(grant()).toBe(false);
    expect(sights.size).toBe(0);
  });

  it.each(['unlock', 'put'] as const)(
    'takes another press when nothing came of the first: %s',
    op => {
      show();
      click('once');
      gate.note({ op, args: {} });
      expect(grant()).toBe(false);
      click('once');
      gate.note({ op, args: {} }, { value: {} });
      expect(grant()).toBe(true);
    }
  );

  it('is nobody’s, if somebody else has a dialog for the request', () => {
    const other = { ...dialog, allow: { once: at('own') } };
    gate.present(HANDLE, other);
    show();
    click('own');
    click('once');
    expect(grant()).toBe(false);
  });

  it('is not given by what a page script adds to all objects', () => {
    const prototype = Object.prototype as Record<string, unknown>;
    prototype.notebook = at('own');
    try {
      dialog = { ...dialog, allow: { once: at('once') } };
      show();
      click('own');
      expect(grant('notebook')).toBe(false);
    } finally {
      delete prototype.notebook;
    }
  });
});

describe('a key', () => {
  it('presses what the person has moved the focus to', () => {
    show();
    click('once', { byKey: true, from: at('deny') });
    expect(grant()).toBe(true);
  });

  it.each([
    ['a script', () => null],
    ['the person from elsewhere', () => at('own')]
  ])('presses nothing that %s has moved the focus to', (_, from) => {
    show();
    click('once', { byKey: true, from: from() });
    expect(grant()).toBe(false);
  });

  const field = () => at('dialog').querySelector('input')!;

  it.each<[string, Partial<IRequestView>]>([
    ['the passphrase', { locked: true }],
    ['a value', { want: [{ name: 'x', found: 'credential', always: false }] }]
  ])('Enter in the field for %s is the default button', (_, view) => {
    receive(view);
    show();
    enter(field());
    expect(grant()).toBe(true);
  });

  it('Enter is nothing that no button of the dialog is for', () => {
    const { once, kernel } = dialog.allow;
    dialog = { ...dialog, allow: { once, kernel }, enter: 'notebook' };
    receive({ locked: true });
    show();
    enter(field());
    expect(grant('notebook')).toBe(false);
    expect(grant('once')).toBe(false);
  });

  it('Enter is nothing where there is nothing to enter', () => {
    receive();
    show();
    enter(field());
    expect(grant()).toBe(false);
  });

  it('Enter is nothing once it was unlocked elsewhere', () => {
    receive({ locked: true });
    show();
    const want = [{ name: 'db', entry: 'id', found: 'ok', always: false }];
    const value = { handle: HANDLE, want, locked: false, closed: '' };
    gate.note({ op: 'review', args: { handle: HANDLE } }, { value });
    enter(field());
    expect(grant()).toBe(false);
  });

  it('Enter is nothing on a check box, on “Deny”, or elsewhere', () => {
    receive({ locked: true });
    show();
    enter(at('dialog').querySelector('[type=checkbox]')!);
    enter(at('deny'));
    document.body.append(document.createElement('input'));
    enter(document.body.lastElementChild!);
    expect(grant()).toBe(false);
  });
});

describe('the dialog’s buttons', () => {
  it('can be pressed when all of it was seen for a while', () => {
    gate.present(HANDLE, dialog);
    expect(dialog.armed).toHaveBeenLastCalledWith(false);
    see();
    clock += 499;
    click('once');
    expect(grant()).toBe(false);
    wait(1);
    expect(dialog.armed).toHaveBeenLastCalledWith(true);
    click('once');
    expect(grant()).toBe(true);
  });

  it.each(['dialog', 'once', 'kernel', 'notebook'])(
    'cannot while a part is covered, nor right after: %s',
    id => {
      show();
      sights.get(at(id))!(false);
      expect(dialog.armed).toHaveBeenLastCalledWith(false);
      clock += 1000;
      click('once');
      sights.get(at(id))!(true);
      click('once');
      clock += 499;
      click('once');
      expect(grant()).toBe(false);
      wait(1);
      expect(dialog.armed).toHaveBeenLastCalledWith(true);
      click('once');
      expect(grant()).toBe(true);
    }
  );

  it('can be pressed at once where no delay is wanted', () => {
    gate.present(HANDLE, { ...dialog, delayMs: 0 });
    see();
    expect(dialog.armed).toHaveBeenLastCalledWith(true);
  });

  it('do not come to life by a timer of before they were covered', () => {
    gate.present(HANDLE, dialog);
    see();
    sights.get(at('once'))!(false);
    wait(500);
    expect(dialog.armed).toHaveBeenLastCalledWith(false);
  });
});

describe('“always”', () => {
  it('is for the request that was allowed so, once', () => {
    receive();
    show();
    click('notebook');
    expect(allowAlways(PATH, 'id')).toBe(false);
    expect(grant('notebook')).toBe(true);
    expect(allowAlways(PATH, 'id')).toBe(true);
    expect(allowAlways(PATH, 'id')).toBe(false);
  });

  it.each([
    ['another notebook', 'b.ipynb', ['id']],
    ['another entry', PATH, ['other']],
    ['more entries', PATH, ['id', 'other']],
    ['none', PATH, []]
  ])('is not for %s', (_, path, entries) => {
    receive();
    show();
    click('notebook');
    grant('notebook');
    expect(allowAlways(path, ...entries)).toBe(false);
  });

  it('is not what “once” gives', () => {
    receive();
    show();
    click('once');
    grant('once');
    expect(allowAlways(PATH, 'id')).toBe(false);
  });
});

describe('a value', () => {
  beforeEach(() => {
    gate.settle(at('panel'));
    gate.mark(at('eye'), 'db', 1);
  });

  it('is shown by its button, once for each press', () => {
    expect(reveal('db', 1)).toBe(false);
    click('eye');
    expect(reveal('db', 1)).toBe(true);
    expect(reveal('db', 1)).toBe(false);
  });

  it.each([
    ['db', 0],
    ['api', 1]
  ])('is not shown by another’s: %s %i', (id, field) => {
    click('eye');
    expect(reveal(id, field)).toBe(false);
    expect(reveal('db', 1)).toBe(false);
  });

  it('is not shown later than the next press', () => {
    click('eye');
    click('own');
    expect(reveal('db', 1)).toBe(false);
  });

  it('is not shown by a button outside the panel', () => {
    gate.mark(at('own'), 'db', 1);
    gate.settle(document.body);
    click('own');
    expect(reveal('db', 1)).toBe(false);
  });
});

describe('an entry', () => {
  const put = (draft: object) => gate.admits({ op: 'put', args: { draft } });

  beforeEach(() => gate.settle(at('panel')));

  it('is changed by a press in the panel, once', () => {
    expect(put({ id: 'a' })).toBe(false);
    click('eye');
    expect(put({ id: 'a' })).toBe(true);
    expect(put({ id: 'a' })).toBe(false);
    enter(at('eye'));
    expect(put({ id: 'a' })).toBe(true);
  });

  it('is not changed by a press elsewhere', () => {
    click('eye');
    click('own');
    expect(put({ id: 'a' })).toBe(false);
  });

  it('can be added by anybody', () => {
    expect(put({})).toBe(true);
    expect(put({ id: undefined })).toBe(true);
  });
});

it('lets through what needs nobody', () => {
  expect(gate.admits({ op: 'list', args: {} })).toBe(true);
  expect(gate.admits({ op: 'refuse', args: {} })).toBe(true);
});

it('cannot be changed', () => {
  expect(Object.isFrozen(gate)).toBe(true);
});
