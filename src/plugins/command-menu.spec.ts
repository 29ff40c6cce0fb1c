import { Signal } from '@lumino/signaling';
import { openCommandMenu } from './command-menu';

const closed = jest.fn();
const first = jest.fn();
const second = jest.fn();
const over = new Signal<object, boolean>({});

beforeEach(() => jest.clearAllMocks());

function open() {
  return openCommandMenu(
    Object.entries({ First: first, Second: second }).map(
      ([label, execute]) => ({ label, execute })
    ),
    { x: 1, y: 2 },
    closed,
    over
  );
}

it('is on the page, with a row for each command', () => {
  const menu = open();
  expect(
    [...menu.node.querySelectorAll('[role=menuitem]')].map(
      item => item.querySelector('.lm-Menu-itemLabel')!.textContent
    )
  ).toEqual(['First', 'Second']);
  expect(menu.isAttached).toBe(true);
  menu.close();
  expect(closed).toHaveBeenCalledTimes(1);
  expect(first).not.toHaveBeenCalled();
});

it('is closed before its command runs', () => {
  const menu = open();
  second.mockImplementation(() => expect(closed).toHaveBeenCalledTimes(1));
  menu.activeIndex = 1;
  menu.triggerActiveItem();
  expect(second).toHaveBeenCalledTimes(1);
  expect(first).not.toHaveBeenCalled();
  expect(menu.isAttached).toBe(false);
});

it('goes with what it was opened on', () => {
  const menu = open();
  over.emit(false);
  expect(menu.isAttached).toBe(false);
  expect(closed).toHaveBeenCalledTimes(1);
  menu.open(1, 2);
  over.emit(false);
  expect(menu.isAttached).toBe(true);
  menu.dispose();
});
