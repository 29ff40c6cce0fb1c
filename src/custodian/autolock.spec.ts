import { AutoLock } from './autolock';

const MINUTE = 60_000;

const lock = jest.fn();
const moved = jest.fn();
let autoLock: AutoLock;

beforeEach(() => {
  jest.useFakeTimers({ now: 1_000_000 });
  lock.mockClear();
  moved.mockClear();
  autoLock = new AutoLock(lock, moved);
  autoLock.setIdle(10 * MINUTE);
});
afterEach(() => {
  autoLock.stop();
  jest.useRealTimers();
});

it('locks after the time, once, and tells when that will be', () => {
  autoLock.start();
  expect(moved).toHaveBeenLastCalledWith(1_000_000 + 10 * MINUTE);
  jest.advanceTimersByTime(10 * MINUTE - 1);
  expect(lock).not.toHaveBeenCalled();
  jest.advanceTimersByTime(2000);
  expect(lock).toHaveBeenCalledTimes(1);
  jest.advanceTimersByTime(60 * MINUTE);
  expect(lock).toHaveBeenCalledTimes(1);
  expect(jest.getTimerCount()).toBe(0);
});

it('is put off by use', () => {
  autoLock.start();
  jest.advanceTimersByTime(9 * MINUTE);
  autoLock.touch();
  jest.advanceTimersByTime(9 * MINUTE);
  expect(lock).not.toHaveBeenCalled();
  jest.advanceTimersByTime(2 * MINUTE);
  expect(lock).toHaveBeenCalledTimes(1);
});

it('goes by the clock on the wall: a laptop may have slept', () => {
  autoLock.start();
  jest.setSystemTime(Date.now() + 11 * MINUTE);
  jest.advanceTimersByTime(1000);
  expect(lock).toHaveBeenCalledTimes(1);
});

it('strikes before the first use after a sleep, which does not put it off', () => {
  autoLock.start();
  jest.setSystemTime(Date.now() + 11 * MINUTE);
  autoLock.touch();
  expect(lock).toHaveBeenCalledTimes(1);
  expect(autoLock.strike()).toBe(false);
});

it('is not lengthened by a clock that is set back', () => {
  autoLock.start();
  jest.setSystemTime(Date.now() - 24 * 60 * MINUTE);
  jest.advanceTimersByTime(10 * MINUTE + 1000);
  expect(lock).toHaveBeenCalledTimes(1);
});

it('can be told never to', () => {
  autoLock.setIdle(0);
  autoLock.start();
  expect(moved).toHaveBeenLastCalledWith(null);
  jest.advanceTimersByTime(1000 * MINUTE);
  expect(lock).not.toHaveBeenCalled();
});

it('takes a new time at once', () => {
  autoLock.start();
  autoLock.setIdle(MINUTE);
  expect(moved).toHaveBeenLastCalledWith(1_000_000 + MINUTE);
  jest.advanceTimersByTime(MINUTE + 1000);
  expect(lock).toHaveBeenCalledTimes(1);
});

it('does not put off by a new time what is due', () => {
  autoLock.start();
  jest.setSystemTime(Date.now() + 11 * MINUTE);
  autoLock.setIdle(60 * MINUTE);
  expect(lock).toHaveBeenCalledTimes(1);
});

it('locks though nobody ever told it a time', () => {
  autoLock = new AutoLock(lock, moved);
  autoLock.start();
  jest.advanceTimersByTime(16 * MINUTE);
  expect(lock).toHaveBeenCalledTimes(1);
});

it('does nothing while locked', () => {
  autoLock.touch();
  autoLock.setIdle(MINUTE);
  jest.advanceTimersByTime(60 * MINUTE);
  expect(lock).not.toHaveBeenCalled();
  expect(moved).not.toHaveBeenCalled();
});

it('begins anew with each unlock, whatever was due', () => {
  autoLock.start();
  jest.setSystemTime(Date.now() + 11 * MINUTE);
  autoLock.start();
  expect(lock).not.toHaveBeenCalled();
  jest.advanceTimersByTime(9 * MINUTE);
  expect(lock).not.toHaveBeenCalled();
});
