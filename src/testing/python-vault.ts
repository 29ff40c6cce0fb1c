/** The Python vault, in a process that answers as clients/python/tests/vault/peer.py says. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(__dirname, '../..');
const VENV = join(ROOT, '.venv/bin/python');

export class PythonVault {
  async ask<T>(question: object): Promise<T> {
    this._process.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this._answers.next();
    if (done) {
      throw new Error('the Python vault has ended');
    }
    return JSON.parse(value) as T;
  }

  close(): void {
    this._process.stdin.end();
  }

  private readonly _process = spawn(
    existsSync(VENV) ? VENV : 'python3',
    [join(ROOT, 'clients/python/tests/vault/peer.py')],
    {
      env: { ...process.env, PYTHONPATH: join(ROOT, 'clients/python') },
      stdio: ['pipe', 'pipe', 'inherit']
    }
  );
  private readonly _answers = createInterface({
    input: this._process.stdout
  })[Symbol.asyncIterator]();
}
