/** Whether the page stays free for the person: tasks that take too long, and the longest block. */
import { LARGEST, report, times } from './support/run';
import { ask, endKernel, grantedNotebook, PROMPT } from './support/asking';
import { dummyPut, edit } from './support/saving';
import { LINE, ROUTE, test, unlock, type Lab } from './support/test';
import type { IBlocked } from './support/in-page';

/** What the page's main thread went through while something was done. */
async function during(
  { page }: Lab,
  work: () => Promise<unknown>
): Promise<IBlocked> {
  const watching = await page.evaluateHandle(() => ({ stop: bench.watch() }));
  await work();
  return watching.evaluate(({ stop }) => stop());
}

/** Two rows: how many tasks were too long, and how long the longest block was. */
function reportBlocked(
  work: string,
  ours: IBlocked[],
  peer: { name: string; values: IBlocked[] },
  most: number
): void {
  for (const [what, unit, part, limit] of [
    ['long tasks (over 50 ms)', 'long tasks', 'longTasks', 0],
    ['longest block of the main thread', 'ms', 'longest', most]
  ] as const) {
    report({
      what: `${what}: ${work}`,
      entries: LARGEST,
      unit,
      ours: ours.map(one => one[part]),
      peer: { name: peer.name, values: peer.values.map(one => one[part]) },
      target: { of: 'largest', most: limit }
    });
  }
}

const LONG_TASK = 50;

test('unlocking and saving', async ({ open }) => {
  const lab = await open(LARGEST);
  await lab.openPanel();
  await lab.page.waitForLoadState('networkidle');
  const unlocks: IBlocked[] = [];
  const gets: IBlocked[] = [];
  for (let i = 0; i < times(6); i++) {
    unlocks.push(await during(lab, () => unlock(lab)));
    gets.push(
      await during(lab, () =>
        lab.page.evaluate(
          async route =>
            (await (await fetch(route, { cache: 'no-store' })).arrayBuffer())
              .byteLength,
          ROUTE
        )
      )
    );
    await lab.lock();
  }
  await unlock(lab);
  await lab.page.locator(LINE).first().click();
  const saves: IBlocked[] = [];
  const puts: IBlocked[] = [];
  for (let i = 0; i < times(6); i++) {
    saves.push((await edit(lab, `reader${i}`)).blocked);
    puts.push(await during(lab, () => dummyPut(lab)));
  }
  reportBlocked(
    'unlock',
    unlocks,
    { name: 'a GET of as many bytes', values: gets },
    LONG_TASK
  );
  reportBlocked(
    'saving one edit',
    saves,
    { name: 'a PUT of as many bytes', values: puts },
    16
  );
});

test('a flood of requests', async ({ open }) => {
  const lab = await open(LARGEST);
  await lab.openPanel();
  await unlock(lab);
  await grantedNotebook(lab);
  const flood = async (call: string) => {
    const asked = ask(
      lab,
      `time.sleep(3)\nfor _ in range(${times(1000)}): ${call}\nprint("done")`
    );
    // By then the cell is drawn.
    await lab.page.waitForTimeout(2000);
    return during(lab, () => asked);
  };
  const ours = [await flood('get_credential(NAME)')];
  const peer = [await flood(`getpass.getpass("${PROMPT}")`)];
  await endKernel(lab);
  reportBlocked(
    '1,000 requests in a loop',
    ours,
    { name: '1,000 of getpass', values: peer },
    LONG_TASK
  );
});
