/** The exchange's part of the custodian: requests that wait, and the replies sealed for them. */
import { generateKey, type IEphemeralKey } from '../crypto/box';
import {
  parsePrompt,
  sealReply,
  type IRecipient,
  type IRequest,
  type IWant,
  type ReplyBody
} from '../exchange';
import { PLAIN_ERROR } from '../exchange/marker';
import type { IRow, Vault } from '../vault';
import {
  CustodianError,
  type IRequestView,
  type IWanted,
  type Refusal,
  type RequestOutcome
} from './protocol';

/** Answered requests remembered, so that a repeated one gets the same reply. */
const REMEMBERED = 64;

interface IWaiting {
  readonly request: IRequest;
  readonly path: string;
  readonly closed: string;
  readonly memory: IMemory;
}

interface IMemory {
  readonly prompt: string;
  reply?: string;
}

export class RequestDesk {
  /** @param vault - The unlocked vault, or undefined. */
  constructor(private readonly _vault: () => Vault | undefined) {
    this._reserve = generateKey();
  }

  async receive(args: {
    prompt: string;
    connection: string;
    path: string;
    granted: string[];
  }): Promise<RequestOutcome> {
    const parsed = parsePrompt(args.prompt);
    if (parsed.kind === 'unanswerable') {
      return reply(PLAIN_ERROR);
    }
    if (parsed.kind === 'invalid') {
      return reply(await this._seal(parsed.recipient, { status: 'invalid' }));
    }
    const { request } = parsed;
    const memory = this._remember(
      `${args.connection}\n${request.id}`,
      args.prompt
    );
    if (memory.prompt !== args.prompt) {
      return reply(await this._seal(request, { status: 'invalid' }));
    }
    if (memory.reply !== undefined) {
      return reply(memory.reply);
    }
    const want = this._look(request, args.path);
    const granted = new Set(args.granted);
    const covered = want.every(
      ({ found, entry, always }) =>
        found === 'ok' && (always || granted.has(entry!))
    );
    if (covered) {
      memory.reply = await this._seal(
        request,
        this._values(request, args.path)
      );
      return { kind: 'reply', reply: memory.reply, granted: true };
    }
    const closed = await this._seal(request, { status: 'closed' });
    const handle = ++this._lastHandle;
    this._waiting.set(handle, { request, path: args.path, closed, memory });
    return { kind: 'ask', request: this.review(handle) };
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

  /** @throws CustodianError `locked`, `no-entry`, `no-handle` */
  async grant(handle: number): Promise<string> {
    const waiting = this._take(handle);
    const { request, path } = waiting;
    return this._answer(handle, waiting, this._values(request, path));
  }

  /** @throws CustodianError `no-handle` */
  async refuse(handle: number, status: Refusal): Promise<string> {
    const waiting = this._take(handle);
    return this._answer(handle, waiting, this._refusal(waiting, status));
  }

  /** Replies that carry values are not kept over a lock. */
  lock(): void {
    this._memory.clear();
  }

  private _refusal({ request, path }: IWaiting, status: Refusal): ReplyBody {
    if (status !== 'not-found') {
      return { status };
    }
    const want = this._look(request, path);
    const missing = want.flatMap(({ found }, i) => (found === 'ok' ? [] : [i]));
    const field = want.find(({ found }) => found === 'field');
    const credential = want.some(({ found }) => found === 'credential');
    const suggest = credential
      ? this._granted(path)
      : this._vault()
          ?.row(field?.entry ?? '')
          ?.fields.map(({ name }) => name);
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
    const grants = vault?.grants.filter(grant => grant.path === path) ?? [];
    return grants.flatMap(({ entry }) => vault?.row(entry)?.name ?? []);
  }

  private async _answer(
    handle: number,
    { request, memory }: IWaiting,
    body: ReplyBody
  ): Promise<string> {
    const sealed = await this._seal(request, body);
    memory.reply = sealed;
    this._waiting.delete(handle);
    return sealed;
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
        found: fieldIndex(row, want) < 0 ? 'field' : 'ok',
        always: vault.hasGrant(path, row.id)
      };
    });
  }

  private _values(request: IRequest, path: string): ReplyBody {
    const vault = this._vault();
    if (!vault) {
      throw new CustodianError('locked');
    }
    const now = Date.now();
    const values = request.want.map(want => {
      const row = vault.lookup(want.name);
      const field = row ? fieldIndex(row, want) : -1;
      if (!row || field < 0) {
        throw new CustodianError('no-entry');
      }
      vault.markUsed(path, row.id, now);
      return vault.read(row.id).fields[field].value;
    });
    return { status: 'granted', values };
  }

  /** A key pair is kept ready: making one is a third of the reply's time. */
  private async _seal(recipient: IRecipient, body: ReplyBody): Promise<string> {
    const key: Promise<IEphemeralKey> = this._reserve;
    this._reserve = generateKey();
    return sealReply(recipient, body, await key);
  }

  private _remember(key: string, prompt: string): IMemory {
    let memory = this._memory.get(key);
    if (!memory) {
      memory = { prompt };
      this._memory.set(key, memory);
      for (const oldest of this._memory.keys()) {
        if (this._memory.size <= REMEMBERED) {
          break;
        }
        this._memory.delete(oldest);
      }
    }
    return memory;
  }

  private _take(handle: number): IWaiting {
    const waiting = this._waiting.get(handle);
    if (!waiting) {
      throw new CustodianError('no-handle');
    }
    return waiting;
  }

  private readonly _waiting = new Map<number, IWaiting>();
  private readonly _memory = new Map<string, IMemory>();
  private _lastHandle = 0;
  private _reserve: Promise<IEphemeralKey>;
}

/** Without a name: the only field, or the one named `value`; spec/exchange.md §5.5. */
function fieldIndex(row: IRow, want: IWant): number {
  if (want.field === undefined && row.fields.length === 1) {
    return 0;
  }
  const name = want.field ?? 'value';
  return row.fields.findIndex(field => field.name === name);
}

function reply(text: string): RequestOutcome {
  return { kind: 'reply', reply: text, granted: false };
}
