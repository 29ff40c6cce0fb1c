/** The two calls that people write in a cell. index.d.mts says what they take and give. */
import * as channel from './channel.js';
import { ProtocolError } from './errors.js';
import { NotAReply, Request, StaleReply } from './protocol.js';
import { listed, refusal } from './refusals.js';

const NAME_LIMIT = 256;
const REASON_LIMIT = 500;
const WANT_LIMIT = 16;
const TIMEOUT_LIMIT = 86_400;
/** How often a leftover reply to an earlier request is passed over. */
const RETRIES = 2;

export async function getCredential(name, options = {}) {
  const { field, reason, timeout } = members(options);
  const want = { name: text(name, 'name') };
  if (given(field)) {
    want.field = text(field, 'field');
  }
  const [value] = await exchange([want], reason, timeout);
  return value;
}

export async function getCredentials(...args) {
  const options = isOptions(args.at(-1)) ? args.pop() : {};
  const names = args.length === 1 && Array.isArray(args[0]) ? args[0] : args;
  if (names.length < 1 || names.length > WANT_LIMIT) {
    throw new RangeError(
      `Ask for 1 to ${WANT_LIMIT} credentials at a time, not ${names.length}.`
    );
  }
  const want = names.map(name => ({ name: text(name, 'name') }));
  return exchange(want, options.reason);
}

async function exchange(want, reason, timeout) {
  const request = new Request(want, {
    reason: given(reason) ? text(reason, 'reason', 0, REASON_LIMIT) : undefined,
    timeout: given(timeout) ? milliseconds(timeout) : undefined
  });
  const reply = await channel.alone(() => attempt(request, listed(want)));
  if (reply.status !== 'granted') {
    throw refusal(reply, want);
  }
  return reply.values;
}

async function attempt(request, names) {
  try {
    for (let i = 0; i <= RETRIES; i++) {
      const answer = await channel.ask(request.prompt, names);
      try {
        return await request.open(answer);
      } catch (error) {
        if (error instanceof NotAReply) {
          // Empty, or typed into a box by a person: what it was is not looked at.
          throw channel.noStore(names);
        }
        if (!(error instanceof StaleReply)) {
          throw error;
        }
      }
    }
  } finally {
    request.forget();
  }
  throw new ProtocolError(
    `The front end keeps answering an earlier request in place of the one for ${names}. ` +
      'Restart the kernel.'
  );
}

function given(option) {
  return option !== undefined && option !== null;
}

function isOptions(value) {
  return value instanceof Object && !Array.isArray(value);
}

function members(options) {
  if (!isOptions(options)) {
    throw new TypeError(
      `Options come as an object, { field, reason, timeout }, not ${kind(options)}.`
    );
  }
  return options;
}

/** The text in the form that the page compares. */
function text(value, what, least = 1, most = NAME_LIMIT) {
  if (typeof value !== 'string') {
    throw new TypeError(`The ${what} must be a string, not ${kind(value)}.`);
  }
  const normal = value.normalize('NFC');
  if (!normal.isWellFormed()) {
    throw new RangeError(
      `The ${what} contains half a character, a lone surrogate.`
    );
  }
  if (normal.length < least) {
    throw new RangeError(`The ${what} is empty.`);
  }
  if (normal.length > most) {
    throw new RangeError(
      `The ${what} has ${normal.length} characters; ${most} are allowed.`
    );
  }
  return normal;
}

function milliseconds(timeout) {
  if (typeof timeout !== 'number') {
    throw new TypeError(
      `The timeout must be a number of seconds, not ${kind(timeout)}.`
    );
  }
  if (!(timeout >= 0.001 && timeout <= TIMEOUT_LIMIT)) {
    throw new RangeError(
      `The timeout must be between 0.001 and ${TIMEOUT_LIMIT} seconds.`
    );
  }
  return Math.round(timeout * 1000);
}

/** What a person would call the value's type; never the value. */
function kind(value) {
  return value === null ? 'null' : (value?.constructor?.name ?? typeof value);
}
