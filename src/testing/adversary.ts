/** How much the adversary tries: a little with every test, for minutes with `ADVERSARY=full`. */

export const FULL = process.env.ADVERSARY === 'full';

/** Cases of a property. */
export const cases = (few: number, full: number) => (FULL ? full : few);

/** For a test's time-out, in milliseconds. */
export const PATIENCE = FULL ? 3_600_000 : 60_000;
