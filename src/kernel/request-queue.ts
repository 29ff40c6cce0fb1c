/** Answers credential requests: by a grant, or by asking the person, one at a time. */
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type {
  GrantScope,
  IRequestView,
  Refusal,
  RequestOutcome
} from '../custodian/protocol';
import type { IStore } from '../store/types';
import type { IAsker, KernelGrants } from './grants';
import { KernelRuns, nameOf } from './kernel-runs';
import { Recent } from './recent';

/** Questions that may wait behind the one that is shown. */
const WAITING = 3;
/** Denials within a minute that offer to stop the questions. */
const DENIALS = 2;
/** Questions of a kernel that went before the person decided: more within a minute are not shown. */
const WITHDRAWN = 5;
/** What was allowed does not wait longer than this to hear what others have changed, in ms. */
const LOOK_MS = 500;

export type Decision =
  | { readonly kind: 'allow'; readonly scope: GrantScope }
  | {
      readonly kind: 'refuse';
      readonly status: Refusal;
      readonly block: boolean;
    };

/** What the dialog tells of who asks, from the page's own state. */
export interface IDocument {
  readonly path: string;
  readonly name: string;
  readonly kind: 'notebook' | 'console' | 'unknown';
  readonly kernelName: string;
  /** When this run of the kernel began; absent if the page has not seen it. */
  readonly kernelSince?: number;
  /** Bring it to the front. */
  show(): void;
  /** Now. */
  readonly isVisible: boolean;
}

export interface IQuestion {
  readonly document: IDocument;
  readonly request: IRequestView;
  /** Two denials in a minute, or more questions than may wait: offer to stop. */
  readonly offerBlock: boolean;
  /** Aborted when the answer came from elsewhere, or nobody waits: time-out, restart, interrupt. */
  readonly over: AbortSignal;
}

export interface IQueueOptions {
  readonly store: IStore;
  readonly grants: KernelGrants;
  describe(connection: Kernel.IKernelConnection): IDocument;
  /** Shows the dialog. Rejects or resolves; both are answered. */
  ask(question: IQuestion): Promise<Decision>;
  /** There is no store that could be asked. */
  noStore(document: IDocument): void;
}

/** Nothing is left to decide. */
type IReply = Extract<RequestOutcome, { kind: 'reply' }>;

interface IWaiting {
  readonly asker: IAsker;
  readonly document: IDocument;
  readonly request: IRequestView;
  readonly over: AbortController;
  readonly send: (reply: string) => void;
  timer?: ReturnType<typeof setTimeout>;
}

export class RequestQueue {
  constructor(private readonly _options: IQueueOptions) {
    const { store, grants } = _options;
    store.changed.connect(() => {
      if (store.state.kind !== 'unlocked') {
        grants.clear();
      }
    });
    // A script in the page could go on asking in the name of a run that has ended.
    grants.heldChanged.connect(
      () =>
        void store
          .exchange('retain', { allowed: grants.held })
          .catch(() => undefined)
    );
  }

  /** Reply to a request, now or when the person has decided. Never rejects. */
  async handle(
    connection: Kernel.IKernelConnection,
    message: KernelMessage.IInputRequestMsg
  ): Promise<void> {
    const over = new AbortController();
    const interrupted = new AbortController();
    const send = once((value: string) => {
      if (
        !connection.isDisposed &&
        connection.status !== 'dead' &&
        // Nobody waits any more: a reply would be left over for the next request.
        !interrupted.signal.aborted
      ) {
        connection.sendInputReply({ status: 'ok', value }, message.header);
      }
    });
    const follow = (_: unknown, iopub: KernelMessage.IIOPubMessage) => {
      if (isEnd(iopub, message)) {
        interrupted.abort();
        over.abort();
      }
    };
    connection.iopubMessage.connect(follow);
    try {
      await this._receive(connection, message, over, send);
    } catch {
      // Without a custodian there is no sealed reply: empty means "no store here".
      send('');
    } finally {
      connection.iopubMessage.disconnect(follow);
    }
  }

