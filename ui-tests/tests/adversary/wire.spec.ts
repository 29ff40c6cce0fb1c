/** Wherever bytes pass or come to lie, none of them tells a secret: and the recorders would know. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attack } from '../support/attack';
import { expect, test } from '../support/fixtures';
import type { Lab } from '../support/lab';
import { places } from '../support/places';
import { HOME, STORE, WORK } from '../support/run';
import { holds, inputReplies, requestsIn } from '../support/traffic';

// As a person has it: the state database goes into the workspace's file.
test.use({ mockState: false });
test.describe.configure({ timeout: 240_000 });

// Rare enough that nothing else holds them, and not the same in URLs and JSON.
const PASSPHRASE = 'tarsier & "battery" 9% stäple';
const MISTYPED = 'tarsier & "battery" mistyped';
const ASKED = { name: 'okapi-asked', value: 'quokka/2+of?the "wire" é' };
const KEPT = {
  name: 'numbat-in-the-file-only',
  value: 'aardwolf+7/of?the "file" ü',
  user: 'binturong@the-file-only',
  notes: 'dugong notes, never asked for',
  tags: 'pangolin-tag-of-the-file'
};
const EDITED = 'aardwolf+8/of?the "edit" ö';
const MISSING = {
  name: 'tapir-missing',
  value: 'kinkajou/3+of?the "dialog" å',
  user: 'coati@the-dialog-only'
};
const CHANGED = 'galago & "battery" 8% chänged';

/** All that a person does with secrets, once. Returns the recovery codes, the first one first. */
async function use(lab: Lab, path: string): Promise<[string, string]> {
  const { panel, dialog, page } = lab;
  const code = await lab.createStore(PASSPHRASE);
  await lab.add(KEPT);
  await panel
    .getByRole('button', { name: `Reveal Value of ${KEPT.name}` })
    .click();
  await expect(panel.getByText(KEPT.value)).toBeVisible();
  await panel
    .getByRole('button', { name: `Copy Value of ${KEPT.name}` })
    .click();
  await panel.getByRole('button', { name: `Edit ${KEPT.name}` }).click();
  await lab.fill({ value: EDITED });
  await panel.getByRole('button', { name: 'Save', exact: true }).click();
  await panel
    .getByRole('button', { name: `Reveal Value of ${KEPT.name}` })
    .click();
  await expect(panel.getByText(EDITED)).toBeVisible();
  await lab.back();
  await lab.add(ASKED);
  await lab.back();
  await panel.getByRole('searchbox').fill(KEPT.name);
  await expect(lab.row(ASKED.name)).toHaveCount(0);
  await lab.row(KEPT.name).hover();
  await lab.fromMenu(KEPT.name, 'Delete');
  await page.getByRole('button', { name: 'Undo' }).click();
  await panel.getByRole('searchbox').fill('');

  await lab.newClient(path);
  const ask = `get_credential("${ASKED.name}")`;
  for (const button of [
    'Deny',
    'Allow once',
    'Always allow in this notebook'
  ]) {
    const cell = await lab.run(ask);
    await lab.answer(button);
    await lab.ended(cell);
  }
  const missing = `get_credential("${MISSING.name}")`;
  const denied = await lab.run(missing);
  await lab.answer('Deny');
  await lab.ended(denied);
  const saved = await lab.run(`len(${missing})`);
  await dialog.getByLabel('Value').fill(MISSING.value);
  await dialog.getByLabel('User name').fill(MISSING.user);
  await lab.answer('Save and allow once');
  await expect(saved.locator('.jp-OutputArea-output')).toHaveText(
    String(MISSING.value.length)
  );

  await lab.lock();
  await panel
    .getByRole('textbox', { name: 'Passphrase', exact: true })
    .fill(MISTYPED);
  await panel.getByRole('button', { name: 'Unlock' }).click();
  await expect(
    panel.getByText('That passphrase does not open this store.')
  ).toBeVisible();
  const locked = await lab.run(`len(${ask})`);
  await dialog.getByLabel('Passphrase').fill(PASSPHRASE);
  await lab.answer('Unlock and allow once');
  await expect(locked.locator('.jp-OutputArea-output')).toHaveText(
    String(ASKED.value.length)
  );
  await lab.save();
  await lab.reload();
  await lab.openPanel();
  await panel
    .getByRole('button', { name: 'Forgot it? Use your recovery code' })
    .click();
  await panel.getByRole('textbox', { name: 'Recovery code' }).fill(code);
  await panel.getByRole('button', { name: 'Unlock' }).click();
  await expect(
    panel.getByRole('heading', { name: 'Change passphrase' })
  ).toBeVisible();
  const next = await lab.changePassphrase(code, CHANGED);
  await lab.lock();
  await lab.unlock(CHANGED);
  return [code, next];
}

