/** The code that reads a credential, and how a notebook names the function. */
import { languageOf, PYTHON } from './languages';

/**
 * A name as a Python, R, JavaScript or Julia string: JSON's escapes are theirs too. Julia alone
 * reads more into a dollar sign.
 */
export function callOf(
  name: string,
  { keyword, functionName } = PYTHON,
  prefix = ''
): string {
  const literal = JSON.stringify(name).replaceAll('$', '\\u0024');
  return `${keyword}${prefix}${functionName}(${literal})`;
}

export interface IInsertion {
  readonly call: string;
  /** A line that must come before, or null if a cell has it already. */
  readonly importLine: string | null;
}

/**
 * @param sources - The text of the document's code cells.
 * @param mimeTail - Names the kernel's language, see languages.ts.
 */
export function insertionFor(
  name: string,
  sources: readonly string[],
  mimeTail: string
): IInsertion {
  const language = languageOf(mimeTail);
  if (!language || sources.some(source => language.named.test(source))) {
    return { call: callOf(name, language), importLine: null };
  }
  const { module, importLine } = language;
  for (const source of module ? sources : []) {
    const found = module!.pattern.exec(source);
    if (found) {
      const prefix = `${found[1] ?? module!.name}.`;
      return { call: callOf(name, language, prefix), importLine: null };
    }
  }
  return { call: callOf(name, language), importLine };
}
