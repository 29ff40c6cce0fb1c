/** The banners that are up, one of each kind. */
import type { Notice } from './types';

export class NoticeBoard {
  get all(): readonly Notice[] {
    return this._all;
  }

  has(kind: Notice['kind']): boolean {
    return this._all.some(notice => notice.kind === kind);
  }

  /** Replaces one of the same kind. */
  add(notice: Notice): void {
    this._all = [
      ...this._all.filter(({ kind }) => kind !== notice.kind),
      notice
    ];
  }

  remove(...kinds: Notice['kind'][]): void {
    this._all = this._all.filter(({ kind }) => !kinds.includes(kind));
  }

  private _all: readonly Notice[] = [];
}
