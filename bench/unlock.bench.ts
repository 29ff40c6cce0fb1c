/** Unlocking: the key's derivation, and from the key to the list on screen. */
import { times, plainRows, report, SIZES } from './support/run';
import { PyNaCl } from './support/pynacl';
import { custodian, LINE, test, unlock } from './support/test';

interface IDerivation {
  posted: number;
  derived: number;
}

declare global {
  var derivations: IDerivation[];
  /** The derivation worker that was made last is ready. */
  var warm: Promise<void>;
}

/** Runs in the custodian: notes when it asks its own worker for a key, and when that comes. */
function watchDerivations(): void {
  const now = () => performance.timeOrigin + performance.now();
  globalThis.derivations = [];
  globalThis.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      globalThis.warm = new Promise(resolve =>
        this.addEventListener('message', ({ data }) => {
          if ('key' in data) {
            derivations.push({ posted: this._posted, derived: now() });
          } else {
            resolve();
          }
        })
      );
    }

    override postMessage(message: unknown): void {
      this._posted = now();
      super.postMessage(message);
    }

    private _posted = 0;
  };
}

/** The peer: the same rows, not encrypted, as many of them in the document as the panel has. */
async function plainList({
  json,
  line
}: {
  json: string;
  line: string;
}): Promise<number> {
  const visible = document.querySelectorAll(line).length;
  const start = bench.now();
  const rows: { name: string; user: string }[] = JSON.parse(json);
  const { compare } = new Intl.Collator(undefined, { numeric: true });
  rows.sort((a, b) => compare(a.name, b.name));
  const list = document.createElement('ul');
  list.style.cssText = 'position: absolute; z-index: 1000; background: white';
  for (const { name, user } of rows.slice(0, visible)) {
    const item = document.createElement('li');
    item.textContent = `${name} ${user}`;
    list.append(item);
  }
  document.body.append(list);
  const listed = bench.now();
  const { took } = await bench.frame();
  list.remove();
  return listed - start + took;
}

const TARGETS: Record<number, number> = { 100: 15, 10_000: 150 };

test('derivation and list', async ({ open }) => {
  const pynacl = new PyNaCl();
  const derivation = { ours: [] as number[], peer: [] as number[] };
  for (const size of SIZES) {
    const list = { ours: [] as number[], peer: [] as number[] };
    const lab = await open(size);
    await lab.openPanel();
    const worker = await custodian(lab);
    await worker.evaluate(watchDerivations);
    const json = plainRows(size);
    // What was prepared before it was watched.
    await unlock(lab);
    await worker.evaluate(() => derivations.splice(0));
    for (let i = 0; i < times(12); i++) {
      await lab.lock();
      // The panel has asked for a worker by then.
      await lab.page.waitForTimeout(300);
      await worker.evaluate(() => warm);
      const listed = await unlock(lab);
      const [{ posted, derived }] = await worker.evaluate(() =>
        derivations.splice(0)
      );
      derivation.ours.push(derived - posted);
      list.ours.push(listed.at - derived + listed.took);
      derivation.peer.push(await pynacl.derive());
      list.peer.push(await lab.page.evaluate(plainList, { json, line: LINE }));
    }
    const most = TARGETS[size];
    report({
      what: 'from the key to the list on screen',
      entries: size,
      unit: 'ms',
      ours: list.ours,
      peer: {
        name: 'the same rows as JSON: parsed, sorted, as many plain lines',
        values: list.peer
      },
      ...(most && { target: { of: 'median', most } })
    });
  }
  pynacl.stop();
  report({
    what: 'unlock: Argon2id, 64 MiB, t=3, p=1, warm',
    unit: 'ms',
    ours: derivation.ours,
    peer: { name: 'PyNaCl', values: derivation.peer },
    target: { of: 'ratio', most: 1.8 }
  });
});
