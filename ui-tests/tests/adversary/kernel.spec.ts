/** A hostile kernel against the real page: whatever it sends, it gets nothing that was not granted. */
import { resolve } from 'node:path';
import { attack } from '../support/attack';
import { expect } from '../support/fixtures';
import { dialogs, grant, hear, heard, start, test } from '../support/hostile';

const VECTORS = resolve(__dirname, '../../../spec/vectors/exchange.json');

test.describe.configure({ timeout: 240_000 });

test('requests that break a rule are refused, though the kernel may read', async ({
  hostile: lab,
  page
}) => {
  await grant(lab);
  await dialogs(page);

  const vectors: Record<string, [string, string]> = await hear(
    lab,
    `vectors(${JSON.stringify(VECTORS)})`
  );
  expect(Object.keys(vectors).length).toBeGreaterThan(70);
  for (const [name, [expected, found]] of Object.entries(vectors)) {
    await attack(`request: ${name}`, async () => expect(found).toBe(expected));
  }
  const keys: Record<string, [string, string]> = await hear(
    lab,
    `keys(${JSON.stringify(VECTORS)})`
  );
  const lowOrder = Object.keys(keys).filter(name => /^low order/.test(name));
  expect(lowOrder).toHaveLength(14);
  for (const [name, [expected, found]] of Object.entries(keys)) {
    await attack(`public key: ${name}`, async () =>
      expect(found).toBe(expected)
    );
  }
  const edits = `
def nested(text): return text[:-1] + ',"x":' + "[" * 1200 + "]" * 1200 + "}"
def endless(text): return text[:-1] + ',"timeout":1e400}'
def hidden(text): return text[:-1] + ',"x":[{"a":[{"b":1,"\\\\u0062":1}]}]}'
def proto(text): return text.replace('"want"', '"__proto__":{"want"') + "}"
def extra(text): return text[:-1] + ',"__proto__":{"want":[{"name":"x"}]}}'`;
  for (const [name, expression, expected] of [
    ['8 MB of it', 'ask(altered(x="x" * 2**23))', 'plain'],
    ['arrays, 1,200 deep', 'ask(Crafted(nested))', 'granted'],
    ['a time-out of 1e400', 'ask(Crafted(endless))', 'invalid'],
    ['a member repeated, deep down', 'ask(Crafted(hidden))', 'invalid'],
    ['__proto__ that brings members', 'ask(Crafted(proto))', 'invalid'],
    ['__proto__ as a member', 'ask(Crafted(extra))', 'granted']
  ]) {
    await attack(`request: ${name}`, async () =>
      expect(await hear(lab, expression, edits)).toBe(expected)
    );
  }
  for (const prompt of [
    '[Crafted().prompt]',
    '{"toString": Crafted().prompt}',
    '{"toString": None, "marker": Crafted().prompt}'
  ]) {
    await attack(`prompt that is no text: ${prompt}`, async () => {
      expect(
        await hear(
          lab,
          '[status(Crafted(), text) for text in replies(1, 5)]',
          `send([${prompt}])`
        )
      ).toEqual(['plain']);
    });
  }
  expect(await hear(lab, 'ask(Crafted())')).toBe('granted');
  expect(await dialogs(page)).toEqual({ most: 0, all: 0 });
  expect(await lab.inputBoxes()).toEqual([]);
});

test('names that would deceive are shown as they are, and are no other’s', async ({
  hostile: lab
}) => {
  await grant(lab);
  for (const [name, shown] of [
    ['\\u202ebd', '“⟨U+202E⟩bd”'],
    ['d\\u200bb', '“d⟨U+200B⟩b”'],
    ['db\\u0000', '“db⟨U+0000⟩”'],
    ['\\ud834\\udd73db', '“⟨U+1D173⟩db”'],
    ['constructor', '“constructor”'],
    ['hasOwnProperty', '“hasOwnProperty”']
  ]) {
    await attack(`name: ${name}`, async () => {
      const cell = await start(
        lab,
        `ask(Crafted(str, json.loads('"${name.replaceAll('\\', '\\\\')}"')))`
      );
      await expect(
        lab.dialog.getByRole('heading', { name: `a.ipynb asks for ${shown}` })
      ).toBeVisible();
      await lab.answer('Deny');
      expect(await heard(lab, cell)).toBe('not-found');
    });
  }
  await attack('name: __proto__, kept and read', async () => {
    const cell = await start(lab, 'get_credential("__proto__") == "kept"');
    await lab.dialog.getByLabel('Value').fill('kept');
    await lab.answer('Save and allow once');
    expect(await heard(lab, cell)).toBe(true);
  });
  await attack(
    'a request so large that the buttons would be out of sight',
    async () => {
      const cell = await start(
        lab,
        'ask(Request([Want("W" * 80 + str(i)) for i in range(16)], "w\\n" * 200))'
      );
      for (const button of ['Deny', 'Save and allow once']) {
        await expect(
          lab.dialog.getByRole('button', { name: button })
        ).toBeInViewport({ ratio: 1 });
      }
      await lab.answer('Deny');
      expect(await heard(lab, cell)).toBe('not-found');
    }
  );
});

test('a request that is sent again is not a second one', async ({
  hostile: lab,
  page
}) => {
  await attack('the same bytes three times, for one “Allow once”', async () => {
    const cell = await start(
      lab,
      '[ask(r), len({getpass.getpass(r.prompt) for _ in range(2)})]',
      'r = Crafted()'
    );
    await lab.answer('Allow once');
    expect(await heard(lab, cell)).toEqual(['granted', 1]);
    expect(await dialogs(page)).toEqual({ most: 1, all: 1 });
  });
  await attack('the same bytes twice at once', async () => {
    const cell = await start(
      lab,
      '[status(r, text) for text in replies(send([r.prompt] * 2), 60)]',
      'r = Crafted()'
    );
    await lab.answer('Allow once');
    expect(await heard(lab, cell)).toEqual(['granted', 'granted']);
    expect(await dialogs(page)).toEqual({ most: 1, all: 1 });
  });
  await attack('other bytes under an id that was granted', async () => {
    expect(await hear(lab, 'ask(Crafted(request_id=r._id))')).toBe('invalid');
  });
  await attack('a request that bears the name of another page', async () => {
    const forged = `
parent = get_ipython().kernel.get_parent("shell")
forged = {**parent, "header": {**parent["header"], "session": "another"}}
send([Crafted().prompt], forged)`;
    expect(await hear(lab, 'replies(1, 2)', forged)).toEqual([]);
  });
  expect(await dialogs(page)).toEqual({ most: 0, all: 0 });
  await attack('the same bytes after a lock', async () => {
    await lab.lock();
    const cell = await start(lab, 'ask(r)');
    await lab.answer('Deny');
    expect(await heard(lab, cell)).toBe('locked');
  });
  expect(await lab.inputBoxes()).toEqual([]);
});
