import { Signal } from '@lumino/signaling';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import { entry, FakeStore, request } from '../testing/store';
import type { GrantScope } from '../custodian/protocol';
import { KernelGrants } from './grants';
import { RequestQueue, type Decision, type IQuestion } from './request-queue';

const MINUTE = 60_000;

class FakeConnection {
  constructor(
    readonly clientId = 'page',
    readonly id = 'kernel',
    readonly path = 'a.ipynb'
  ) {}

  readonly statusChanged = new Signal<this, Kernel.Status>(this);
  readonly iopubMessage = new Signal<this, KernelMessage.IIOPubMessage>(this);
  readonly disposed = new Signal<this, void>(this);
  isDisposed = false;
  status: Kernel.Status = 'busy';
  readonly replies: string[] = [];
  readonly parents: unknown[] = [];

  sendInputReply(content: { value: string }, parent: unknown): void {
    if (this.status === 'dead') {
      throw new Error('Kernel is dead');
    }
    this.replies.push(content.value);
    this.parents.push(parent);
  }

  /** What a kernel tells of a cell, or of anything else it was sent. */
  tell(execution_state: string, msg_id: string): void {
    this.iopubMessage.emit({
      header: { msg_type: 'status' },
      parent_header: { msg_id },
      content: { execution_state }
    } as KernelMessage.IIOPubMessage);
  }

  become(status: Kernel.Status): void {
    this.status = status;
    this.statusChanged.emit(status);
  }
}

let store: FakeStore;
let grants: KernelGrants;
let queue: RequestQueue;
let kernel: FakeConnection;
let questions: (IQuestion & { decide(decision: Decision): void })[];
const noStore = jest.fn();

beforeEach(() => {
  jest.useFakeTimers();
  noStore.mockClear();
  store = new FakeStore('db', 'api');
  kernel = new FakeConnection();
  questions = [];
  grants = new KernelGrants();
  queue = new RequestQueue({
    grants,
    store,
    describe: connection => {
      const { path } = connection as unknown as FakeConnection;
      return {
        path,
        name: path,
        kind: 'notebook',
        kernelName: 'Python 3',
        show: () => undefined,
        isVisible: true
      };
    },
    ask: question =>
      new Promise(decide => {
        questions.push({ ...question, decide });
        question.over.addEventListener('abort', () =>
          decide(refusal('closed'))
        );
      }),
    noStore
  });
});

afterEach(() => jest.useRealTimers());

function refusal(
  status: 'denied' | 'locked' | 'not-found' | 'closed',
  block = false
): Decision {
  return { kind: 'refuse', status, block };
}

async function ask(
  prompt = request(['db']),
  connection = kernel,
  session = 'process'
): Promise<void> {
  void queue.handle(
    connection as unknown as Kernel.IKernelConnection,
    {
      header: { msg_id: prompt, session },
      parent_header: { msg_id: 'cell' },
      content: { prompt, password: true }
    } as KernelMessage.IInputRequestMsg
  );
  await rest();
}

/** Decide the question that is shown. */
async function decide(decision: Decision): Promise<void> {
  questions.at(-1)!.decide(decision);
  await rest();
}

const allow = (scope: GrantScope = 'once') => decide({ kind: 'allow', scope });
const deny = (block = false) => decide(refusal('denied', block));

/** Something happens while the custodian works, once. */
function meanwhile(op: 'receive' | 'review', event: () => void): void {
  const work = store.desk[op].getMockImplementation() as (a: any) => any;
  (store.desk[op] as jest.Mock).mockImplementationOnce(args => {
    event();
    return work(args);
  });
}

async function rest(): Promise<void> {
  await jest.advanceTimersByTimeAsync(0);
}

