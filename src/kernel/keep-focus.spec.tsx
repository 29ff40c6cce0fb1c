import * as React from 'react';
import { cleanUp, render } from '../testing/render';
import { focusWhenQuiet, ignoreStrayPresses, keepFocus } from './keep-focus';

let root: HTMLElement;
let field: HTMLInputElement;
let last: HTMLButtonElement;
let behind: HTMLInputElement;
let heard: jest.Mock;
let stop: () => void = () => undefined;

beforeEach(async () => {
  jest.useFakeTimers();
  heard = jest.fn();
  const view = await render(
    <>
      <input id="behind" />
      <div
        role="dialog"
        tabIndex={-1}
        onKeyDown={event => {
          heard(event.key);
          if (event.key === 'Tab') {
            keepFocus(event);
          }
        }}
      >
        <input />
        <button />
      </div>
    </>
  );
  behind = view.querySelector('#behind')!;
  root = view.querySelector('[role="dialog"]')!;
  field = root.querySelector('input')!;
  last = root.querySelector('button')!;
  behind.focus();
  stop = focusWhenQuiet(root, field);
});

afterEach(() => {
  stop();
  cleanUp();
  jest.useRealTimers();
});

/** A key goes where the focus is. Returns whether it was swallowed. */
function key(name: string, more: KeyboardEventInit = {}): boolean {
  const event = new KeyboardEvent('keydown', {
    key: name,
    bubbles: true,
    cancelable: true,
    ...more
  });
  return !document.activeElement!.dispatchEvent(event);
}

it('the dialog has the focus first, and its field when no key was pressed for a while', () => {
  expect(document.activeElement).toBe(root);
  jest.advanceTimersByTime(299);
  expect(document.activeElement).toBe(root);
  jest.advanceTimersByTime(1);
  expect(document.activeElement).toBe(field);
});

it('each key starts the waiting anew, and goes nowhere', () => {
  for (const name of ['d', ' ', 'Escape', 'Enter']) {
    jest.advanceTimersByTime(299);
    expect(key(name)).toBe(true);
  }
  expect(heard).not.toHaveBeenCalled();
  jest.advanceTimersByTime(299);
  expect(document.activeElement).toBe(root);
  jest.advanceTimersByTime(1);
  expect(document.activeElement).toBe(field);
  expect(key('a')).toBe(false);
  expect(heard.mock.calls).toEqual([['a']]);
});

it('Tab is not swallowed; backwards, it does not leave the dialog', () => {
  expect(key('Tab')).toBe(false);
  expect(key('Tab', { shiftKey: true })).toBe(true);
  expect(document.activeElement).toBe(last);
});

it('who has chosen an element of the dialog keeps it, and types at once', () => {
  last.focus();
  expect(key('Enter')).toBe(false);
  jest.advanceTimersByTime(1000);
  expect(document.activeElement).toBe(last);
});

it('an editor that takes the focus back gets the keys, but the field gets none of them', () => {
  behind.focus();
  expect(key('d')).toBe(false);
  jest.advanceTimersByTime(299);
  expect(key('e')).toBe(false);
  jest.advanceTimersByTime(300);
  expect(document.activeElement).toBe(root);
  expect(key('f')).toBe(true);
  jest.advanceTimersByTime(300);
  expect(document.activeElement).toBe(field);
});

it('does not fight with a dialog of Lab’s, which keeps the focus', () => {
  const back = jest.fn(() => behind.focus());
  const keep = ({ target }: Event) => void (target !== behind && back());
  document.addEventListener('focusin', keep);
  behind.focus();
  jest.advanceTimersByTime(2000);
  document.removeEventListener('focusin', keep);
  expect(document.activeElement).toBe(behind);
  expect(back).toHaveBeenCalledTimes(1);
});

it('can be stopped', () => {
  stop();
  jest.advanceTimersByTime(1000);
  expect(document.activeElement).toBe(root);
  expect(key('a')).toBe(false);
});

describe('a button that has the focus from the start', () => {
  beforeEach(() => {
    stop();
    stop = ignoreStrayPresses(root);
    last.focus();
  });

  it('is not pressed by who was typing, until no key was for a while', () => {
    expect(key(' ')).toBe(true);
    jest.advanceTimersByTime(299);
    expect(key('Enter')).toBe(true);
    jest.advanceTimersByTime(299);
    expect(key('x')).toBe(false);
    jest.advanceTimersByTime(299);
    expect(key(' ')).toBe(true);
    jest.advanceTimersByTime(300);
    expect(key(' ')).toBe(false);
    expect(heard.mock.calls).toEqual([['x'], [' ']]);
  });

  it('leaves Escape, and keys elsewhere, alone', () => {
    expect(key('Escape')).toBe(false);
    behind.focus();
    expect(key(' ')).toBe(false);
  });
});
