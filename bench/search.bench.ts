/** Searching: from one key in the search box to what it finds on screen. */
import { join } from 'node:path';
import type { StringExt } from '../ui-tests/node_modules/@lumino/algorithm';
import { plainRows, report, SIZES, times } from './support/run';
import { LINE, test, unlock, type Page } from './support/test';

const LUMINO = join(
  __dirname,
  '../ui-tests/node_modules/@lumino/algorithm/dist/index.js'
);
const QUERY = 'database-oslo';
const PEER = '.bench-peer';

declare global {
  var lumino_algorithm: { StringExt: typeof StringExt };
}

/** The peer: as Lab's own searches do it, over the names alone, into plain lines. */
function addPeer({ json, line }: { json: string; line: string }): void {
  const visible = document.querySelectorAll(line).length;
  const names = (JSON.parse(json) as { name: string }[]).map(row => row.name);
  const box = document.createElement('div');
  box.className = 'bench-peer';
  box.style.cssText =
    'position: absolute; top: 0; right: 0; width: 300px; height: 800px; z-index: 1000; background: white';
  const input = document.createElement('input');
  const list = document.createElement('ul');
  box.append(input, list);
  input.addEventListener('input', () => {
    const query = input.value;
    const found = names
      .map(name => ({
        name,
        match: lumino_algorithm.StringExt.matchSumOfSquares(name, query)
      }))
      .filter(({ match }) => match)
      .sort((a, b) => a.match!.score - b.match!.score);
    list.replaceChildren(
      ...found.slice(0, visible).map(({ name }) => {
        const item = document.createElement('li');
        item.textContent = name;
        return item;
      })
    );
  });
  document.body.append(box);
}

/** Empty a search box, type into it, and give the time of each key. */
async function type(page: Page, box: string): Promise<number[]> {
  const values: number[] = [];
  await page.fill(box, '');
  await page.focus(box);
  for (const key of QUERY) {
    const measured = await page.evaluateHandle(() => ({
      value: bench.keystroke()
    }));
    await page.keyboard.press(key);
    values.push(await measured.evaluate(({ value }) => value));
  }
  return values;
}

test('one key in the search box', async ({ open }) => {
  for (const size of SIZES) {
    const lab = await open(size);
    await lab.openPanel();
    await unlock(lab);
    await lab.page.addScriptTag({ path: LUMINO });
    await lab.page.evaluate(addPeer, {
      json: plainRows(size),
      line: LINE
    });
    const ours: number[] = [];
    const peer: number[] = [];
    for (let i = 0; i < times(4); i++) {
      const box = '.jp-CredentialStore-shell input[type=search]';
      ours.push(...(await type(lab.page, box)));
      peer.push(...(await type(lab.page, `${PEER} input`)));
    }
    report({
      what: 'one key in the search box, to paint',
      entries: size,
      unit: 'ms',
      ours,
      peer: {
        name: 'StringExt.matchSumOfSquares and sort over the names, as many plain lines',
        values: peer
      },
      ...(size === 10_000 && { target: { of: 'median', most: 16 } })
    });
  }
});
