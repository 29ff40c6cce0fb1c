/** Parsed JSON: each check returns the value with its type, or throws VaultError `damaged`. */
import { VaultError } from './errors';

export type Members = Record<string, unknown>;

const ID_BYTES = 16;
/** The last character of base64url, by its length modulo 4: unused bits are zero, one character is no byte. */
const LAST = [/(?:)/, /(?!)/, /[AQgw]/, /[AEIMQUYcgkosw048]/];

function damaged(what: string): never {
  throw new VaultError('damaged', what);
}

export function members(value: unknown, what: string): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Members)
    : damaged(what);
}

export function list(value: unknown, what: string): unknown[] {
  return Array.isArray(value) ? value : damaged(what);
}

export function text(value: unknown, what: string): string {
  return typeof value === 'string' ? value : damaged(what);
}

export function texts(value: unknown, what: string): string[] {
  return list(value, what).map(one => text(one, what));
}

/** @param least - 1 for what counts from one. */
export function integer(value: unknown, what: string, least = 0): number {
  return Number.isSafeInteger(value) && (value as number) >= least
    ? (value as number)
    : damaged(what);
}

export function id(value: unknown, what: string): string {
  return base64url(value, what, ID_BYTES);
}

/**
 * The text, undecoded: the index is megabytes.
 *
 * @param length - In bytes; absent for any.
 */
export function base64url(
  value: unknown,
  what: string,
  length?: number
): string {
  const encoded = text(value, what);
  const rightLength =
    length === undefined || encoded.length === Math.ceil((length * 4) / 3);
  return rightLength &&
    !/[^\w-]/.test(encoded) &&
    LAST[encoded.length % 4].test(encoded.slice(-1))
    ? encoded
    : damaged(what);
}

/** Of what both sides have: theirs first, and of the same name theirs counts. */
export function joinUnknown(mine: Members, theirs: Members): Members {
  return { ...theirs, ...mine, ...theirs };
}

/** Whether a string can be UTF-8: no surrogate stands alone. */
export function isWellFormed(value: string): boolean {
  return !/\p{Cs}/u.test(value);
}
