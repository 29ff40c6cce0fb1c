/** The code that reads a credential, and how a notebook names the function. */

/**
 * A name as a Python, R, JavaScript or Julia string: JSON's escapes are theirs too. Julia alone
 * reads more into a dollar sign.
 */
export function callOf(name: string, prefix = ''): string {
  const literal = JSON.stringify(name).replaceAll('$', '\\u0024');
  return `${prefix}get_credential(${literal})`;
}

export interface IInsertion {
  readonly call: string;
  /** A line that must come before, or null if a cell has it already. */
  readonly importLine: string | null;
}

const IMPORT_LINE = 'from kernel_connector import get_credential';
const NAMED =
  /^\s*from\s+kernel_connector\s+import\s+[^#\n]*\bget_credential\b(?!\s+as\b)/m;
const MODULE = /^\s*import\s+kernel_connector(?:\s+as\s+(\w+))?\s*$/m;

/**
 * @param sources - The text of the document's code cells.
 * @param language - The kernel's language; only Python's import is known.
 */
export function insertionFor(
  name: string,
  sources: readonly string[],
  language: string
): IInsertion {
  if (!/^i?python/i.test(language) || sources.some(s => NAMED.test(s))) {
    return { call: callOf(name), importLine: null };
  }
  for (const source of sources) {
    const found = MODULE.exec(source);
    if (found) {
      return {
        call: callOf(name, `${found[1] ?? 'kernel_connector'}.`),
        importLine: null
      };
    }
  }
  return { call: callOf(name), importLine: IMPORT_LINE };
}
