/** Canonical JSON, spec/vault.md §1: each value has one text, so that nothing hides in how it is written. */
import { VaultError } from './errors';
import { isWellFormed, type Members } from './schema';

/** How deep arrays and objects may be. */
const DEPTH = 32;

/**
 * @param what - Names the text in the error.
 * @throws VaultError `damaged`
 */
export function parseCanonical(text: string, what: string): unknown {
  const value = parseJson(text, what);
  assertCanonical(value, text, what);
  return value;
}

/** @throws VaultError `damaged` */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new VaultError('damaged', `${what}, JSON`);
  }
}

/**
 * @param value - What the text says.
 * @throws VaultError `damaged`
 */
export function assertCanonical(
  value: unknown,
  text: string,
  what: string
): void {
  // A surrogate that stands alone survives the comparison, always as an escape.
  const anySurrogate = text.includes('\\ud');
  if (!isPlain(value, DEPTH, anySurrogate) || JSON.stringify(value) !== text) {
    throw new VaultError('damaged', `${what}, not canonical JSON`);
  }
}

function isPlain(value: unknown, room: number, anySurrogate: boolean): boolean {
  switch (typeof value) {
    case 'number':
      return Number.isSafeInteger(value) && value >= 0;
    case 'string':
      return !anySurrogate || isWellFormed(value);
    case 'object':
      break;
    default:
      return true;
  }
  if (value !== null && room === 0) {
    return false;
  }
  // The index has 200,000 of them: no arrays of names and values are made.
  for (const name in value) {
    if (
      (anySurrogate && !isWellFormed(name)) ||
      !isPlain((value as Members)[name], room - 1, anySurrogate)
    ) {
      return false;
    }
  }
  return true;
}
