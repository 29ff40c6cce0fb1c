import type { Kernel } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import { KernelStarts } from './starts';

const NOW = 1_700_000_000_000;

let state: string;
let starts: KernelStarts;

beforeEach(() => {
  jest.useFakeTimers({ now: NOW });
  state = 'starting';
  starts = new KernelStarts(() =>
    ['x', 'k'].map(id => {
      const kernel = { id, name: '', execution_state: id === 'k' ? state : '' };
      return { id, name: '', path: '', type: '', kernel };
    })
  );
});
afterEach(() => void jest.useRealTimers());

function connect(id = 'k') {
  const statusChanged = new Signal<object, Kernel.Status>({});
  const connection = { id, statusChanged } as any;
  starts.watch(connection);
  return {
    since: () => starts.of(connection),
    become: (status: Kernel.Status) => statusChanged.emit(status)
  };
}

it('is the time at which a kernel was made from here', () => {
  expect(connect().since()).toBe(NOW);
});

it('is not moved by another connection to the same kernel', () => {
  connect();
  jest.setSystemTime(NOW + 1);
  expect(connect().since()).toBe(NOW);
});

it('is not known of a kernel that ran already', () => {
  state = 'idle';
  const kernel = connect();
  kernel.become('busy');
  expect(kernel.since()).toBeUndefined();
});

it.each(['starting', 'restarting', 'autorestarting'] as const)(
  'is that of the restart which was seen: %s',
  status => {
    const other = connect('other');
    const kernel = connect();
    jest.setSystemTime(NOW + 60_000);
    kernel.become(status);
    kernel.become('idle');
    expect(kernel.since()).toBe(NOW + 60_000);
    expect(other.since()).toBeUndefined();
  }
);
