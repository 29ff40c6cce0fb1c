/** How strong a passphrase is. Loaded only where one is chosen: its dictionaries are large. */
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import * as common from '@zxcvbn-ts/language-common';
import * as english from '@zxcvbn-ts/language-en';

/** Longer input tells no more and takes quadratic time; in UTF-16 units. */
const LIMIT = 100;

const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...common.dictionary, ...english.dictionary },
  graphs: common.adjacencyGraphs,
  translations: english.translations
});

/** @returns 0 (guessed at once) to 4. */
export function strength(passphrase: string): number {
  return zxcvbn.check(passphrase.slice(0, LIMIT)).score;
}
