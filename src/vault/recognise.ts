/** Whether a file is a store, by how it begins; spec/vault.md §1. */

export type Beginning = 'ours' | 'newer' | 'foreign';

/** JSON's white space. */
const WHITE = [0x20, 0x09, 0x0a, 0x0d];
const TOKENS = ['{', '"credentialstore"', ':'];

/** Nothing behind the version is looked at: a later one may look like anything there. */
export function recognise(bytes: Uint8Array): Beginning {
  let at = 0;
  const skipWhite = () => {
    while (WHITE.includes(bytes[at])) {
      at++;
    }
  };
  for (const token of TOKENS) {
    skipWhite();
    for (let i = 0; i < token.length; i++) {
      if (bytes[at++] !== token.charCodeAt(i)) {
        return 'foreign';
      }
    }
  }
  skipWhite();
  const [first, second] = [digit(bytes[at]), digit(bytes[at + 1])];
  return first > 1 || (first === 1 && second >= 0) ? 'newer' : 'ours';
}

/** Whether nothing but white space is in it. Of text, the first word tells. */
export function isBlank(bytes: Uint8Array): boolean {
  return bytes.every(byte => WHITE.includes(byte));
}

/** The digit's value; -1 for another byte. */
function digit(byte: number | undefined): number {
  const value = (byte ?? 0) - 0x30;
  return value >= 0 && value <= 9 ? value : -1;
}
