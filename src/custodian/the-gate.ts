/** The page's gate. In a file of its own, since it listens from its import on. */
import { makeGate } from './gate';
import { later } from './natives';
import { watchPresses } from './presses';
import { watchSight } from './sight';

const { apply } = Reflect;
const clock = performance;
const { now } = clock;

export const gate = makeGate({
  watchPresses,
  watchSight,
  now: () => apply(now, clock, []),
  later: (then, ms) => void later(then, ms)
});
