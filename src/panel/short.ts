/** A name for a sentence that has to stay short: of a long one the beginning and the end. */

/** Characters: two lines of a sidebar as wide as when it opens. */
const MOST = 48;

export function short(name: string): string {
  // By code points: half a surrogate pair is no character.
  const points = [...name];
  const half = (MOST - 1) >> 1;
  return points.length <= MOST
    ? name
    : `${points.slice(0, half + 1).join('')}…${points.slice(-half).join('')}`;
}
