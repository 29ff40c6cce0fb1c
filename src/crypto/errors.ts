/** The error of every decoder in this folder. */

/** Bytes or text that break a format's rule. The message names the rule, never the content. */
export class FormatError extends Error {
  constructor(rule: string) {
    super(rule);
    this.name = 'FormatError';
  }
}
