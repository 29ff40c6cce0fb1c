/** Whether the page stays free for the person: tasks that take too long, and the longest block. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
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
/** What no client of ours would send. */
const HOSTILE = readFileSync(
  resolve(__dirname, '../ui-tests/support/hostile.py'),
  'utf8'
);

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
  await lab.runToEnd(
    `exec(${JSON.stringify(HOSTILE)})\nOTHER = "mail-berlin-00001"`
  );
  const count = times(1000);
  /** What the page goes through meanwhile; the kernel must have heard what was meant to be measured. */
  const flood = async (code: string, heard: object, before = '') => {
    const asked = ask(
      lab,
      `${before}\ntime.sleep(3)\nprint(json.dumps(counted(${code}), sort_keys=True))`
    );
    // By then the cell is drawn.
    await lab.page.waitForTimeout(2000);
    const blocked = await during(lab, () => asked);
    const said = JSON.parse(await asked);
    if (!isDeepStrictEqual(said, heard)) {
      throw new Error(`The kernel heard ${JSON.stringify(said)}.`);
    }
    return blocked;
  };
  const loop = (call: string) => `${call} for _ in range(${count})`;
  const typed = { typed: count };

  const granted = await flood(loop('get_credential(NAME) and "granted"'), {
    granted: count
  });
  const plain = await flood(loop(`getpass.getpass("${PROMPT}")`), typed);
  // One is shown and three wait, until their time is over.
  const atOnce = await flood(
    'answers(crowd, 60)',
    { busy: count - 4, timeout: 4 },
    `crowd = [Crafted(str, OTHER, timeout_ms=20000) for _ in range(${count})]`
  );
  const plainAtOnce = await flood(
    `replies(send(["${PROMPT}"] * ${count}), 60)`,
    typed
  );
  // So many were turned away that it is offered at once.
  const last = await lab.run('ask(Crafted(str, OTHER))');
  await lab.dialog.getByLabel('Don’t ask again for this kernel').check();
  await lab.answer('Deny');
  await lab.ended(last);
  const refused = await flood(loop('ask(Crafted(str, OTHER))'), {
    blocked: count
  });
  const plainAgain = await flood(loop(`getpass.getpass("${PROMPT}")`), typed);
  await endKernel(lab);
  for (const [what, ours, peer] of [
    ['in a loop', granted, plain],
    ['at once', atOnce, plainAtOnce],
    ['in a loop, all refused', refused, plainAgain]
  ] as const) {
    reportBlocked(
      `1,000 requests ${what}`,
      [ours],
      { name: '1,000 of getpass', values: [peer] },
      LONG_TASK
    );
  }
});
