/** Step 4 of the walk: a notebook gets a value, and nobody in between does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { DB, expect, test } from '../support/fixtures';
import { PASSPHRASE } from '../support/lab';
import { recorded, STORE, WORK } from '../support/run';
import { holds, requestsIn, withoutRequests } from '../support/traffic';

// Rare enough that no other message holds them by chance. Other tests write DB's value into
// their cells, and Lab asks each new kernel for its history.
const NAME = 'zebra-database';
const VALUE = 'quagga2-of-the-database';

test(
  'the value arrives; the wires, the disk and the notebook do not hold it',
  { tag: '@dark' },
  async ({ lab, tmpPath }) => {
    await lab.createStore();
    await lab.add({ ...DB, name: NAME, value: VALUE });
    const path = `${tmpPath}/analysis.ipynb`;
    await lab.newClient(path);
    const cell = await lab.run(
      `get_credential("${NAME}", reason="load the March figures")`
    );

    const { dialog } = lab;
    await expect(
      dialog.getByRole('heading', {
        name: `analysis.ipynb asks for “${NAME}”`
      })
    ).toBeVisible();
    await expect(dialog.getByText(path)).toBeVisible();
    await expect(dialog.getByText(/^Python 3.*, since \d/)).toBeVisible();
    await expect(dialog.getByText('“load the March figures”')).toBeVisible();
    await expect(dialog.getByText('(written by the code)')).toBeVisible();
    for (const name of [
      'Deny',
      'Allow once',
      'Allow for this kernel',
      'Always allow in this notebook'
    ]) {
      await expect(
        dialog.getByRole('button', { name, exact: true })
      ).toBeVisible();
    }
    await expect(dialog.getByRole('button', { name: 'Deny' })).toBeFocused();
    await lab.accessible('.jp-CredentialStore-consent');
    await lab.answer('Allow once');

    await expect(cell.locator('.jp-OutputArea-output')).toHaveText(
      "Secret('••••••••••••')"
    );
    const check = await lab.run(
      `v = get_credential("${NAME}"); (isinstance(v, str), len(v), v[:7], v[-3:])`
    );
    await lab.answer('Allow for this kernel');
    await expect(check.locator('.jp-OutputArea-output')).toHaveText(
      `(True, ${VALUE.length}, 'quagga2', 'ase')`
    );
    const again = await lab.runToEnd(`get_credential("${NAME}") == v`);
    await expect(again.locator('.jp-OutputArea-output')).toHaveText('True');
    expect(await lab.inputBoxes()).toEqual([]);

    await lab.save();
    await expect
      .poll(() => readFileSync(join(WORK, path), 'utf8'))
      .toContain('March');
    const notebook = readFileSync(join(WORK, path), 'utf8');
    expect(notebook).not.toContain(VALUE);
    expect(notebook).not.toContain('credentialstore-request');

    // Every byte that page, server and kernel sent to each other, and what lies on the disk.
    const { traffic } = lab;
    await traffic.settled();
    const wires = {
      frames: Buffer.concat(traffic.frames),
      bodies: Buffer.concat(traffic.bodies),
      console: Buffer.from(traffic.console.join('\n')),
      http: recorded('http.log'),
      kernels: recorded('.bin'),
      file: readFileSync(STORE)
    };
    // The recorders heard something.
    expect(requestsIn(wires.frames).length).toBeGreaterThan(2);
    expect(requestsIn(wires.kernels).length).toBeGreaterThan(2);
    expect(wires.http.includes('PUT ')).toBe(true);
    for (const [where, bytes] of Object.entries(wires)) {
      for (const secret of [VALUE, PASSPHRASE]) {
        expect([where, holds(bytes, secret)]).toEqual([where, false]);
      }
    }
    // The name is in the cells' code and in the kernel's request, nowhere else.
    for (const where of ['console', 'file'] as const) {
      expect([where, holds(wires[where], NAME)]).toEqual([where, false]);
    }
    for (const bytes of [
      wires.frames,
      wires.bodies,
      wires.http,
      wires.kernels
    ]) {
      const rest = withoutRequests(bytes)
        .toString('latin1')
        // The person's code: get_credential("…"), as such or in JSON.
        .replaceAll(/get_credential\(\\*"zebra-database\\*"/g, '');
      expect(holds(Buffer.from(rest, 'latin1'), NAME)).toBe(false);
    }
  }
);

test(
  'several at once: one dialog names all, and "always" is for each',
  { tag: '@dark' },
  async ({ unlocked: lab, page, tmpPath }) => {
    const path = `${tmpPath}/several.ipynb`;
    const output = (cell: Locator) => cell.locator('.jp-OutputArea-output');
    await lab.add({ name: 'api', value: 'key-of-the-api' });
    await lab.back();
    await lab.newClient(path, 'import kernel_connector as kc');

    const { dialog } = lab;
    const both = await lab.run(
      `[str(value) for value in kc.get_credentials("db", "api")] == ["${DB.value}", "key-of-the-api"]`
    );
    await expect(
      dialog.getByRole('heading', {
        name: 'several.ipynb asks for “db”, “api”'
      })
    ).toBeVisible();
    await expect(dialog.getByRole('listitem')).toHaveText(['“db”', '“api”']);
    await expect(dialog).toHaveCount(1);
    await lab.accessible('.jp-CredentialStore-consent');
    await lab.answer('Always allow in this notebook');
    await expect(output(both)).toHaveText('True');

    // "Always": not for this run of the kernel alone.
    await page.evaluate(async () => {
      const panel = window.jupyterapp.shell.currentWidget as any;
      await panel.sessionContext.restartKernel();
    });
    await lab.kernelReady();
    await lab.runToEnd('import kernel_connector as kc');
    const turned = await lab.runToEnd(
      `[str(value) for value in kc.get_credentials("api", "db")] == ["key-of-the-api", "${DB.value}"]`
    );
    await expect(output(turned)).toHaveText('True');
    const single = await lab.runToEnd('len(kc.get_credential("api"))');
    await expect(output(single)).toHaveText('14');
    const access = lab.panel.locator('.jp-CredentialStore-access');
    await access.locator('summary').click();
    for (const name of ['db', 'api']) {
      await expect(
        access.getByRole('button', { name: `Revoke ${name} for ${path}` })
      ).toBeVisible();
    }
    expect(await lab.inputBoxes()).toEqual([]);
  }
);

test('a code console gets it too', async ({ unlocked: lab }) => {
  const outputs = lab.consoleOutputs;
  await lab.newConsole();
  await lab.runInConsole(
    'from kernel_connector import get_credential; len(get_credential("db"))'
  );
  await expect(lab.dialog.getByText('Console', { exact: true })).toBeVisible();
  await lab.answer('Allow once');
  await expect(outputs).toHaveText(String(DB.value.length));
  await lab.runInConsole('get_credential("db")');
  await lab.answer('Deny');
  await expect(outputs).toHaveCount(2);
  await expect(outputs.last()).toContainText(
    'CredentialDenied: You denied this notebook "db".'
  );

  await lab.runInConsole('get_credential("db")');
  await lab.dialog.waitFor();
  await lab.answer('Allow for this kernel');
  await expect(outputs).toHaveCount(3);
  await expect(outputs.last()).toHaveText("Secret('••••••••••••')");
  await lab.runInConsole(`get_credential("db") == ${JSON.stringify(DB.value)}`);
  await expect(outputs).toHaveCount(4);
  await expect(outputs.last()).toHaveText('True');
  expect(await lab.inputBoxes()).toEqual([]);
});