/** A recovery code as it is shown, and as else it may be written. */
function written(what: string, code: string): Record<string, string> {
  return {
    [what]: code,
    [`${what}, without hyphens`]: code.replaceAll('-', ''),
    [`${what}, in small letters`]: code.toLowerCase(),
    [`${what}, in small letters without hyphens`]: code
      .toLowerCase()
      .replaceAll('-', '')
  };
}

test('no place holds a passphrase, a recovery code, a value, or a name that was not asked for', async ({
  lab,
  tmpPath
}) => {
  const [first, second] = await use(lab, `${tmpPath}/used.ipynb`);
  const secrets = {
    'the passphrase': PASSPHRASE,
    'a mistyped passphrase': MISTYPED,
    'the passphrase that came after it': CHANGED,
    ...written('the recovery code', first),
    ...written('the recovery code that came after it', second),
    'a value that was granted': ASKED.value,
    'a value that was not asked for': KEPT.value,
    'the value that came after it': EDITED,
    'a value that was typed into the dialog': MISSING.value,
    'a user name that was typed into the dialog': MISSING.user,
    'a name that was not asked for': KEPT.name,
    'its user name': KEPT.user,
    'its notes': KEPT.notes,
    'its tag': KEPT.tags
  };
  const all = await places(lab);
  for (const [place, bytes] of all) {
    await attack(`look for secrets in ${place}`, async () => {
      const found = Object.entries(secrets)
        .filter(([, secret]) => holds(bytes, secret))
        .map(([what]) => what);
      expect(found).toEqual([]);
    });
  }
  // There were some to be kept.
  expect(requestsIn(all.get('sockets of the kernels')!)).not.toEqual([]);
  for (const place of [
    'notebooks',
    'notebook checkpoints',
    'IPython’s history'
  ]) {
    await attack(`look for prompts in ${place}`, async () => {
      expect(all.get(place)!).not.toHaveLength(0);
      expect(requestsIn(all.get(place)!)).toEqual([]);
    });
  }
});

test('a reply of less than 1 kB does not tell by its length what it says', async ({
  unlocked: lab,
  tmpPath
}) => {
  await lab.newClient(`${tmpPath}/a.ipynb`);
  const answered = async (name: string, button: string, value?: string) => {
    const cell = await lab.run(`get_credential("${name}") and None`);
    if (value) {
      await lab.dialog.getByLabel('Value').fill(value);
    }
    await lab.answer(button);
    await lab.ended(cell);
  };
  await answered('db', 'Deny');
  await answered('db', 'Allow once');
  await answered('missing', 'Deny');
  await answered('missing', 'Save and allow once', 'x'.repeat(500));
  await lab.lock();
  await answered('db', 'Deny');
  await attack('tell replies apart by their length', async () => {
    const lengths = inputReplies(lab.traffic.frames).map(
      ({ length }) => length
    );
    expect(lengths).toHaveLength(5);
    expect(lengths).toEqual(lengths.map(() => lengths[0]));
  });
});

