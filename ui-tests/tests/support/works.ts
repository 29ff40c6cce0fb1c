/** All that a store is for, in a few steps: make it, lock it, unlock it, hand a value to a kernel. */
import { DB, expect } from './fixtures';
import type { Lab, Suite } from './lab';

export async function works(
  lab: Lab,
  path: string,
  suite?: Suite
): Promise<void> {
  await lab.createStore(undefined, suite);
  await lab.add(DB);
  await lab.lock();
  await lab.unlock();
  await lab.newNotebook(path);
  const cell = await lab.run(
    'from kernel_connector import get_credential; ' +
      `get_credential("db") == ${JSON.stringify(DB.value)}`
  );
  await lab.answer('Allow once');
  await expect(cell.locator('.jp-OutputArea-output')).toHaveText('True');
}
