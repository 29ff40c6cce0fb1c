/** Remembers requests and their replies, so that a repeated one gets the same reply. */

/** Answered requests remembered. */
const REMEMBERED = 64;

export class Memory {
  constructor(readonly prompt: string) {
    this.reply = new Promise((resolve, reject) => {
      this._resolve = resolve;
      this._reject = reject;
    });
    this.reply.catch(() => undefined);
  }

  /** Settled when the request is answered. */
  readonly reply: Promise<string>;
  isAnswered = false;
  /** Whether the reply carries values. */
  hasValues = false;

  answer(reply: string): string {
    this.isAnswered = true;
    this._resolve(reply);
    return reply;
  }

  fail(error: unknown): void {
    this._reject(error);
  }

  private _resolve!: (reply: string) => void;
  private _reject!: (error: unknown) => void;
}

export class ReplyMemory {
  get(key: string): Memory | undefined {
    return this._all.get(key);
  }

  add(key: string, prompt: string): Memory {
    const memory = new Memory(prompt);
    this._all.set(key, memory);
    let excess = this._all.size - REMEMBERED;
    for (const [oldest, { isAnswered }] of this._all) {
      if (excess <= 0) {
        break;
      }
      // One that waits for the person would be asked about a second time.
      if (isAnswered) {
        this._all.delete(oldest);
        excess--;
      }
    }
    return memory;
  }

  /** What could not be answered may be tried again. */
  remove(key: string): void {
    this._all.delete(key);
  }

  /** Replies that carry values are not kept over a lock; refusals stay refusals. */
  lock(): void {
    for (const [key, { hasValues }] of this._all) {
      if (hasValues) {
        this._all.delete(key);
      }
    }
  }

  private readonly _all = new Map<string, Memory>();
}
