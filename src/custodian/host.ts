/**
 * Runs a custodian behind messages: the same code serves a worker and, where workers are
 * forbidden, the page.
 */
import { ExchangeError } from '../exchange';
import { VaultError } from '../vault';
import { Custodian } from './custodian';
import type { IDerivation } from './derivation';
import {
  CustodianError,
  type ICall,
  type IFailure,
  type ISnapshot,
  type Message,
  type OperationName
} from './protocol';

/**
 * @param send - Carries messages to the page.
 * @returns What takes the page's calls.
 */
export function host(
  send: (message: Message) => void,
  derivation: IDerivation
): (call: ICall) => Promise<void> {
  const custodian = new Custodian(derivation, {
    locked: () => send({ event: 'locked' }),
    deadline: at => send({ event: 'deadline', at })
  });
  send({ event: 'ready' });
  return async ({ id, op, args }) => {
    try {
      const operation = custodian.operations[op] as (args: unknown) => unknown;
      send({ id, ok: true, value: await operation(args) });
    } catch (error) {
      send({ id, ok: false, failure: failure(op, error) });
    }
  };
}

/** Rows in one message. */
const SLICE = 1000;

/**
 * For a worker: a list as JSON, which holds up the page for a fraction of the time, and in slices, so
 * that no task of the page is long, and the page reads one while the next is written.
 */
export function* packed(message: Message): Iterable<Message> {
  if (!('value' in message && isSnapshot(message.value))) {
    yield message;
    return;
  }
  const { id, value } = message;
  const { entries } = value;
  for (let at = 0; at < entries.length; at += SLICE) {
    yield { id, rows: JSON.stringify(entries.slice(at, at + SLICE)) };
  }
  yield { id, ok: true, json: JSON.stringify({ ...value, entries: [] }) };
}

function isSnapshot(value: unknown): value is ISnapshot {
  // An array has `entries` too, as every array does.
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.hasOwn(value, 'entries')
  );
}

/** Only what is known to hold no secret crosses the border. */
function failure(op: OperationName, error: unknown): IFailure {
  if (error instanceof CustodianError || error instanceof VaultError) {
    return {
      code: error.code === 'foreign' ? 'damaged' : error.code,
      ...(error.detail !== undefined && { detail: error.detail })
    };
  }
  if (error instanceof ExchangeError) {
    return { code: 'too-large' };
  }
  return { code: 'internal', detail: op };
}
