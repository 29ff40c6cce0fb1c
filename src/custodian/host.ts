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

/** For a worker: a list as JSON, which holds up the page for a fraction of the time. */
export function packed(message: Message): Message {
  if ('value' in message && isSnapshot(message.value)) {
    const { id, value } = message;
    return { id, ok: true, json: JSON.stringify(value) };
  }
  return message;
}

function isSnapshot(value: unknown): value is ISnapshot {
  return typeof value === 'object' && value !== null && 'entries' in value;
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
