/** JSON in which no member is repeated: JSON.parse would take the last one. */

/** The tokens that matter once JSON.parse has accepted the text; members have a colon behind. */
const TOKENS = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}]/g;

/**
 * @param {Uint8Array} data UTF-8.
 * @throws {SyntaxError | TypeError}
 */
export function parse(data) {
  // ignoreBOM leaves it in, for JSON.parse to refuse.
  const text = new TextDecoder('utf-8', {
    fatal: true,
    ignoreBOM: true
  }).decode(data);
  const value = JSON.parse(text);
  const objects = [];
  for (const [token, string, colon] of text.matchAll(TOKENS)) {
    if (token === '{') {
      objects.push(new Set());
    } else if (token === '}') {
      objects.pop();
    } else if (colon) {
      const name = JSON.parse(string);
      const names = objects.at(-1);
      if (names.has(name)) {
        throw new SyntaxError('repeated member');
      }
      names.add(name);
    }
  }
  return value;
}
