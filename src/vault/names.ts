/** What a writer lets a name be made of, and how it finds one that is free; spec/vault.md §6 and §8. */
import { isWellFormed } from './schema';

/** In code units. */
export const NAME_LIMIT = 256;
/** Control characters, and the separators that would break a line. */
const CONTROL = /[\p{Cc}\u2028\u2029]/u;
const HIGH_SURROGATE_AT_END = /[\ud800-\udbff]$/;

/** As it is stored, and as a request's name is compared. */
export function tidyName(name: string): string {
  return name.normalize('NFC').trim();
}

/** @param name - Tidy. */
export function isName(name: string): boolean {
  return (
    name !== '' &&
    name.length <= NAME_LIMIT &&
    !CONTROL.test(name) &&
    isWellFormed(name)
  );
}

/** `<name> (n)` with the smallest `n` from 2 that is not taken. */
export function freeName(
  name: string,
  isTaken: (name: string) => boolean
): string {
  for (let n = 2; ; n++) {
    const suffix = ` (${n})`;
    const candidate = cut(name, NAME_LIMIT - suffix.length) + suffix;
    if (!isTaken(candidate)) {
      return candidate;
    }
  }
}

function cut(name: string, length: number): string {
  return name.length <= length
    ? name
    : name.slice(0, length).replace(HIGH_SURROGATE_AT_END, '');
}
