/** @jest-environment jsdom */
import { isField, lies, reader, watchPresses, type IPress } from './presses';

let presses: IPress[];
let read: (event: Event) => void;
const TYPES = ['pointerdown', 'mousedown', 'keydown', 'focusin', 'click'];

beforeEach(() => {
  presses = [];
  // As if the browser had made what the tests dispatch.
  read = reader(press => presses.push(press));
  TYPES.forEach(type => addEventListener(type, read, true));
  document.body.innerHTML =
    '<div id="dialog"><button id="deny"></button>' +
    '<button id="allow"><span id="text"></span></button></div>' +
    '<label for="allow" id="label"></label><input id="cell">';
});
afterEach(() => TYPES.forEach(type => removeEventListener(type, read, true)));

const at = (id: string) => document.getElementById(id)!;
const send = (id: string, event: Event) => at(id).dispatchEvent(event);
const mouse = (id: string, type: string) =>
  send(id, new MouseEvent(type, { bubbles: true }));
const key = (id: string, key: string, repeat = false) =>
  send(id, new KeyboardEvent('keydown', { key, repeat, bubbles: true }));
/** The focus moves; the browser makes a click of the keys that press. */
const focus = (id: string) =>
  send(id, new FocusEvent('focusin', { bubbles: true }));
const last = () => presses.at(-1)!;
const buttons = () => presses.flatMap(({ button }) => button?.id ?? []);
const idOf = (element: Element | null) => element && element.id;

describe('the mouse', () => {
  it('presses the button on which it goes down, and up', () => {
    mouse('text', 'mousedown');
    mouse('text', 'click');
    expect(idOf(last().button)).toBe('allow');
    expect(last().byKey).toBe(false);
  });

  it('presses nothing that it did not go down on', () => {
    mouse('deny', 'mousedown');
    mouse('allow', 'click');
    expect(idOf(last().button)).toBeNull();
  });

  it('presses no button through a label', () => {
    mouse('label', 'mousedown');
    mouse('label', 'click');
    expect(idOf(last().button)).toBeNull();
  });

  it('presses nothing where there is no button', () => {
    mouse('dialog', 'mousedown');
    mouse('dialog', 'click');
    expect(idOf(last().button)).toBeNull();
  });
});

describe('a key', () => {
  it.each(['Enter', ' '])('presses what Tab has led to: “%s”', pressed => {
    key('deny', 'Tab');
    focus('allow');
    key('allow', pressed);
    mouse('allow', 'click');
    const { button, enter, byKey, from } = last();
    expect([button, enter, from].map(idOf)).toEqual(['allow', null, 'deny']);
    expect(byKey).toBe(true);
  });

  it('presses what Shift and Tab have led to', () => {
    key('deny', 'Shift');
    key('deny', 'Tab');
    key('deny', 'Shift');
    focus('allow');
    key('allow', ' ');
    mouse('allow', 'click');
    expect(idOf(last().from)).toBe('deny');
  });

  it('in a field is one press: the click that the browser makes of it is none', () => {
    key('cell', 'Enter');
    mouse('allow', 'click');
    expect(presses.map(({ enter }) => idOf(enter))).toEqual(['cell']);
  });

  it('comes from nowhere where a script has moved the focus', () => {
    key('cell', 'a');
    focus('allow');
    key('allow', ' ');
    mouse('allow', 'click');
    expect(last().byKey).toBe(true);
    expect(idOf(last().from)).toBeNull();
  });

  it('comes from nowhere where a script has moved the focus after a click', () => {
    mouse('dialog', 'mousedown');
    focus('allow');
    key('allow', ' ');
    mouse('allow', 'click');
    expect(last().byKey).toBe(true);
    expect(idOf(last().from)).toBeNull();
  });

  it('presses again what the mouse has pressed', () => {
    mouse('allow', 'mousedown');
    focus('allow');
    mouse('allow', 'click');
    key('allow', 'Enter');
    mouse('allow', 'click');
    expect(idOf(last().button)).toBe('allow');
    expect(idOf(last().from)).toBe('allow');
  });

  it('that is held down presses nothing', () => {
    key('deny', 'Tab');
    focus('allow');
    key('allow', 'Enter', true);
    mouse('allow', 'click');
    expect(buttons()).toEqual([]);
  });

  it('presses nothing by another key', () => {
    key('allow', 'a');
    mouse('allow', 'click');
    expect(buttons()).toEqual([]);
  });

  it('Enter is told of where it was pressed', () => {
    key('cell', 'Enter');
    expect(presses.map(({ enter }) => idOf(enter))).toEqual(['cell']);
  });
});

describe('what scripts do', () => {
  it('is no press', () => {
    const press = jest.fn();
    watchPresses(press);
    mouse('allow', 'mousedown');
    mouse('allow', 'click');
    at('allow').click();
    key('cell', 'Enter');
    expect(press).not.toHaveBeenCalled();
  });

  it('to the prototypes, later, changes no press', () => {
    const evil = jest
      .spyOn(Element.prototype, 'closest')
      .mockReturnValue(at('allow'));
    jest.spyOn(Node.prototype, 'contains').mockReturnValue(true);
    jest
      .spyOn(HTMLInputElement.prototype, 'type', 'get')
      .mockReturnValue('text');
    try {
      mouse('deny', 'mousedown');
      mouse('deny', 'click');
      expect(idOf(last().button)).toBe('deny');
      expect(lies(at('cell'), at('dialog'))).toBe(false);
      const box = document.createElement('input');
      box.setAttribute('type', 'checkbox');
      expect(isField(box)).toBe(false);
      expect(evil).not.toHaveBeenCalled();
    } finally {
      jest.restoreAllMocks();
    }
  });
});
