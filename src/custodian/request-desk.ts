/** The exchange's part of the custodian: requests that wait, and the replies sealed for them. */
import { generateKey, type IEphemeralKey } from '../crypto/box';
import { FormatError } from '../crypto/errors';
import {
  ExchangeError,
  parsePrompt,
  sealReply,
  type IRecipient,
  type IRequest,
  type ReplyBody
} from '../exchange';
import { PLAIN_ERROR } from '../exchange/marker';
import { VaultError, type Vault } from '../vault';
import { isAlike } from './alike';
import {
  CustodianError,
  type Arguments,
  type GrantScope,
  type IRequestView,
  type IWanted,
  type Refusal,
  type RequestOutcome
} from './protocol';
import { movedPath } from './moved-path';
import { fieldNames, placeOf } from './pick';
import { ReplyMemory, type Memory } from './reply-memory';

/** In which the page passes a reply on: on the same core, perhaps. */
const PASSED_MS = 3;

interface IWaiting {
  readonly request: IRequest;
  readonly connection: string;
  readonly path: string;
  readonly closed: string;
  readonly memory: Memory;
}

interface IReceived {
  prompt: string;
  connection: string;
  path: string;
  granted: string[];
}

export class RequestDesk {
  /** @param _vault - The unlocked vault, or undefined. */
  constructor(private readonly _vault: () => Vault | undefined) {
    this._reserve = generateKey();
  }

  async receive(args: IReceived): Promise<RequestOutcome> {
    const { prompt, connection } = args;
    const parsed = parsePrompt(prompt);
    if (parsed.kind === 'unanswerable') {
      return reply(PLAIN_ERROR);
    }
    const recipient =
      parsed.kind === 'request' ? parsed.request : parsed.recipient;
    const key = `${connection}\n${recipient.id}`;
    const known = this._memory.get(key);
    if (known) {
      return reply(
        known.prompt === prompt
          ? await known.reply
          : await this._sealInvalid(recipient)
      );
    }
    const memory = this._memory.add(key, prompt);
    try {
      return parsed.kind === 'request'
        ? await this._first(parsed.request, args, memory)
        : reply(memory.answer(await this._sealInvalid(recipient)));
    } catch (error) {
      if (error instanceof FormatError) {
        // A key of low order: anybody could open what is sealed to it.
        return reply(memory.answer(PLAIN_ERROR));
      }
      this._memory.remove(key);
      memory.fail(error);
      throw error;
    }
  }

