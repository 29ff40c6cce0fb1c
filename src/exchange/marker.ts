/**
 * How to tell a credential request from any other prompt; spec/exchange.md §2.
 *
 * On its own, without cryptography, because it is loaded when Lab starts.
 */

/** Everything a prompt may have, in UTF-16 units: it is ASCII. */
export const PROMPT_LIMIT = 4096;

/** What starts the marker, whatever the version. */
export const MARKER = ' [credentialstore-request/';

/** The reply to a request that has no usable key to seal to. */
export const PLAIN_ERROR = 'credentialstore-error/1';

/** Whether a prompt is a credential request, of any version, well-formed or not. */
export function isRequest(prompt: string): boolean {
  return prompt.includes(MARKER);
}
