/** Reads canonical JSON, spec/vault.md §1, front to back: megabytes are refused, or taken, in one pass. */
import { VaultError } from './errors';
import { isWellFormed } from './schema';

/** A string, from its first quote to its last. */
const STRING = /"(?:[^"\\]|\\.)*"/y;

export class Scanner {
  /** @throws VaultError `damaged`, if a control character stands in it: canonical JSON has it as an escape. */
  constructor(private readonly _text: string) {
    // eslint-disable-next-line no-control-regex
    if (/[\0-\x1f]/.test(_text)) {
      throw new VaultError('damaged', 'file, control character');
    }
    this._escape = this._next('\\');
  }

  get atEnd(): boolean {
    return this._at === this._text.length;
  }

  /** Whether this comes next: it is passed over. */
  skip(token: string): boolean {
    const found = this._text.startsWith(token, this._at);
    this._at += found ? token.length : 0;
    return found;
  }

  /** @throws VaultError `damaged`, if something else comes next. */
  expect(token: string, what: string): void {
    if (!this.skip(token)) {
      throw new VaultError('damaged', what);
    }
  }

  /**
   * What the string that comes next says.
   *
   * @throws VaultError `damaged`
   */
  string(what: string): string {
    const start = this._at;
    this.expect('"', what);
    if (this._escape < start) {
      this._escape = this._next('\\');
    }
    const end = this._next('"');
    if (end > this._escape) {
      return this._escaped(start, what);
    }
    if (end === Infinity) {
      throw new VaultError('damaged', what);
    }
    this._at = end + 1;
    return this._text.slice(start + 1, end);
  }

  private _escaped(start: number, what: string): string {
    STRING.lastIndex = start;
    const [literal] = STRING.exec(this._text) ?? [];
    let value: unknown;
    try {
      value = JSON.parse(literal!);
    } catch {
      // Below.
    }
    if (
      typeof value !== 'string' ||
      JSON.stringify(value) !== literal ||
      !isWellFormed(value)
    ) {
      throw new VaultError('damaged', `${what}, not canonical JSON`);
    }
    this._at = start + literal.length;
    return value;
  }

  private _next(character: string): number {
    const found = this._text.indexOf(character, this._at);
    return found < 0 ? Infinity : found;
  }

  private _at = 0;
  /** Where the next backslash is: most texts have none, and are not searched again. */
  private _escape: number;
}
