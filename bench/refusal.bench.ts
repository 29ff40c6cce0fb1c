/** Refusing: how long the custodian looks at a file of the largest size that breaks a rule. */
import { readFileSync, writeFileSync } from 'node:fs';
import { report, STORE, times } from './support/run';
import { custodian, test } from './support/test';

/** Bytes, as spec/vault.md §1 has it. */
const LIMIT = 16 * 1024 * 1024;

declare global {
  /** Milliseconds that each file took. */
  var looked: number[];
  /** The file that was looked at last. */
  var file: ArrayBuffer;
}

/** Runs in the custodian. */
function watchLoads(): void {
  const handle = self.onmessage!;
  globalThis.looked = [];
  self.onmessage = event => {
    const { op, args } = event.data;
    const start = performance.now();
    handle.call(self, event);
    if (op === 'load') {
      looked.push(performance.now() - start);
      globalThis.file = args.file;
    }
  };
}

/** The peer, in the same worker: the browser's own parser, which knows nothing of stores. */
function parsePlain(): number {
  const start = performance.now();
  try {
    JSON.parse(new TextDecoder().decode(file));
  } catch {
    // As it should.
  }
  return performance.now() - start;
}

/** A store of that size: the form of its entries is right, and that is all that can be seen yet. */
function large(store: string): string {
  const parts = [store.slice(0, store.lastIndexOf('}}'))];
  const sealed = 'A'.repeat(560);
  for (let size = parts[0].length, n = 0; size < LIMIT - 1000; n++) {
    const part = `,"${String(n).padStart(21, '_')}A":"${sealed}"`;
    parts.push(part);
    size += part.length;
  }
  return `${parts.join('')}}}\n`;
}

const FAULTS: Record<string, (whole: string) => string> = {
  'one that ends too early': whole => whole.slice(0, -9),
  'a quote in the last entry': whole =>
    `${whole.slice(0, -9)}"${whole.slice(-8)}`,
  'another cipher suite': whole => whole.replace('nacl', 'none')
};

test('a damaged file', async ({ open }) => {
  const lab = await open(10);
  const whole = large(readFileSync(STORE, 'utf8'));
  for (const [fault, damage] of Object.entries(FAULTS)) {
    writeFileSync(STORE, damage(whole));
    await lab.reload();
    await lab.openPanel();
    const worker = await custodian(lab);
    const again = lab.panel.getByRole('button', { name: 'Try again' });
    await again.waitFor();
    await worker.evaluate(watchLoads);
    const peer: number[] = [];
    for (let i = 0; i < times(10); i++) {
      await again.click();
      await worker.evaluate(async n => {
        while (looked.length < n) {
          await new Promise(resolve => setTimeout(resolve, 10));
        }
      }, i + 1);
      peer.push(await worker.evaluate(parsePlain));
    }
    report({
      what: `a damaged file of 16 MiB refused: ${fault}`,
      unit: 'ms',
      ours: await worker.evaluate(() => looked),
      peer: { name: 'JSON.parse of it', values: peer },
      target: { of: 'median', most: 50 }
    });
  }
});