describe('a question', () => {
  it('is answered by what the person decides', async () => {
    await ask();
    expect(kernel.replies).toEqual([]);
    await allow();
    await ask();
    await deny();
    expect(kernel.replies).toEqual(['granted 0', 'denied 1']);
  });

  it('is answered as the reply to its own message', async () => {
    await ask();
    await allow();
    expect(kernel.parents).toMatchObject([{ msg_id: request(['db']) }]);
  });

  it('tells the custodian who asks, from the page’s own state', async () => {
    await ask();
    expect(store.desk.receive).toHaveBeenCalledWith({
      prompt: request(['db']),
      connection: 'page',
      path: 'a.ipynb',
      granted: []
    });
  });

  it('waits as long as the person needs', async () => {
    await ask();
    await jest.advanceTimersByTimeAsync(24 * 60 * MINUTE);
    expect(kernel.replies).toEqual([]);
    await allow();
    expect(kernel.replies).toEqual(['granted 0']);
  });

  it('is not put where the custodian answers by itself', async () => {
    await store.desk.allowAlways({ path: 'a.ipynb', entries: ['id-db'] });
    await ask();
    expect(questions).toHaveLength(0);
    expect(kernel.replies).toEqual(['granted 0']);
  });

  it('that nothing can be found for after all is refused, whatever was clicked', async () => {
    await ask();
    store.become({ entries: [] });
    await allow();
    expect(kernel.replies).toEqual(['not-found 0']);
    expect(store.desk.grant).not.toHaveBeenCalled();
  });
});

describe('several questions', () => {
  it('are put one at a time, in order', async () => {
    await ask(request(['db']));
    await ask(request(['api']));
    expect(questions).toHaveLength(1);
    await allow();
    expect(questions.map(({ request: { want } }) => want[0].name)).toEqual([
      'db',
      'api'
    ]);
    await allow();
    expect(kernel.replies).toEqual(['granted 0', 'granted 1']);
  });

  it('queue up to three, then the kernel is told to come back', async () => {
    for (let i = 0; i < 4; i++) {
      await ask();
    }
    expect(kernel.replies).toEqual([]);
    await ask();
    expect(kernel.replies).toEqual(['busy 4']);
    await deny();
    await ask();
    expect(kernel.replies).toEqual(['busy 4', 'denied 0']);
  });

  it('go on after one whose dialog fails', async () => {
    await ask();
    await ask();
    questions[0].decide(Promise.reject(new Error()) as unknown as Decision);
    await rest();
    await allow();
    expect(kernel.replies).toEqual(['denied 0', 'granted 1']);
  });

  it.each(['kernel', 'notebook'] as const)(
    'are spared what was granted while they waited: %s',
    async scope => {
      await ask();
      await ask();
      await allow(scope);
      expect(questions).toHaveLength(1);
      expect(kernel.replies).toEqual(['granted 0', 'granted 1']);
    }
  );
});

describe('“Allow once”', () => {
  it('is asked again', async () => {
    await ask();
    await allow('once');
    await ask();
    expect(questions).toHaveLength(2);
  });
});

