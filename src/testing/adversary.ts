/** How much the adversary tries: a little with every test, for minutes with `ADVERSARY=full`. */
import { appendFileSync } from 'node:fs';

export const FULL = process.env.ADVERSARY === 'full';

/** Cases of a property. */
export const cases = (few: number, full: number) => (FULL ? full : few);

/** For `make adversary`, which prints how much was tried within single tests. */
export function tally(what: string, count: number): void {
  const path = process.env.ADVERSARY_COUNTS;
  if (path) {
    appendFileSync(path, `${JSON.stringify({ [what]: count })}\n`);
  }
}

/** For a test's time-out, in milliseconds. */
export const PATIENCE = FULL ? 3_600_000 : 60_000;
