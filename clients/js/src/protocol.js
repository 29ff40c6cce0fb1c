/** The bytes of the exchange, spec/exchange.md: builds a request, opens a reply. */
import nacl from 'tweetnacl';
import { decode, encode } from './base64url.js';
import { ProtocolError } from './errors.js';
import { parse } from './json.js';
import { Secret } from './secret.js';

/** It comes first, since some front ends cut a prompt after its first words. */
const SENTENCE =
  'Do not type a secret here. This front end has no credential store, so press Enter to cancel.';
const PROMPT_LIMIT = 4096;
const PLAIN_ERROR = 'credentialstore-error/1';

const VERSION = 1;
const OVERHEAD = 73 + 16;
const LEAST_REPLY = OVERHEAD + 1024;
const LONGEST_REPLY = OVERHEAD + 1024 * 1024;
/** Those that come with nothing else. */
const PLAIN_STATUSES = new Set([
  ...['denied', 'blocked', 'busy', 'locked', 'no-store', 'timeout'],
  ...['closed', 'invalid']
]);

/** The text is no reply: somebody typed it, or it is another program's. */
export class NotAReply extends Error {}

/** The reply belongs to an earlier request. */
export class StaleReply extends Error {}

/**
 * One question with its fresh key pair.
 *
 * @typedef {{ name: string, field?: string }} Want
 * @typedef {{ status: string, values: Secret[], missing: number[], what: string,
 *   suggest: string[] }} Reply
 */
export class Request {
  #secretKey;
  #id;
  #key;
  #count;

  /**
   * `known` gives the secret key and the id for known-answer tests; random otherwise.
   *
   * @param {Want[]} want
   * @throws {RangeError} If the request does not fit into a prompt.
   */
  constructor(want, { reason, timeout } = {}, known = {}) {
    const pair = known.secretKey
      ? nacl.box.keyPair.fromSecretKey(known.secretKey)
      : nacl.box.keyPair();
    this.#secretKey = pair.secretKey;
    this.#id = known.id ?? nacl.randomBytes(16);
    this.#key = encode(pair.publicKey);
    this.#count = want.length;
    this.json = JSON.stringify({
      v: VERSION,
      id: encode(this.#id),
      key: this.#key,
      want,
      reason,
      timeout
    });
    const marker = `[credentialstore-request/${VERSION} ${encode(bytes(this.json))}]`;
    this.prompt = `${SENTENCE} ${marker}`;
    const over = this.prompt.length - PROMPT_LIMIT;
    if (over > 0) {
      throw new RangeError(
        `The names and the reason take ${over} bytes more than fit into one request. ` +
          'Shorten the reason, or ask for fewer at a time.'
      );
    }
  }

  /** Wipes the secret key. No reply can be opened any more. */
  forget() {
    this.#secretKey?.fill(0);
    this.#secretKey = undefined;
  }

  /**
   * The page's decision.
   *
   * @param {string} text
   * @returns {Promise<Reply>}
   * @throws {NotAReply | StaleReply | ProtocolError}
   */
  async open(text) {
    const stripped = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
    if (stripped === PLAIN_ERROR) {
      throw new ProtocolError(
        "The page's credential store cannot read requests of this kernel. " +
          'Update kernel-connector here, or jupyterlab-credential-store there.'
      );
    }
    const data = frame(stripped);
    if (encode(data.subarray(1, 17)) !== encode(this.#id)) {
      throw new StaleReply();
    }
    const message = object(unpad(this.#decrypt(data)));
    const expected = {
      v: VERSION,
      id: encode(this.#id),
      hash: encode(await sha256(bytes(this.json))),
      kernel: this.#key,
      page: encode(data.subarray(17, 49))
    };
    for (const [name, value] of Object.entries(expected)) {
      if (message[name] !== value) {
        reject(name);
      }
    }
    return read(message, this.#count);
  }

  #decrypt(data) {
    const page = data.subarray(17, 49);
    if (!this.#secretKey) {
      throw new Error('the key was dropped');
    }
    // tweetnacl takes points of low order, whose boxes anybody can make.
    const shared = nacl.scalarMult(this.#secretKey, page);
    if (page[31] & 0x80 || shared.every(byte => byte === 0)) {
      reject('key');
    }
    const nonce = data.subarray(49, 73);
    const box = data.subarray(73);
    return nacl.box.open(box, nonce, page, this.#secretKey) ?? reject('box');
  }
}

function frame(text) {
  const size = Math.floor((text.length * 3) / 4);
  // Size first: a front end may hand over anything.
  const data = size >= LEAST_REPLY && size <= LONGEST_REPLY && decode(text);
  if (!data || data[0] !== VERSION) {
    throw new NotAReply();
  }
  return data;
}

function unpad(padded) {
  const end = padded.findLastIndex(byte => byte !== 0);
  return padded[end] === 0x80 ? padded.subarray(0, end) : reject('padding');
}

function object(data) {
  let message;
  try {
    message = parse(data);
  } catch {
    reject('JSON');
  }
  if (!message || typeof message !== 'object' || Array.isArray(message)) {
    reject('JSON');
  }
  return message;
}

/** @returns {Reply} */
function read(message, count) {
  const { status } = message;
  const reply = { status, values: [], missing: [], what: '', suggest: [] };
  if (status === 'granted') {
    const values = strings(message, 'values');
    if (values.length !== count) {
      reject('values');
    }
    reply.values = values.map(value => new Secret(value));
  } else if (status === 'not-found') {
    const { missing, what } = message;
    const fits = index =>
      Number.isInteger(index) && index >= 0 && index < count;
    if (
      !Array.isArray(missing) ||
      missing.length === 0 ||
      !missing.every(fits) ||
      new Set(missing).size !== missing.length
    ) {
      reject('missing');
    }
    if (what !== 'credential' && what !== 'field') {
      reject('what');
    }
    Object.assign(reply, { missing, what });
    reply.suggest =
      message.suggest === undefined ? [] : strings(message, 'suggest');
  } else if (!PLAIN_STATUSES.has(status)) {
    reject('status');
  }
  return reply;
}

function strings(message, name) {
  const found = message[name];
  const fits = one => typeof one === 'string' && one.isWellFormed();
  return Array.isArray(found) && found.every(fits) ? found : reject(name);
}

/** @returns {never} */
function reject(what) {
  throw new ProtocolError(
    `The answer does not fit the question (${what}), so nothing was taken from it. ` +
      'Run the cell again; if it happens again, reload the page and restart the kernel.'
  );
}

async function sha256(data) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', data));
}

function bytes(text) {
  return new TextEncoder().encode(text);
}
