/** The peer that derives keys: PyNaCl, in a process that is there already. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PYTHON } from './run';

export class PyNaCl {
  /** @returns Milliseconds of one derivation, by Python's own clock. */
  async derive(): Promise<number> {
    this._process.stdin!.write('\n');
    const { value } = await this._lines.next();
    return Number(value);
  }

  stop(): void {
    this._process.stdin!.end();
  }

  private readonly _process: ChildProcess = spawn(
    PYTHON,
    [join(__dirname, 'argon2_peer.py')],
    { stdio: ['pipe', 'pipe', 'inherit'] }
  );
  private readonly _lines = createInterface({
    input: this._process.stdout!
  })[Symbol.asyncIterator]();
}
