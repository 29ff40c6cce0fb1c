/** Counts what happened within the last minute, by whom. */

const MINUTE = 60_000;
/** More than anybody asks for. */
const KEPT = 10;

export class Recent {
  add(who: string): void {
    const before = this._times.get(who) ?? [];
    this._times.set(who, [...before.slice(1 - KEPT), Date.now()]);
  }

  count(who: string): number {
    const since = Date.now() - MINUTE;
    return (this._times.get(who) ?? []).filter(at => at > since).length;
  }

  private readonly _times = new Map<string, number[]>();
}
