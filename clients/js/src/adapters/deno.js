/**
 * Deno's kernel. It replaces the global `prompt`, which sends an `input_request`, with
 * `password: true` if told so, and waits for the reply. It is null at once where the cell's
 * request does not allow input.
 */

/** Whether this kernel runs here. Elsewhere `prompt` reads from a terminal: it is never called. */
export function isHere() {
  try {
    // Outside a notebook it is missing, or throws when it is looked at.
    return typeof globalThis.Deno?.jupyter?.broadcast === 'function';
  } catch {
    return false;
  }
}

/** @returns {string | null} Null if there is nobody to ask. */
export function ask(prompt) {
  return globalThis.prompt(prompt, '', { password: true });
}
