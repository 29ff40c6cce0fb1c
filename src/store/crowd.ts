/** What comes in crowds, such as uses of a grant, is told together. */

/** This long after the first, in ms. */
const CROWD_MS = 500;

export class Crowd {
  constructor(private readonly _tell: () => void) {}

  add(): void {
    this._timer ??= setTimeout(() => {
      this._timer = undefined;
      this._tell();
    }, CROWD_MS);
  }

  private _timer: ReturnType<typeof setTimeout> | undefined;
}
