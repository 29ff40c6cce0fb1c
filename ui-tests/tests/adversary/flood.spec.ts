/** Kernels that ask again and again: every request is answered, and the page stays the person's. */
import { attack } from '../support/attack';
import { expect } from '../support/fixtures';
import { dialogs, hear, heard, rearm, start, test } from '../support/hostile';

test.describe.configure({ timeout: 300_000 });

test('1,000 requests in a loop: three questions, then none', async ({
  hostile: lab,
  page
}) => {
  await attack('1,000 requests in a loop', async () => {
    const cell = await start(
      lab,
      'counted(ask(Crafted()) for _ in range(1000))'
    );
    await lab.answer('Deny');
    await lab.answer('Deny');
    await lab.dialog.getByLabel('Don’t ask again for this kernel').check();
    await lab.answer('Deny');
    // The flood goes on; the person does, too.
    const search = lab.panel.getByRole('searchbox');
    await search.fill('nothing of that name');
    await expect(lab.row('db')).toHaveCount(0);
    await search.fill('');
    await expect(lab.row('db')).toBeVisible();
    expect(await heard(lab, cell)).toEqual({ denied: 3, blocked: 997 });
    expect(await dialogs(page)).toEqual({ most: 1, all: 3 });
  });
  await attack('a blocked kernel says that it has started anew', async () => {
    const lies = ['starting', 'terminating', 'idle', 'busy'];
    expect(
      await hear(
        lab,
        'ask(Crafted())',
        lies.map(lie => `tell("${lie}")`).join('\n')
      )
    ).toBe('blocked');
  });
  await attack('a blocked kernel says that it was restarted', async () => {
    await lab.run('tell("restarting")\ntime.sleep(2)\nsaid = ask(Crafted())');
    // Lab believes it, and forgets the cell.
    await page.getByRole('button', { name: 'Ok', exact: true }).click();
    await rearm(lab);
    expect(await hear(lab, 'said')).toBe('blocked');
  });
  expect(await dialogs(page)).toEqual({ most: 0, all: 0 });
  expect(await lab.inputBoxes()).toEqual([]);
});

test('1,000 requests at once: four questions, and an answer to each', async ({
  hostile: lab,
  page
}) => {
  await attack('1,000 requests at once', async () => {
    const cell = await start(
      lab,
      'counted(answers(requests, 120))',
      'requests = [Crafted() for _ in range(1000)]'
    );
    await expect(lab.dialog).toBeVisible();
    const answered = () =>
      lab.traffic.frames.filter(frame => frame.includes('"input_reply"'))
        .length;
    await expect.poll(answered, { timeout: 120_000 }).toBe(996);
    for (let i = 0; i < 4; i++) {
      await lab.answer('Deny');
    }
    expect(await heard(lab, cell)).toEqual({ denied: 4, busy: 996 });
    expect(answered()).toBe(1000);
    expect(await dialogs(page)).toEqual({ most: 1, all: 4 });
  });
  expect(await lab.inputBoxes()).toEqual([]);
});

test('questions that go before they can be answered are not put for ever', async ({
  hostile: lab,
  page
}) => {
  await attack('questions that time out, in a loop', async () => {
    const cell = await start(
      lab,
      'counted(ask(Request([Want("db")], None, 2000)) for _ in range(9))'
    );
    expect(await heard(lab, cell)).toEqual({ timeout: 5, busy: 4 });
    expect(await dialogs(page)).toEqual({ most: 1, all: 5 });
  });
});

test('questions of four at once that time out leave no dialog', async ({
  hostile: lab,
  page
}) => {
  await attack(
    'four questions at once that time out, three times',
    async () => {
      const cell = await start(
        lab,
        '[counted(answers([Request([Want("none")], None, 2000) for _ in range(4)], 30))' +
          ' for _ in range(3)]'
      );
      const rounds = (await heard(lab, cell)) as Record<string, number>[];
      expect(rounds).toEqual(Array(3).fill({ timeout: 4 }));
      // One that comes too late would come now.
      await page.waitForTimeout(1000);
      await expect(lab.dialog).toHaveCount(0);
      expect(await dialogs(page)).toEqual({ most: 1, all: 3 });
    }
  );
  expect(await lab.inputBoxes()).toEqual([]);
});
