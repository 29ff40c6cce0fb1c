/** What a writer lets a name be made of, and how it finds one that is free; spec/vault.md §6 and §8. */
import { isWellFormed } from './schema';

/** In code units. */
export const NAME_LIMIT = 256;
/** Control characters, and the separators that would break a line. */
const CONTROL = /[\p{Cc}\u2028\u2029]/u;
/** Of a character that was cut in two. */
const HALF_AT_END = /[\ud800-\udbff]$/;

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
    const cut = name
      .slice(0, NAME_LIMIT - suffix.length)
      .replace(HALF_AT_END, '');
    const candidate = cut + suffix;
    if (!isTaken(candidate)) {
      return candidate;
    }
  }
}
