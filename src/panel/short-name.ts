/** A name as a line that is read in passing has room for: its start and its end tell it from others. */

/** With the words around it, two lines of a sidebar as narrow as it opens. */
const SHOWN = 30;
const END = 11;

export function shortName(name: string): string {
  // By characters: half of one is none.
  const all = [...name];
  if (all.length <= SHOWN) {
    return name;
  }
  const start = all.slice(0, SHOWN - END - 1).join('');
  return `${start.trimEnd()}…${all.slice(-END).join('').trimStart()}`;
}