describe('“Allow for this kernel”', () => {
  beforeEach(async () => {
    await ask();
    await allow('kernel');
  });

  it('is not asked again', async () => {
    await ask();
    expect(questions).toHaveLength(1);
    expect(kernel.replies).toEqual(['granted 0', 'granted 1']);
    expect(store.desk.allowAlways).not.toHaveBeenCalled();
    expect(store.desk.receive.mock.lastCall![0].granted).toEqual(['id-db']);
  });

  it('tells when it was used last', async () => {
    const { since } = grants.all[0];
    jest.setSystemTime(since + MINUTE);
    await ask();
    expect(grants.all[0]).toMatchObject({ since, used: since + MINUTE });
    // The custodian need not hear of it: a grant might be on its way there.
    store.desk.retain.mockClear();
    jest.advanceTimersByTime(MINUTE);
    expect(store.desk.retain).not.toHaveBeenCalled();
  });

  it('is used as well with another credential, which is allowed once', async () => {
    const { since } = grants.all[0];
    jest.setSystemTime(since + MINUTE);
    await ask(request(['db', 'api']));
    await allow('once');
    expect(grants.all).toMatchObject([{ used: since + MINUTE }]);
  });

  it('is used by a request that waited while it was given', async () => {
    const use = jest.spyOn(grants, 'use');
    await ask(request(['api']));
    await ask(request(['api']));
    await allow('kernel');
    const used = use.mock.calls.map(([, entries]) => entries);
    // The second time without a question.
    expect(used).toEqual([['id-api'], ['id-api']]);
    expect(questions).toHaveLength(2);
  });

  it('is forgotten by the custodian as well when it ends', async () => {
    const told = () => store.desk.retain.mock.lastCall![0].allowed;
    expect(told()).toEqual([['page', 'id-db']]);
    kernel.become('restarting');
    expect(told()).toEqual([]);
  });

  it('holds for that credential only', async () => {
    await ask(request(['db', 'api']));
    expect(questions).toHaveLength(2);
  });

  it('holds for that document only', async () => {
    await ask(request(['db']), new FakeConnection('page', 'kernel', 'b.ipynb'));
    expect(questions).toHaveLength(2);
  });

  it('holds for that kernel only', async () => {
    await ask(request(['db']), new FakeConnection('page', 'other'));
    expect(questions).toHaveLength(2);
  });

  it.each<Kernel.Status>([
    'restarting',
    'autorestarting',
    'starting',
    'terminating'
  ])('ends when the kernel is %s', async status => {
    expect(grants.all).toHaveLength(1);
    kernel.become(status);
    // The panel does not list it any more, either.
    expect(grants.all).toEqual([]);
    await ask();
    expect(questions).toHaveLength(2);
  });

  it('is listed with the notebook and the kernel, until it is revoked', async () => {
    const [grant] = grants.all;
    expect(grant).toMatchObject({
      path: 'a.ipynb',
      entry: 'id-db',
      kernel: 'Python 3'
    });
    grants.revoke(grant);
    await ask();
    expect(questions).toHaveLength(2);
  });

  it.each<Kernel.Status>(['idle', 'busy', 'unknown'])(
    'goes on while the kernel is %s',
    async status => {
      kernel.become(status);
      await ask();
      expect(questions).toHaveLength(1);
    }
  );

  it('ends with the process: the page may have been offline at a restart', async () => {
    await ask(request(['db']), kernel, 'the next process');
    expect(questions).toHaveLength(2);
  });

  it('ends with a lock, whoever unlocks later', async () => {
    await store.lock();
    await store.unlock({ passphrase: '' });
    await ask();
    expect(questions).toHaveLength(2);
  });
});

describe('“Always allow in this notebook”', () => {
  it('is kept for the path of the notebook', async () => {
    await ask(request(['db', 'api']));
    await allow('notebook');
    expect(store.desk.allowAlways).toHaveBeenCalledWith({
      path: 'a.ipynb',
      entries: ['id-db', 'id-api']
    });
    expect(kernel.replies).toEqual(['granted 0']);
  });

  it('outlives the kernel', async () => {
    await ask();
    await allow('notebook');
    kernel.become('restarting');
    await ask();
    expect(kernel.replies).toEqual(['granted 0', 'granted 1']);
  });
});

describe('a kernel that was denied', () => {
  it('twice within a minute may be blocked', async () => {
    for (const expected of [false, false, true]) {
      await ask();
      expect(questions.at(-1)!.offerBlock).toBe(expected);
      await deny();
    }
  });

  it.each(['locked', 'not-found'] as const)(
    'counts those denials that read “%s” to it',
    async status => {
      for (let i = 0; i < 2; i++) {
        await ask();
        await decide(refusal(status));
      }
      await ask();
      expect(questions.at(-1)!.offerBlock).toBe(true);
    }
  );

  it('twice in more than a minute is merely asked about again', async () => {
    await ask();
    await deny();
    await jest.advanceTimersByTimeAsync(MINUTE);
    await ask();
    await deny();
    await ask();
    expect(questions.at(-1)!.offerBlock).toBe(false);
  });

  it('does not bring another one near a block', async () => {
    for (let i = 0; i < 2; i++) {
      await ask();
      await deny();
    }
    await ask(request(['db']), new FakeConnection('page', 'other'));
    expect(questions.at(-1)!.offerBlock).toBe(false);
  });

  it('and blocked is not asked about, until it restarts', async () => {
    await ask();
    await deny(true);
    await ask();
    expect(kernel.replies).toEqual(['denied 0', 'blocked 1']);
    kernel.become('restarting');
    await ask();
    expect(questions).toHaveLength(2);
  });
});

