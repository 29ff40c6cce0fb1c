/**
 * Locks after a time without use, by the wall clock: timers stop while a laptop sleeps.
 */

/** How often the clock is read, in ms. */
const CHECK_MS = 1000;
/** Until the page has said otherwise: a setting that gets lost must not mean "never". */
const DEFAULT_MS = 15 * 60_000;

export class AutoLock {
  /**
   * @param lock - Called once when the deadline has passed.
   * @param moved - Called with the new deadline (ms since 1970; null: never).
   */
  constructor(
    private readonly _lock: () => void,
    private readonly _moved: (deadline: number | null) => void
  ) {}

  /** @param idleMs - 0 means never. */
  setIdle(idleMs: number): void {
    this._idleMs = idleMs;
    this.touch();
  }

  start(): void {
    this._running = true;
    this._deadline = null;
    this.touch();
  }

  stop(): void {
    this._running = false;
    this._deadline = null;
    clearInterval(this._timer);
    this._timer = undefined;
  }

  /** The person is there. */
  touch(): void {
    if (!this._running || this.strike()) {
      return;
    }
    this._deadline = this._idleMs ? Date.now() + this._idleMs : null;
    this._timer ??= setInterval(() => this.strike(), CHECK_MS);
    this._moved(this._deadline);
  }

  /**
   * Lock if the time is over. Called before each use as well, for a woken machine runs other
   * things before its timers.
   *
   * @returns Whether it locked.
   */
  strike(): boolean {
    if (this._deadline === null) {
      return false;
    }
    // A clock that was set back does not lengthen the time.
    this._deadline = Math.min(this._deadline, Date.now() + this._idleMs);
    if (Date.now() < this._deadline) {
      return false;
    }
    this.stop();
    this._lock();
    return true;
  }

  private _idleMs = DEFAULT_MS;
  private _running = false;
  private _deadline: number | null = null;
  private _timer: ReturnType<typeof setInterval> | undefined;
}