test('the recorders find what getpass and a careless cell let out, in every place', async ({
  lab,
  page,
  tmpPath
}) => {
  const canary = 'axolotl-of-a-careless-cell';
  const typed = 'salamander-of-a-plain-getpass';
  // The notebook's name comes to lie in URLs, the server's log, and Lab's state.
  await lab.newNotebook(`${tmpPath}/${canary}.ipynb`);
  const cell = await lab.run(
    'import getpass\nword = getpass.getpass("word? ")'
  );
  const box = cell.locator('.jp-Stdin-input');
  await box.fill(typed);
  await box.press('Enter');
  await lab.ended(cell);
  // What is typed went through stdin alone: nobody has printed or written it.
  await expect(async () => {
    const found = await places(lab);
    for (const place of [
      'sockets of the kernels',
      'frames of the page’s WebSockets'
    ]) {
      expect(holds(found.get(place)!, typed), place).toBe(true);
    }
  }).toPass({ timeout: 30_000 });
  await lab.runToEnd(
    'import pathlib\n' +
      `pathlib.Path.home().joinpath("careless.txt").write_text("${canary}")`
  );
  await lab.runToEnd(`print("${canary}")`);
  // What ipykernel has put aside, to send the rest to the page.
  await lab.runToEnd(
    'import os, sys\nfor stream in (sys.stdout, sys.stderr):\n' +
      `    os.write(stream._original_stdstream_copy, b"${canary}\\n")`
  );
  await lab.save();
  await page.evaluate(`console.log("${canary}")`);
  writeFileSync(`${STORE}.control`, canary);
  // As hard to find as the secrets, and kept as what a page may keep.
  const kept = (form: string) => `${form} ${PASSPHRASE}`;
  await page.evaluate(
    async ([canary, json, bytes, key, value, blob]) => {
      localStorage.setItem('control', canary);
      localStorage.setItem('in JSON', JSON.stringify({ json }));
      sessionStorage.setItem('control', canary);
      document.cookie = `control=${canary}`;
      const opening = indexedDB.open('control');
      opening.onupgradeneeded = () =>
        opening.result.createObjectStore('control');
      await new Promise(resolve => (opening.onsuccess = resolve));
      const database = opening.result;
      const writing = database.transaction('control', 'readwrite');
      const table = writing.objectStore('control');
      table.put(canary, 'control');
      // A part of what it is a view of.
      const whole = new TextEncoder().encode(`before ${bytes}`);
      table.put(whole.subarray('before '.length), 'bytes');
      table.put(new Map([[key, new Set([value])]]), 'map');
      table.put(new Blob([blob]), 'blob');
      await new Promise(resolve => (writing.oncomplete = resolve));
      database.close();
    },
    [canary, ...['JSON', 'bytes', 'key', 'value', 'blob'].map(kept)]
  );
  try {
    await expect(async () => {
      const found = await places(lab);
      const silent = [...found]
        .filter(([, bytes]) => !holds(bytes, canary))
        .map(([place]) => place);
      expect(silent).toEqual([]);
      const missed = Object.entries({
        localStorage: ['JSON'],
        IndexedDB: ['bytes', 'key', 'value', 'blob']
      }).flatMap(([place, forms]) =>
        forms.filter(form => !holds(found.get(place)!, kept(form)))
      );
      expect(missed).toEqual([]);
      // A request that went well is logged at DEBUG only.
      expect(found.get('the server’s log, at level DEBUG')!.toString()).toMatch(
        new RegExp(`200 PUT /api/contents/.*${canary}`)
      );
    }).toPass({ timeout: 30_000 });
  } finally {
    rmSync(join(HOME, 'careless.txt'));
    rmSync(`${STORE}.control`);
  }
});

test('the recorders know a secret in any of its disguises', async ({
  lab,
  tmpPath
}) => {
  await lab.newNotebook(`${tmpPath}/a.ipynb`);
  // Made by another language, and in each of the places that base64 tells apart.
  await lab.runToEnd(`import base64, json, pathlib, urllib.parse
word = ${JSON.stringify(PASSPHRASE)}
def escaped(text, ascii): return json.dumps(text, ensure_ascii=ascii)[1:-1]
forms = [escaped(word, True), escaped(word, False)]
texts = [word, word[::-1], *forms, *(escaped(form, False) for form in forms)]
texts += [urllib.parse.quote(word, safe=""), urllib.parse.quote_plus(word)]
raw = [text.encode() for text in texts] + [word.encode("utf-16-le"), word.encode("utf-16-be")]
made = [*raw, *(one.hex().encode() for one in raw), *(one.hex().upper().encode() for one in raw)]
for code in (base64.b64encode, base64.urlsafe_b64encode):
    for one in raw:
        made += [code(b"#" * i + one + b"#" * j) for i in range(3) for j in range(3)]
pathlib.Path("made.json").write_text(json.dumps([one.decode("latin1") for one in made]))`);
  const made: string[] = JSON.parse(
    readFileSync(join(WORK, tmpPath, 'made.json'), 'utf8')
  );
  expect(made).toHaveLength(10 + 20 + 180);
  const missed = made.filter(
    text => !holds(Buffer.from(`<${text}>`, 'latin1'), PASSPHRASE)
  );
  expect(missed).toEqual([]);
  expect(holds(Buffer.from(made.join('')), KEPT.value)).toBe(false);
});
