/** A kernel's side of one exchange, with tweetnacl alone: what spec/exchange.md §4 tells it to check. */
import { createHash } from 'node:crypto';
import nacl from 'tweetnacl';

const SENTENCE = 'Do not type the secret here; press Enter.';

export interface IOpenedReply {
  readonly status: string;
  readonly values?: string[];
  readonly missing?: number[];
  readonly what?: string;
  readonly suggest?: string[];
}

/** One for all, since making one takes long; real kernels make one for each request. */
const PAIR = nacl.box.keyPair();

export class AskingKernel {
  readonly pair = PAIR;
  readonly id = b64u(nacl.randomBytes(16));
  readonly prompt: string;
  readonly json: string;

  /** @param more - Members of the request, also in the place of the usual ones. */
  constructor(want: unknown = [{ name: 'db' }], more: object = {}) {
    this.json = JSON.stringify({
      v: 1,
      id: this.id,
      key: b64u(this.pair.publicKey),
      want,
      ...more
    });
    this.prompt = promptOf(this.json);
  }

  /** @throws Error naming the check that failed. */
  open(reply: string): IOpenedReply {
    const bytes = fromB64u(reply);
    check('version', bytes[0] === 1);
    check('id', b64u(bytes.subarray(1, 17)) === this.id);
    const page = bytes.subarray(17, 49);
    const padded = nacl.box.open.after(
      bytes.subarray(73),
      bytes.subarray(49, 73),
      sharedWith(page)
    );
    check('box', padded !== null);
    const end = padded!.lastIndexOf(0x80);
    check('padding', end >= 0 && padded!.subarray(end + 1).every(b => b === 0));
    const message = JSON.parse(
      Buffer.from(padded!.subarray(0, end)).toString('utf8')
    );
    check('v', message.v === 1);
    check('inner id', message.id === this.id);
    const hash = createHash('sha256').update(this.json).digest();
    check('hash', message.hash === b64u(hash));
    check('kernel', message.kernel === b64u(this.pair.publicKey));
    check('page', message.page === b64u(page));
    return message as IOpenedReply;
  }
}

const shared = new Map<string, Uint8Array>();

/** Computed once for each page's key, for it takes long. */
function sharedWith(page: Uint8Array): Uint8Array {
  const name = b64u(page);
  const key = shared.get(name) ?? nacl.box.before(page, PAIR.secretKey);
  shared.set(name, key);
  return key;
}

export function promptOf(json: string): string {
  return `${SENTENCE} [credentialstore-request/1 ${b64u(Buffer.from(json))}]`;
}

/** Bytes of the padded message in a reply. */
export function paddedBytes(reply: string): number {
  return fromB64u(reply).length - 73 - 16;
}

export function b64u(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

function fromB64u(text: string): Uint8Array {
  const bytes = new Uint8Array(Buffer.from(text, 'base64url'));
  check('base64url', b64u(bytes) === text);
  return bytes;
}

function check(what: string, holds: boolean): void {
  if (!holds) {
    throw new Error(what);
  }
}
