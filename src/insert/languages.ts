/** What a notebook's language needs for the call: a new one is one more record here, and a client. */

export interface ILanguage {
  /** The tail of its MIME type, as kernels give it. */
  readonly mimeTail: RegExp;
  /** Written before the function's name, if it has to be waited for. */
  readonly keyword: string;
  readonly functionName: string;
  /** A line that makes the function known. */
  readonly importLine: string;
  /** What a cell says if it has made the function known under its own name. */
  readonly named: RegExp;
  /** What a cell says if it has made the module known; the first group is the alias. */
  readonly module?: { readonly pattern: RegExp; readonly name: string };
}

export const PYTHON: ILanguage = {
  mimeTail: /^i?python/i,
  keyword: '',
  functionName: 'get_credential',
  importLine: 'from kernel_connector import get_credential',
  named:
    /^\s*from\s+kernel_connector\s+import\s+[^#\n]*\bget_credential\b(?!\s+as\b)/m,
  module: {
    pattern: /^\s*import\s+kernel_connector(?:\s+as\s+(\w+))?\s*$/m,
    name: 'kernel_connector'
  }
};

const R: ILanguage = {
  mimeTail: /^r(src|-source)?$/i,
  keyword: '',
  functionName: 'get_credential',
  importLine: 'library(kernelconnector)',
  named: /^\s*(?:library|require)\(\s*["']?kernelconnector["']?\s*[,)]/m
};

const JAVASCRIPT: ILanguage = {
  mimeTail: /(?:java|type)script$/i,
  keyword: 'await ',
  functionName: 'getCredential',
  importLine: 'import { getCredential } from "kernel-connector";',
  named:
    /^\s*import\s*\{[^}\n]*\bgetCredential\b(?!\s+as\b)[^}\n]*\}\s*from\s*["'][^"'\n]*kernel-connector/m
};

const ALL = [PYTHON, R, JAVASCRIPT];

/** Undefined: nothing is known of it, and the call is written as Python's. */
export function languageOf(mimeTail: string): ILanguage | undefined {
  return ALL.find(language => language.mimeTail.test(mimeTail));
}
