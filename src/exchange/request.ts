/** Reads the request out of a prompt, strictly; spec/exchange.md §2. */
import { checkPublicKey } from '../crypto/box';
import { utf8Decode } from '../crypto/bytes';
import { decodeBase64url } from '../crypto/encoding';
import { sha256 } from '../crypto/hash';
import { MARKER, PROMPT_LIMIT } from './marker';

export const ID_BYTES = 16;
const WANT_LIMIT = 16;
const NAME_LIMIT = 256;
const REASON_LIMIT = 500;
const TIMEOUT_LIMIT_MS = 86_400_000;
const VERSION = '1';
/** Printable ASCII without ':'. */
const PROMPT_TEXT = /^[\x20-\x39\x3b-\x7e]*$/;

export interface IWant {
  readonly name: string;
  readonly field?: string;
}

/** What a sealed reply needs of a request. */
export interface IRecipient {
  /** As in the request: base64url of 16 bytes. */
  readonly id: string;
  /** As in the request: base64url of the public key. */
  readonly key: string;
  readonly idBytes: Uint8Array;
  readonly keyBytes: Uint8Array;
  /** SHA-256 over the exact bytes of the request's JSON. */
  readonly hash: Uint8Array;
}

export interface IRequest extends IRecipient {
  readonly want: readonly IWant[];
  readonly reason?: string;
  readonly timeoutMs?: number;
}

export type ParsedPrompt =
  | { readonly kind: 'request'; readonly request: IRequest }
  /** Breaks a rule, but can be answered in a sealed reply. */
  | { readonly kind: 'invalid'; readonly recipient: IRecipient }
  /** Cannot even be answered in a sealed reply. */
  | { readonly kind: 'unanswerable' };

const UNANSWERABLE: ParsedPrompt = { kind: 'unanswerable' };

/** @param prompt - What a kernel sent as a prompt: any JSON that has the marker. */
export function parsePrompt(prompt: unknown): ParsedPrompt {
  if (
    typeof prompt !== 'string' ||
    prompt.length > PROMPT_LIMIT ||
    !PROMPT_TEXT.test(prompt)
  ) {
    return UNANSWERABLE;
  }
  const text = prompt.trimEnd();
  const start = text.lastIndexOf(MARKER) + MARKER.length;
  const space = text.indexOf(' ', start);
  if (text.slice(start, space) !== VERSION || !text.endsWith(']')) {
    return UNANSWERABLE;
  }
  try {
    return parseRequest(decodeBase64url(text.slice(space + 1, -1)));
  } catch {
    return UNANSWERABLE;
  }
}

/**
 * @param bytes - The request's JSON.
 * @throws FormatError, SyntaxError if it cannot be answered.
 */
function parseRequest(bytes: Uint8Array): ParsedPrompt {
  const text = utf8Decode(bytes);
  const members: unknown = JSON.parse(text);
  if (!isObject(members)) {
    return UNANSWERABLE;
  }
  const { v, id, key, want, reason, timeout } = members;
  if (typeof id !== 'string' || typeof key !== 'string') {
    return UNANSWERABLE;
  }
  const idBytes = decodeBase64url(id);
  const keyBytes = decodeBase64url(key);
  checkPublicKey(keyBytes);
  if (idBytes.length !== ID_BYTES) {
    return UNANSWERABLE;
  }
  const recipient = { id, key, idBytes, keyBytes, hash: sha256(bytes) };
  const wants = parseWant(want);
  const valid =
    v === 1 &&
    wants !== null &&
    (reason === undefined || isText(reason, 0, REASON_LIMIT)) &&
    (timeout === undefined || isTimeout(timeout)) &&
    !repeatsMember(text, members);
  return valid
    ? {
        kind: 'request',
        request: {
          ...recipient,
          want: wants,
          ...(reason !== undefined && { reason }),
          ...(timeout !== undefined && { timeoutMs: timeout })
        }
      }
    : { kind: 'invalid', recipient };
}

function parseWant(want: unknown): IWant[] | null {
  if (!Array.isArray(want) || !want.length || want.length > WANT_LIMIT) {
    return null;
  }
  const result: IWant[] = [];
  for (const one of want) {
    if (!isObject(one)) {
      return null;
    }
    const { name, field } = one;
    if (
      !isText(name, 1, NAME_LIMIT) ||
      (field !== undefined && !isText(field, 1, NAME_LIMIT))
    ) {
      return null;
    }
    result.push({
      name: name.normalize('NFC'),
      ...(field !== undefined && { field: field.normalize('NFC') })
    });
  }
  return result;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown, least: number, most: number): value is string {
  return (
    typeof value === 'string' &&
    value.length >= least &&
    value.length <= most &&
    !/\p{Cs}/u.test(value)
  );
}

function isTimeout(value: unknown): value is number {
  return (
    Number.isInteger(value) &&
    (value as number) >= 1 &&
    (value as number) <= TIMEOUT_LIMIT_MS
  );
}

/**
 * Whether an object in the text has a member twice. JSON.parse keeps the last one silently; a
 * count of the colons outside strings tells.
 */
function repeatsMember(text: string, members: unknown): boolean {
  const colons = text.replace(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1;
  return colons !== countMembers(members);
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) {
    return 0;
  }
  const children = Object.values(value);
  const own = Array.isArray(value) ? 0 : children.length;
  return children.reduce((n: number, child) => n + countMembers(child), own);
}
