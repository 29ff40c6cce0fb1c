/** Where this run's server and fixtures are, and where its figures go. */
import { appendFileSync, copyFileSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const HOME = process.env.BENCH_HOME!;
const FIXTURES = join(HOME, 'fixtures');
/** Where the server looks for the store. */
export const STORE = join(HOME, '.credentialstore');

export const PYTHON = resolve(__dirname, '../../.venv/bin/python');
/** Empty where it could not be installed. */
export const KEEPASSXC = process.env.BENCH_KEEPASSXC!;

export const SIZES = [10, 100, 1_000, 10_000];
export const LARGEST = 10_000;
export const KEEPASS = join(FIXTURES, `${LARGEST}.kdbx`);

/** How often to measure; less to see whether a bench works at all. */
export function times(count: number): number {
  return process.env.BENCH_QUICK ? Math.ceil(count / 10) : count;
}

/** Put the store with so many entries where the server looks for it. */
export function place(size: number): void {
  for (const backup of ['.bak1', '.bak2', '.bak3']) {
    rmSync(STORE + backup, { force: true });
  }
  copyFileSync(join(FIXTURES, `${size}.credentialstore`), STORE);
}

/** The index of that store in the clear, as JSON. */
export function plainRows(size: number): string {
  return readFileSync(join(FIXTURES, `${size}.json`), 'utf8');
}

export interface IRow {
  /** What is measured. */
  readonly what: string;
  readonly entries?: number;
  readonly unit: 'ms' | 'kB' | 'long tasks' | 'hits';
  readonly ours: readonly number[];
  /** Without values: it could not be had here. */
  readonly peer: { readonly name: string; readonly values: readonly number[] };
  /** What may be `most`: the ratio of the medians, our median, or the largest of ours. */
  readonly target?: {
    readonly of: 'ratio' | 'median' | 'largest';
    readonly most: number;
  };
  readonly note?: string;
}

/** For run.py, which makes the table. */
export function report(row: IRow): void {
  appendFileSync(join(HOME, 'rows.jsonl'), `${JSON.stringify(row)}\n`);
}
