import { nullTranslator } from '@jupyterlab/translation';
import { CustodianError, type FailureCode } from '../custodian/protocol';
import { StorageError, type StorageProblem } from '../store/types';
import { explain } from './context';

const trans = nullTranslator.load('jupyterlab_credential_store');

const OTHER = explain(new Error('boom'), trans);

it.each<FailureCode>([
  'wrong-secret',
  'mistyped-code',
  'passphrase-length',
  'altered',
  'name-taken',
  'stale',
  'too-large',
  'locked'
])('has words of its own for %s', code => {
  expect(explain(new CustodianError(code), trans)).not.toBe(OTHER);
});

it.each<StorageProblem>([
  'conflict',
  'disk-full',
  'forbidden',
  'logged-out',
  'unreachable',
  'too-large'
])('has words of its own for storage that is %s', problem => {
  expect(explain(new StorageError(problem, 0), trans)).not.toBe(OTHER);
});

it('repeats nothing of an error that it does not know', () => {
  expect(explain(new CustodianError('internal', 'hunter2'), trans)).toBe(OTHER);
  expect(OTHER).not.toContain('boom');
});