  /** @throws CustodianError `no-handle` */
  review(handle: number): IRequestView {
    const { request, path, closed } = this._take(handle);
    const { reason, timeoutMs } = request;
    return {
      handle,
      want: this._look(request, path),
      ...(reason !== undefined && { reason }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      locked: !this._vault(),
      closed
    };
  }

  /**
   * @throws CustodianError `locked`, `no-entry`, `no-handle`
   * @throws ExchangeError if the values are too long; the request still waits then.
   */
  async grant(handle: number, scope: GrantScope = 'once'): Promise<string> {
    const waiting = this._take(handle);
    const { request, connection, path } = waiting;
    const body = this._values(request, path);
    if (scope === 'kernel') {
      for (const { entry } of this._look(request, path)) {
        this.allow(connection, entry!);
      }
    }
    const sealed = await this._answer(handle, waiting, body);
    const given = [...(this._given.get(path) ?? []), ...this._entries(request)];
    this._given.set(path, new Set(given));
    return sealed;
  }

  /** What a kernel may read without a question, if the page does not forget it, until the lock. */
  allow(connection: string, entry: string): void {
    this._allowed.add(keyOf(connection, entry));
  }

  /**
   * Answer a request if what was allowed meanwhile covers it.
   *
   * @throws CustodianError `no-handle`
   */
  async resume(handle: number, granted: string[]): Promise<RequestOutcome> {
    const waiting = this._take(handle);
    if (!this._isCovered(waiting, granted)) {
      return { kind: 'ask', request: this.review(handle) };
    }
    const { request, path } = waiting;
    const body = this._values(request, path);
    const entries = this._entries(request);
    const sealed = await this._answer(handle, waiting, body);
    return { kind: 'reply', reply: sealed, granted: true, entries };
  }

  /** @throws CustodianError `no-handle` */
  async refuse(handle: number, status: Refusal): Promise<string> {
    const waiting = this._take(handle);
    return this._answer(handle, waiting, this._refusal(waiting, status));
  }

  /** The page has seen the rest end: it may forget, not add. */
  retain(allowed: Arguments<'retain'>['allowed']): void {
    const kept = new Set(allowed.map(pair => keyOf(...pair)));
    for (const key of this._allowed) {
      if (!kept.has(key)) {
        this._allowed.delete(key);
      }
    }
  }

  /** A document, or a folder, has another path now; what has the old one is another document. */
  movePath(from: string, to: string): void {
    for (const [path, entries] of [...this._given]) {
      const next = movedPath(path, from, to);
      if (next !== undefined) {
        this._given.delete(path);
        this._given.set(next, entries);
      }
    }
  }

  lock(): void {
    this._allowed.clear();
    this._given.clear();
    this._memory.lock();
  }

  private async _first(
    request: IRequest,
    { connection, path, granted }: IReceived,
    memory: Memory
  ): Promise<RequestOutcome> {
    if (this._isCovered({ request, connection, path }, granted)) {
      return this._answerCovered(request, path, memory);
    }
    const closed = await this._seal(request, { status: 'closed' });
    const handle = ++this._lastHandle;
    this._waiting.set(handle, { request, connection, path, closed, memory });
    return { kind: 'ask', request: this.review(handle) };
  }

  /** @param granted - What the page takes for allowed: it may only forget, not add. */
  private _isCovered(
    { request, connection, path }: Omit<IWaiting, 'closed' | 'memory'>,
    granted: string[]
  ): boolean {
    return this._look(request, path).every(
      ({ found, entry, always }) =>
        found === 'ok' &&
        (always ||
          (granted.includes(entry!) &&
            this._allowed.has(keyOf(connection, entry!))))
    );
  }

  private async _answerCovered(
    request: IRequest,
    path: string,
    memory: Memory
  ): Promise<RequestOutcome> {
    memory.hasValues = true;
    const entries = this._entries(request);
    let sealed: string;
    let granted = true;
    try {
      sealed = await this._seal(request, this._values(request, path));
    } catch (error) {
      // There is nobody to ask, and without a reply the kernel would say that there is no store.
      const tooLong = error instanceof ExchangeError;
      if (!tooLong && !(error instanceof VaultError)) {
        throw error;
      }
      granted = false;
      const status = tooLong ? 'denied' : 'no-store';
      sealed = await this._seal(request, { status });
    }
    return {
      kind: 'reply',
      reply: memory.answer(sealed),
      granted,
      ...(granted && { entries })
    };
  }

  private _refusal({ request, path }: IWaiting, status: Refusal): ReplyBody {
    if (status !== 'not-found') {
      return { status };
    }
    if (!this._vault()) {
      return { status: 'locked' };
    }
    const want = this._look(request, path);
    if (want.every(({ found }) => found === 'ok')) {
      // It has come meanwhile, and was not allowed.
      return { status: 'denied' };
    }
    const missing = want.flatMap(({ found }, i) => (found === 'ok' ? [] : [i]));
    const field = want.find(({ found }) => found === 'field');
    const credential = want.some(({ found }) => found === 'credential');
    const row = this._vault()?.row(field?.entry ?? '');
    const suggest = credential
      ? this._granted(path).filter(name =>
          want.some(w => w.found === 'credential' && isAlike(name, w.name))
        )
      : row && this._granted(path).includes(row.name)
        ? fieldNames(row)
        : undefined;
    return {
      status,
      missing,
      what: credential ? 'credential' : 'field',
      ...(suggest?.length && { suggest })
    };
  }

  /** Names that this notebook was granted before: only these may be suggested to it. */
  private _granted(path: string): string[] {
    const vault = this._vault();
    const entries = new Set(this._given.get(path));
    for (const grant of vault?.grants ?? []) {
      if (grant.path === path) {
        entries.add(grant.entry);
      }
    }
    return [...entries].flatMap(entry => vault?.row(entry)?.name ?? []);
  }

  /** At once not to be taken again: of two answers, only one may be sealed. */
  private async _answer(
    handle: number,
    waiting: IWaiting,
    body: ReplyBody
  ): Promise<string> {
    const { request, memory } = waiting;
    this._waiting.delete(handle);
    memory.hasValues = body.status === 'granted';
    try {
      return memory.answer(await this._seal(request, body));
    } catch (error) {
      this._waiting.set(handle, waiting);
      throw error;
    }
  }

  private _look(request: IRequest, path: string): IWanted[] {
    const vault = this._vault();
    return request.want.map(want => {
      if (!vault) {
        return { ...want, found: 'unknown', always: false };
      }
      const row = vault.lookup(want.name);
      if (!row) {
        return { ...want, found: 'credential', always: false };
      }
      return {
        ...want,
        entry: row.id,
        found: placeOf(row, want) === null ? 'field' : 'ok',
        always: vault.hasGrant(path, row.id)
      };
    });
  }

  private _entries({ want }: IRequest): string[] {
    return want.flatMap(({ name }) => this._vault()?.lookup(name)?.id ?? []);
  }

  private _values(request: IRequest, path: string): ReplyBody {
    const vault = this._vault();
    if (!vault) {
      throw new CustodianError('locked');
    }
    const now = Date.now();
    const values = request.want.map(want => {
      const row = vault.lookup(want.name);
      const place = row ? placeOf(row, want) : null;
      if (!row || place === null) {
        throw new CustodianError('no-entry');
      }
      vault.markUsed(path, row.id, now);
      const record = vault.read(row.id);
      return typeof place === 'number'
        ? record.fields[place].value
        : record[place];
    });
    return { status: 'granted', values };
  }

  /**
   * A key pair is kept ready: making one is a third of the reply's time. The next is made once the
   * page has passed the reply on.
   */
  private async _seal(recipient: IRecipient, body: ReplyBody): Promise<string> {
    const key = this._reserve ?? generateKey();
    this._reserve = undefined;
    try {
      return await sealReply(recipient, body, await key);
    } finally {
      setTimeout(() => (this._reserve ??= generateKey()), PASSED_MS);
    }
  }

  private async _sealInvalid(recipient: IRecipient): Promise<string> {
    try {
      return await this._seal(recipient, { status: 'invalid' });
    } catch {
      return PLAIN_ERROR;
    }
  }

  private _take(handle: number): IWaiting {
    const waiting = this._waiting.get(handle);
    if (!waiting) {
      throw new CustodianError('no-handle');
    }
    return waiting;
  }

  private readonly _waiting = new Map<number, IWaiting>();
  private readonly _memory = new ReplyMemory();
  /** What was allowed for a kernel. */
  private readonly _allowed = new Set<string>();
  /** Entries that a person has given to the notebook at a path, since the store was unlocked. */
  private readonly _given = new Map<string, ReadonlySet<string>>();
  /** Another worker's handles are not to come again: the page may have dialogs of theirs. */
  private _lastHandle = Date.now();
  private _reserve: Promise<IEphemeralKey> | undefined;
}

function keyOf(connection: string, entry: string): string {
  return JSON.stringify([connection, entry]);
}

function reply(text: string): RequestOutcome {
  return { kind: 'reply', reply: text, granted: false };
}
