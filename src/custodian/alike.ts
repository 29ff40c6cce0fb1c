/** Whether one name may be a slip of the pen for another: "Did you mean …". */

/** One edit, in names of three or more letters one for each three. */
export function isAlike(one: string, other: string): boolean {
  const [a, b] = [one, other].map(name => [...name.toLowerCase()]);
  const longest = Math.max(a.length, b.length);
  const most = Math.min(longest - 1, Math.max(1, Math.floor(longest / 3)));
  return Math.abs(a.length - b.length) <= most && edits(a, b) <= most;
}

/** Letters that were left out, put in, replaced, or swapped with their neighbour. */
function edits(a: readonly string[], b: readonly string[]): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  a.forEach((letter, i) => {
    const row = [i + 1];
    b.forEach((other, j) => {
      const swapped =
        i > 0 && j > 0 && letter === b[j - 1] && other === a[i - 1];
      row.push(
        Math.min(
          above[j + 1] + 1,
          row[j] + 1,
          above[j] + (letter === other ? 0 : 1),
          swapped ? before[j - 1] + 1 : Infinity
        )
      );
    });
    [before, above] = [above, row];
  });
  return above[b.length];
}
