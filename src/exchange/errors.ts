/** The error of a reply or request that breaks spec/exchange.md. */

/** The message names the broken rule, never the content. */
export class ExchangeError extends Error {
  constructor(rule: string) {
    super(rule);
    this.name = 'ExchangeError';
  }
}
