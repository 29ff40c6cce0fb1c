/** Checks for parsed JSON: each returns the value with its type, or throws. */
import { decodeBase64url } from '../crypto/encoding';
import { VaultError } from './errors';

export type Members = Record<string, unknown>;

export const ID_BYTES = 16;
const ID = /^[A-Za-z0-9_-]{21}[AQgw]$/;

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

export function integer(value: unknown, what: string): number {
  return Number.isSafeInteger(value) && (value as number) >= 0
    ? (value as number)
    : damaged(what);
}

export function id(value: unknown, what: string): string {
  return typeof value === 'string' && ID.test(value) ? value : damaged(what);
}

/** @param length - In bytes, or undefined for any. */
export function bytes(
  value: unknown,
  what: string,
  length?: number
): Uint8Array {
  try {
    const result = decodeBase64url(text(value, what));
    return length === undefined || result.length === length
      ? result
      : damaged(what);
  } catch {
    return damaged(what);
  }
}

/** Whether a string can be UTF-8: no surrogate stands alone. */
export function isWellFormed(value: string): boolean {
  return !/\p{Cs}/u.test(value);
}
