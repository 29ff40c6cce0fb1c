/** A granted `get_credential` in a notebook. */
import { LARGEST, report, times } from './support/run';
import { ask, endKernel, grantedNotebook, PROMPT } from './support/asking';
import { test, unlock } from './support/test';

/** Both kinds in turn, in one cell. */
const CODE = `
ours, peer = [], []
def timed(into, call, argument):
    start = time.perf_counter()
    call(argument)
    into.append((time.perf_counter() - start) * 1000)
for _ in range(CALLS):
    timed(ours, get_credential, NAME)
    timed(peer, getpass.getpass, "${PROMPT}")
print(json.dumps([ours, peer]))
`;

test('a granted get_credential', async ({ open }) => {
  for (const size of [10, LARGEST]) {
    const lab = await open(size);
    await lab.openPanel();
    await unlock(lab);
    await grantedNotebook(lab);
    const code = CODE.replace('CALLS', String(times(300)));
    const [ours, peer] = JSON.parse(await ask(lab, code)) as number[][];
    await endKernel(lab);
    report({
      what: 'a granted get_credential in a notebook',
      entries: size,
      unit: 'ms',
      ours,
      peer: { name: 'getpass.getpass, answered by the page', values: peer },
      target: { of: 'ratio', most: 1.4 }
    });
  }
});