  /** The page closes: what waits is answered while there is still a socket. */
  closeAll(): void {
    for (const waiting of this._waiting) {
      waiting.send(waiting.request.closed);
    }
  }

  private async _receive(
    connection: Kernel.IKernelConnection,
    { content, header }: KernelMessage.IInputRequestMsg,
    over: AbortController,
    send: (reply: string) => void
  ): Promise<void> {
    const { store } = this._options;
    const document = this._options.describe(connection);
    const asker = this._asker(connection, document.path, header.session);
    const outcome = await store.exchange('receive', {
      prompt: content.prompt,
      connection: connection.clientId,
      path: document.path,
      granted: this._options.grants.of(asker)
    });
    if (outcome.kind === 'reply') {
      send(outcome.reply);
      return this._options.grants.use(asker, outcome.entries ?? []);
    }
    const { request } = outcome;
    const refuse = async (status: Refusal) =>
      send(await store.exchange('refuse', { handle: request.handle, status }));
    if (over.signal.aborted) {
      return refuse('closed');
    }
    if (store.state.kind !== 'locked' && store.state.kind !== 'unlocked') {
      this._options.noStore(document);
      return refuse('no-store');
    }
    if (this._runs.isBlocked(asker.kernel)) {
      return refuse('blocked');
    }
    if (
      this._waiting.size > WAITING ||
      this._withdrawn.count(asker.kernel) >= WITHDRAWN
    ) {
      this._turnedAway.add(asker.kernel);
      return refuse('busy');
    }
    const waiting: IWaiting = {
      asker,
      document,
      request,
      over,
      send
    };
    this._waiting.add(waiting);
    this._expire(waiting);
    const previous = this._turn;
    this._turn = this._takeTurn(previous, connection, waiting);
    await this._turn;
  }

  private async _takeTurn(
    previous: Promise<void>,
    connection: Kernel.IKernelConnection,
    waiting: IWaiting
  ): Promise<void> {
    const { request, over, send } = waiting;
    const { store } = this._options;
    await previous;
    try {
      const decision = await this._decide(waiting);
      // The click may come after a restart: what was shown is not what asks any more.
      const same =
        this._runs.generation(connection) === waiting.asker.generation;
      const alive = same && !over.signal.aborted && !connection.isDisposed;
      await this._answer(waiting, alive ? decision : CLOSED);
    } catch {
      send(
        await store
          .exchange('refuse', { handle: request.handle, status: 'denied' })
          .catch(() => request.closed)
      );
    } finally {
      clearTimeout(waiting.timer);
      this._waiting.delete(waiting);
    }
  }

  private async _decide(waiting: IWaiting): Promise<Decision | IReply> {
    const { asker, document, over } = waiting;
    const { store } = this._options;
    const { handle } = waiting.request;
    // While it waited, the store may have been unlocked, or a grant given.
    const request = await store.exchange('review', { handle });
    if (!request.locked) {
      // Another tab, or the command, may have added what is missing, or removed what is there.
      const looked = store.refresh();
      if (request.want.some(({ found }) => found === 'credential')) {
        await looked;
      }
    }
    if (over.signal.aborted) {
      return CLOSED;
    }
    const granted = this._options.grants.of(asker);
    const outcome = await store.exchange('resume', { handle, granted });
    if (outcome.kind === 'reply') {
      return outcome;
    }
    const decision = await this._options.ask({
      document,
      request: outcome.request,
      offerBlock:
        this._denials.count(asker.kernel) >= DENIALS ||
        this._turnedAway.count(asker.kernel) > 0,
      over: over.signal
    });
    if (over.signal.aborted) {
      this._withdrawn.add(asker.kernel);
    } else if (decision.kind === 'allow') {
      // Who comes back from another tab has heard nothing yet of what was done there.
      await within(LOOK_MS, store.refresh());
    }
    return decision;
  }