describe('a kernel that asks more than can wait', () => {
  beforeEach(async () => {
    for (let i = 0; i < 5; i++) {
      await ask();
    }
    expect(kernel.replies).toEqual(['busy 4']);
  });

  it('can be stopped from its next question on, without a denial', async () => {
    expect(questions[0].offerBlock).toBe(false);
    await allow();
    expect(questions[1].offerBlock).toBe(true);
  });

  it('is merely asked about again a minute later', async () => {
    await jest.advanceTimersByTimeAsync(MINUTE);
    await allow();
    expect(questions[1].offerBlock).toBe(false);
  });

  it('does not bring another one near a block', async () => {
    await allow();
    await ask(request(['db']), new FakeConnection('page', 'other'));
    for (let i = 0; i < 3; i++) {
      await allow();
    }
    expect(questions).toHaveLength(5);
    expect(questions[4].offerBlock).toBe(false);
  });
});

describe('a kernel that is blocked', () => {
  beforeEach(async () => {
    await ask();
    await deny(true);
  });

  it.each<Kernel.Status[]>([['starting'], ['restarting', 'autorestarting']])(
    'stays so though it says that it is %s: it may be lying',
    async (...states) => {
      states.forEach(state => kernel.become(state));
      await ask();
      expect(questions).toHaveLength(1);
      expect(kernel.replies).toEqual(['denied 0', 'blocked 1']);
    }
  );

  it('is asked about once the person has restarted it, and stays so', async () => {
    kernel.become('restarting');
    kernel.become('starting');
    kernel.become('autorestarting');
    await ask();
    expect(questions).toHaveLength(2);
  });
});

describe('a kernel whose questions go by themselves', () => {
  const withdraw = async () => {
    await ask();
    kernel.become('starting');
    await rest();
  };

  it('is not asked about after five of them, for a minute', async () => {
    for (let i = 0; i < 5; i++) {
      await withdraw();
    }
    await ask();
    expect(questions).toHaveLength(5);
    expect(kernel.replies.at(-1)).toBe('busy 5');
    await ask(request(['db']), new FakeConnection('page', 'other'));
    expect(questions).toHaveLength(6);
    await deny();
    await jest.advanceTimersByTimeAsync(MINUTE);
    await ask();
    expect(questions).toHaveLength(7);
  });

  it('is asked about, as long as the person decides', async () => {
    for (let i = 0; i < 9; i++) {
      await ask();
      await deny();
    }
    expect(questions).toHaveLength(9);
  });
});

describe('a kernel that ends', () => {
  it.each<Kernel.Status>(['restarting', 'autorestarting', 'starting'])(
    'by %s takes its questions with it',
    async status => {
      await ask();
      await ask();
      kernel.become(status);
      await rest();
      expect(questions).toHaveLength(1);
      expect(questions[0].over.aborted).toBe(true);
      expect(kernel.replies).toEqual(['closed 0', 'closed 1']);
      // Nothing is left with the custodian.
      expect(store.desk.refuse.mock.calls).toEqual([
        [{ handle: 0, status: 'closed' }],
        [{ handle: 1, status: 'closed' }]
      ]);
    }
  );

  it('is not written to when it is dead', async () => {
    const failed = jest.spyOn(console, 'error').mockReturnValue();
    await ask();
    await ask();
    kernel.become('dead');
    await rest();
    expect(kernel.replies).toEqual([]);
    expect(failed).not.toHaveBeenCalled();
    failed.mockRestore();
    await ask(request(['db']), new FakeConnection('page', 'other'));
    expect(questions).toHaveLength(2);
  });

  it('is denied a click that comes too late', async () => {
    await ask();
    let click: (decision: Decision) => void;
    questions[0].decide(
      new Promise(resolve => (click = resolve)) as unknown as Decision
    );
    kernel.become('restarting');
    click!({ kind: 'allow', scope: 'notebook' });
    await rest();
    expect(kernel.replies).toEqual(['closed 0']);
    expect(store.desk.grant).not.toHaveBeenCalled();
    expect(store.desk.allowAlways).not.toHaveBeenCalled();
  });

  it.each(['kernel', 'notebook'] as const)(
    'while its request is read gains nothing: %s',
    async scope => {
      meanwhile('receive', () => kernel.become('restarting'));
      await ask();
      await allow(scope);
      expect(kernel.replies).toEqual(['closed 0']);
      expect(store.grants).toEqual([]);
    }
  );

  it('while its turn comes is asked nothing', async () => {
    meanwhile('review', () => kernel.become('restarting'));
    await ask();
    expect(questions).toHaveLength(0);
    expect(kernel.replies).toEqual(['closed 0']);
  });

  it('leaves the questions of others alone', async () => {
    const other = new FakeConnection('page', 'other');
    await ask();
    await ask(request(['api']), other);
    kernel.become('restarting');
    await rest();
    await allow();
    expect(other.replies).toEqual(['granted 1']);
  });

  it('closes for every connection to it', async () => {
    const twin = new FakeConnection('console', 'kernel', 'console');
    await ask();
    await ask(request(['db']), twin);
    kernel.become('restarting');
    await rest();
    expect(twin.replies).toEqual(['closed 1']);
  });
});

