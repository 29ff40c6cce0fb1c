/** Plays the page for the tests: reads a prompt, seals a reply. It does not check what it reads. */
import { createHash } from 'node:crypto';
import nacl from 'tweetnacl';

const b64u = data => Buffer.from(data).toString('base64url');
const unb64u = text => new Uint8Array(Buffer.from(text, 'base64url'));

function json(prompt) {
  const marker = prompt.split(' [credentialstore-request/1 ').at(-1);
  return Buffer.from(marker.slice(0, -1), 'base64url').toString();
}

/** What a prompt asks for. */
export function asked(prompt) {
  return JSON.parse(json(prompt));
}

/** The reply with `body`. */
export function seal(prompt, body) {
  const text = json(prompt);
  const { id, key } = JSON.parse(text);
  const page = nacl.box.keyPair();
  const message = JSON.stringify({
    v: 1,
    id,
    hash: createHash('sha256').update(text).digest('base64url'),
    kernel: key,
    page: b64u(page.publicKey),
    ...body
  });
  const padded = new Uint8Array(4096);
  padded.set(Buffer.from(`${message}\x80`, 'latin1'));
  const nonce = nacl.randomBytes(24);
  const box = nacl.box(padded, nonce, unb64u(key), page.secretKey);
  return b64u([1, ...unb64u(id), ...page.publicKey, ...nonce, ...box]);
}

export function grant(prompt, ...values) {
  return seal(prompt, { status: 'granted', values });
}
