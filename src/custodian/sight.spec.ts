/** @jest-environment jsdom */
import type { watchSight as WatchSight } from './sight';

/** jsdom lays nothing out. */
class Box {
  constructor(
    readonly x: number,
    readonly y: number,
    readonly width: number,
    readonly height: number
  ) {}
}
class Boxes {
  get x() {
    return (this as unknown as { box: Box }).box.x;
  }
  get y() {
    return (this as unknown as { box: Box }).box.y;
  }
  get width() {
    return (this as unknown as { box: Box }).box.width;
  }
  get height() {
    return (this as unknown as { box: Box }).box.height;
  }
}

let watchSight: typeof WatchSight;
let at: Box;
const change = jest.fn();
const element = document.createElement('button');

beforeEach(() => {
  jest.useFakeTimers();
  change.mockClear();
  at = new Box(1, 2, 30, 40);
  Object.assign(globalThis, { DOMRectReadOnly: Boxes });
  Element.prototype.getBoundingClientRect = () =>
    Object.assign(new Boxes(), { box: at }) as unknown as DOMRect;
  jest.isolateModules(() => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    ({ watchSight } = require('./sight'));
  });
});
afterEach(() => jest.useRealTimers());

it('takes what a browser cannot tell for seen', () => {
  watchSight(element, change).stop();
  expect(change.mock.calls).toEqual([[true]]);
});

it.each([
  ['to the side', new Box(2, 2, 30, 40)],
  ['down', new Box(1, 3, 30, 40)],
  ['wider', new Box(1, 2, 31, 40)],
  ['higher', new Box(1, 2, 30, 41)]
])('has what went %s seen anew, at the next look', (_, to) => {
  const sight = watchSight(element, change);
  sight.look();
  jest.advanceTimersByTime(1000);
  expect(change).toHaveBeenCalledTimes(1);
  at = to;
  sight.look();
  expect(change.mock.calls).toEqual([[true], [false], [true]]);
  sight.look();
  expect(change).toHaveBeenCalledTimes(3);
  sight.stop();
});

it('looks by itself ten times a second, until it is stopped', () => {
  const sight = watchSight(element, change);
  at = new Box(5, 5, 30, 40);
  jest.advanceTimersByTime(100);
  expect(change).toHaveBeenCalledTimes(3);
  sight.stop();
  at = new Box(1, 2, 30, 40);
  jest.advanceTimersByTime(1000);
  expect(change).toHaveBeenCalledTimes(3);
  expect(jest.getTimerCount()).toBe(0);
});