describe('a connection that is disposed', () => {
  const dispose = (connection: FakeConnection) => {
    connection.isDisposed = true;
    connection.disposed.emit();
  };

  it('takes its question with it, and is not written to', async () => {
    await ask();
    dispose(kernel);
    await rest();
    expect(questions[0].over.aborted).toBe(true);
    expect(kernel.replies).toEqual([]);
  });

  it('leaves those of another connection to the same kernel', async () => {
    const twin = new FakeConnection('console', 'kernel', 'console');
    await ask(request(['db']), twin);
    await ask();
    await deny();
    await ask(request(['db']), twin);
    dispose(kernel);
    await rest();
    await allow();
    expect(twin.replies).toEqual(['denied 0', 'granted 2']);
  });
});

describe('a time-out', () => {
  it('refuses the request when the kernel stops waiting', async () => {
    await ask(request(['db'], { timeoutMs: 5000 }));
    await jest.advanceTimersByTimeAsync(4999);
    expect(kernel.replies).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(kernel.replies).toEqual(['timeout 0']);
    expect(questions[0].over.aborted).toBe(true);
  });

  it('goes by the clock on the wall: a laptop may have slept', async () => {
    await ask(request(['db'], { timeoutMs: 10 * MINUTE }));
    jest.setSystemTime(Date.now() + 11 * MINUTE);
    await jest.advanceTimersByTimeAsync(1000);
    expect(kernel.replies).toEqual(['timeout 0']);
  });

  it('strikes questions that are not shown yet', async () => {
    await ask();
    await ask(request(['api'], { timeoutMs: 5000 }));
    await jest.advanceTimersByTimeAsync(5000);
    expect(kernel.replies).toEqual(['timeout 1']);
    await allow();
    expect(questions).toHaveLength(1);
    expect(kernel.replies).toEqual(['timeout 1', 'granted 0']);
  });

  it('leaves nothing to a click that comes too late', async () => {
    let click: (decision: Decision) => void;
    await ask(request(['db'], { timeoutMs: 5000 }));
    questions[0].decide(
      new Promise(resolve => (click = resolve)) as unknown as Decision
    );
    await jest.advanceTimersByTimeAsync(5000);
    click!({ kind: 'allow', scope: 'kernel' });
    await rest();
    expect(kernel.replies).toEqual(['timeout 0']);
    await ask();
    expect(questions).toHaveLength(2);
  });

  it('does not strike what was answered', async () => {
    await ask(request(['db'], { timeoutMs: 5000 }));
    await allow();
    expect(jest.getTimerCount()).toBe(0);
    await jest.advanceTimersByTimeAsync(5000);
    expect(kernel.replies).toEqual(['granted 0']);
  });

  it('is answered even by a custodian that fails', async () => {
    await ask(request(['db'], { timeoutMs: 5000 }));
    store.desk.refuse.mockRejectedValueOnce(new Error());
    await jest.advanceTimersByTimeAsync(5000);
    expect(kernel.replies).toEqual(['closed 0']);
  });
});

