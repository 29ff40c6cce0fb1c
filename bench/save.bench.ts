/** Saving: from the form's button until the server has acknowledged. */
import { report, SIZES, times } from './support/run';
import { LINE, test, unlock } from './support/test';
import { dummyPut, edit, emptyGet } from './support/saving';

test('one edit', async ({ open }) => {
  for (const size of SIZES) {
    const lab = await open(size);
    await lab.openPanel();
    await unlock(lab);
    await lab.page.locator(LINE).first().click();
    const ours: number[] = [];
    const puts: number[] = [];
    const gets: number[] = [];
    // The first save writes a backup as well, and the form is loaded.
    await edit(lab, 'warm-up');
    for (let i = 0; i < times(15); i++) {
      ours.push((await edit(lab, `reader${i}`)).took);
      puts.push(await dummyPut(lab));
      gets.push(await emptyGet(lab));
    }
    const what = 'saving one edit';
    report({
      what,
      entries: size,
      unit: 'ms',
      ours,
      peer: { name: 'a PUT of as many dummy bytes, as a Blob', values: puts },
      ...(size === 10_000 && { target: { of: 'ratio', most: 1.4 } })
    });
    if (size === 100) {
      report({
        what,
        entries: size,
        unit: 'ms',
        ours,
        peer: { name: 'an empty GET (304)', values: gets },
        target: { of: 'ratio', most: 3 }
      });
    }
  }
});
