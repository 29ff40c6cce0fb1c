/** Counts attacks: `make adversary` reads from a test's annotations what was tried and refused. */
import { test } from '@playwright/test';

/**
 * Try one attack.
 *
 * @param name - What is attacked and how, in a few words.
 * @param attempt - Makes the attack, and throws if it succeeds.
 */
export function attack(
  name: string,
  attempt: () => Promise<void>
): Promise<void> {
  return test.step(`attack: ${name}`, async () => {
    const { annotations } = test.info();
    annotations.push({ type: 'attack', description: name });
    await attempt();
    annotations.push({ type: 'refused', description: name });
  });
}