describe('a page that closes', () => {
  it('tells every kernel that waits, at once', async () => {
    await ask();
    await ask();
    queue.closeAll();
    expect(kernel.replies).toEqual(['closed 0', 'closed 1']);
  });

  it('leaves nothing to answer twice', async () => {
    await ask();
    queue.closeAll();
    await allow();
    expect(kernel.replies).toEqual(['closed 0']);
  });
});

describe('there is always a reply', () => {
  it('where no store can be asked, which the person is told', async () => {
    store.become({ state: { kind: 'absent' } });
    await ask();
    expect(kernel.replies).toEqual(['no-store 0']);
    expect(noStore).toHaveBeenCalledWith(
      expect.objectContaining({ path: 'a.ipynb' })
    );
  });

  it('where the custodian does not work: empty, “no store here”', async () => {
    store.desk.receive.mockRejectedValueOnce(new Error());
    await ask();
    expect(kernel.replies).toEqual(['']);
  });

  it('where it fails later on', async () => {
    await ask();
    store.desk.grant.mockRejectedValueOnce(new Error());
    await allow();
    expect(kernel.replies).toEqual(['denied 0']);
  });

  it('where it has failed for good', async () => {
    await ask();
    store.desk.grant.mockRejectedValueOnce(new Error());
    store.desk.refuse.mockRejectedValueOnce(new Error());
    await allow();
    expect(kernel.replies).toEqual(['closed 0']);
  });

  it('where it locks between the click and the answer', async () => {
    await ask();
    store.desk.grant.mockImplementationOnce(async () => {
      await store.lock();
      throw new Error();
    });
    await allow('kernel');
    expect(kernel.replies).toEqual(['denied 0']);
    await store.unlock({ passphrase: '' });
    await ask();
    expect(questions).toHaveLength(2);
  });

  it('and a locked store is asked about, too', async () => {
    await store.lock();
    await ask();
    expect(questions[0].request.locked).toBe(true);
  });
});

describe('code that is interrupted', () => {
  it('takes its question with it, and is not answered: nobody waits', async () => {
    await ask();
    kernel.tell('idle', 'cell');
    await rest();
    expect(questions[0].over.aborted).toBe(true);
    expect(kernel.replies).toEqual([]);
  });

  it('is not asked about if it ended while the custodian worked', async () => {
    meanwhile('receive', () => kernel.tell('idle', 'cell'));
    await ask();
    expect(questions).toEqual([]);
    expect(kernel.replies).toEqual([]);
  });

  it('is not what other messages of the kernel tell', async () => {
    await ask();
    kernel.tell('idle', 'a completion');
    kernel.tell('busy', 'cell');
    await rest();
    await allow();
    expect(kernel.replies).toEqual(['granted 0']);
  });
});

it('looks whether what is there was removed elsewhere, while the person reads', async () => {
  store.refresh.mockReturnValueOnce(new Promise(() => undefined));
  await ask();
  expect(store.refresh).toHaveBeenCalledTimes(1);
  expect(questions).toHaveLength(1);
});

it('looks again before it gives what was allowed', async () => {
  await ask();
  store.refresh.mockImplementationOnce(async () => {
    store.become({ entries: [] });
    return undefined;
  });
  await allow();
  expect(kernel.replies).toEqual(['not-found 0']);
});

it('gives what was allowed after half a second, where the server does not answer', async () => {
  await ask();
  store.refresh.mockReturnValueOnce(new Promise(() => undefined));
  await allow();
  expect(kernel.replies).toEqual([]);
  await jest.advanceTimersByTimeAsync(500);
  expect(kernel.replies).toEqual(['granted 0']);
});

it('does not look at the file of a locked store, which its unlock reads', async () => {
  store.become({ state: { kind: 'locked' } });
  await ask();
  expect(store.refresh).not.toHaveBeenCalled();
});

it('looks for what is missing in the stored file before it asks', async () => {
  store.refresh.mockImplementationOnce(async () => {
    // The command has added it.
    store.become({ entries: [entry('new')] });
    return undefined;
  });
  await ask(request(['new']));
  expect(store.refresh).toHaveBeenCalledTimes(1);
  expect(questions[0].request.want[0].found).toBe('ok');
});
