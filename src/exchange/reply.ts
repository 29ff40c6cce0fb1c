/** Builds the sealed reply to a request; spec/exchange.md §3. */
import { sealBox, type IEphemeralKey } from '../crypto/box';
import { concat, utf8Encode, wipe } from '../crypto/bytes';
import { encodeBase64url } from '../crypto/encoding';
import { pad } from '../crypto/padding';
import { ExchangeError } from './errors';
import type { IRecipient } from './request';

const VERSION = 1;
const BUCKETS = [1024, 4096, 16_384, 65_536];
/** Above the buckets, sizes are multiples of this. */
const STEP = 65_536;
const MESSAGE_LIMIT = 1024 * 1024;

export type ReplyBody =
  | { readonly status: 'granted'; readonly values: readonly string[] }
  | {
      readonly status: 'not-found';
      /** Indices into the request's `want`. */
      readonly missing: readonly number[];
      readonly what: 'credential' | 'field';
      readonly suggest?: readonly string[];
    }
  | {
      readonly status:
        | 'denied'
        | 'blocked'
        | 'busy'
        | 'locked'
        | 'no-store'
        | 'timeout'
        | 'closed'
        | 'invalid';
    };

/** Bytes to which a message of `length` bytes is padded. */
export function paddedLength(length: number): number {
  return (
    BUCKETS.find(bucket => length < bucket) ??
    Math.floor(length / STEP) * STEP + STEP
  );
}

/**
 * @param page - A key pair that was used for no other reply.
 * @param nonce - For known-answer tests only; random otherwise.
 * @returns The text of the `input_reply`.
 * @throws FormatError if the kernel's key is of low order: nothing may be sealed to it.
 * @throws ExchangeError if the message is longer than 1 MiB.
 */
export async function sealReply(
  recipient: IRecipient,
  body: ReplyBody,
  page: IEphemeralKey,
  nonce?: Uint8Array
): Promise<string> {
  const key = await page.agree(recipient.keyBytes);
  const message = utf8Encode(
    JSON.stringify({
      v: VERSION,
      id: recipient.id,
      hash: encodeBase64url(recipient.hash),
      kernel: recipient.key,
      page: encodeBase64url(page.publicKey),
      ...body
    })
  );
  try {
    if (message.length >= MESSAGE_LIMIT) {
      throw new ExchangeError('the values are longer than 1 MiB in all');
    }
    const padded = pad(message, paddedLength(message.length));
    const reply = concat(
      Uint8Array.of(VERSION),
      recipient.idBytes,
      page.publicKey,
      sealBox(key, padded, nonce)
    );
    wipe(padded);
    return encodeBase64url(reply);
  } finally {
    wipe(key, message);
  }
}
