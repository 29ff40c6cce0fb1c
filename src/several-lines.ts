/** Text of several lines, which a one-line field would join. */

/** A line's end at the end of all is left over from copying. */
export function hasSeveralLines(text: string): boolean {
  return /[\r\n]./s.test(text);
}