  private async _answer(
    waiting: IWaiting,
    decision: Decision | IReply
  ): Promise<void> {
    const { asker, document, over, send, request } = waiting;
    const { store } = this._options;
    const { handle } = request;
    const { grants } = this._options;
    if (decision.kind === 'reply') {
      send(decision.reply);
      return grants.use(asker, decision.entries ?? []);
    }
    if (decision.kind === 'refuse') {
      // "Deny" reads "locked" or "not found" to the kernel, where nothing could have been allowed.
      if (decision.status !== 'closed') {
        this._denials.add(asker.kernel);
      }
      if (decision.block) {
        this._runs.block(asker.kernel);
      }
      const { status } = decision;
      return send(await store.exchange('refuse', { handle, status }));
    }
    const { want } = await store.exchange('review', { handle });
    if (want.some(({ found }) => found !== 'ok')) {
      return send(
        await store.exchange('refuse', { handle, status: 'not-found' })
      );
    }
    const entries = want.map(({ entry }) => entry!);
    const { scope } = decision;
    send(await store.exchange('grant', { handle, scope }));
    grants.use(asker, entries);
    if (scope === 'kernel' && !over.signal.aborted) {
      grants.allow(asker, entries, document.kernelName);
    } else if (scope === 'notebook') {
      await store.exchange('allowAlways', { path: asker.path, entries });
    }
  }

  /** By the wall clock, from the request's arrival. */
  private _expire(waiting: IWaiting): void {
    const { timeoutMs, handle, closed } = waiting.request;
    if (timeoutMs === undefined) {
      return;
    }
    const deadline = Date.now() + timeoutMs;
    const check = () => {
      const left = deadline - Date.now();
      if (left > 0) {
        waiting.timer = setTimeout(check, Math.min(left, 1000));
        return;
      }
      waiting.over.abort();
      this._options.store
        .exchange('refuse', { handle, status: 'timeout' })
        .then(waiting.send, () => waiting.send(closed));
    };
    check();
  }

  private _asker(
    connection: Kernel.IKernelConnection,
    path: string,
    process: string
  ): IAsker {
    const generation = this._runs.generation(connection);
    return {
      connection: connection.clientId,
      kernel: nameOf(connection),
      generation,
      process,
      path
    };
  }

  /** The kernel that asked is gone: its questions go with it, and what it was allowed. */
  private _end(kernel: string): void {
    this._options.grants.end(kernel);
    for (const waiting of this._waiting) {
      if (waiting.asker.kernel.endsWith(kernel)) {
        waiting.over.abort();
        waiting.send(waiting.request.closed);
      }
    }
  }

  private readonly _waiting = new Set<IWaiting>();
  private readonly _denials = new Recent();
  private readonly _withdrawn = new Recent();
  /** Who was answered `busy`. */
  private readonly _turnedAway = new Recent();
  private readonly _runs = new KernelRuns(kernel => this._end(kernel));
  private _turn: Promise<void> = Promise.resolve();
}

/** Nobody waits any more. */
export const CLOSED: Decision = {
  kind: 'refuse',
  status: 'closed',
  block: false
};

/** Whether the code that asked has ended: it was interrupted, for it cannot end by itself. */
function isEnd(
  iopub: KernelMessage.IIOPubMessage,
  { parent_header: code }: KernelMessage.IInputRequestMsg
): boolean {
  return (
    iopub.header.msg_type === 'status' &&
    (iopub as KernelMessage.IStatusMsg).content.execution_state === 'idle' &&
    (iopub.parent_header as KernelMessage.IHeader).msg_id ===
      (code as KernelMessage.IHeader).msg_id
  );
}

/** Waits for the work, but not for ever. */
function within(ms: number, work: Promise<void>): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms);
    void work.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function once(send: (value: string) => void): (value: string) => void {
  let sent = false;
  return value => {
    if (!sent) {
      sent = true;
      send(value);
    }
  };
}
