import { VaultError } from '../vault';
import { CheapDerivation } from '../testing/custodian';
import { ExchangeError } from '../exchange';
import { Custodian } from './custodian';
import { host, packed } from './host';
import {
  CustodianError,
  type ICall,
  type Message,
  type OperationName
} from './protocol';

let sent: Message[];
let serve: (call: ICall) => Promise<void>;

beforeEach(() => {
  sent = [];
  serve = host(message => sent.push(message), new CheapDerivation());
});

/** What the page is told of a failure. */
async function failure(error: unknown): Promise<unknown> {
  const derivation = new CheapDerivation();
  derivation.warm.mockImplementation(() => {
    throw error;
  });
  serve = host(message => sent.push(message), derivation);
  await serve({ id: 1, op: 'warm', args: {} });
  return sent.at(-1);
}

it('says that it is there before it is asked anything', () => {
  expect(sent).toEqual([{ event: 'ready' }]);
});

it('answers each call under its number', async () => {
  await Promise.all([
    serve({ id: 7, op: 'warm', args: {} }),
    serve({ id: 8, op: 'touch', args: {} })
  ]);
  expect(sent.slice(1)).toEqual([
    { id: 7, ok: true, value: undefined },
    { id: 8, ok: true, value: undefined }
  ]);
});

it('passes on why an operation failed', async () => {
  await serve({ id: 1, op: 'list', args: {} });
  expect(sent.at(-1)).toEqual({
    id: 1,
    ok: false,
    failure: { code: 'locked' }
  });
  expect(
    await failure(new VaultError('invalid-draft', 'fields.2'))
  ).toMatchObject({ failure: { code: 'invalid-draft', detail: 'fields.2' } });
  expect(await failure(new CustodianError('stale'))).toMatchObject({
    failure: { code: 'stale' }
  });
  expect(await failure(new VaultError('foreign', 'text'))).toMatchObject({
    failure: { code: 'damaged' }
  });
  expect(await failure(new ExchangeError('too long'))).toEqual({
    id: 1,
    ok: false,
    failure: { code: 'too-large' }
  });
});

it('passes on nothing of an error that it does not know', async () => {
  expect(await failure(new TypeError('the value is "open sesame"'))).toEqual({
    id: 1,
    ok: false,
    failure: { code: 'internal', detail: 'warm' }
  });
  expect(await failure('open sesame')).toMatchObject({
    failure: { code: 'internal', detail: 'warm' }
  });
});

it('survives a call of no operation', async () => {
  await serve({ id: 1, op: 'steal' as OperationName, args: {} });
  expect(sent.at(-1)).toMatchObject({ ok: false });
  await serve({ id: 2, op: 'touch', args: {} });
  expect(sent.at(-1)).toMatchObject({ id: 2, ok: true });
});

it('says so when an answer cannot be sent', async () => {
  const answers: Message[] = [];
  const picky = host(message => {
    if ('ok' in message && message.ok) {
      throw new Error('DataCloneError');
    }
    answers.push(message);
  }, new CheapDerivation());
  await picky({ id: 1, op: 'touch', args: {} });
  expect(answers.at(-1)).toMatchObject({ id: 1, ok: false });
});

it('packs a list as JSON, in slices, and nothing else', async () => {
  await serve({
    id: 1,
    op: 'create',
    args: { passphrase: 'correct horse', suite: 'nacl' }
  });
  await serve({ id: 2, op: 'confirm', args: { etag: '"1"' } });
  const confirmed = sent.at(-1)!;
  await serve({ id: 3, op: 'grants', args: {} });
  await serve({ id: 4, op: 'lock', args: {} });
  for (const message of sent.filter(one => one !== confirmed)) {
    expect([...packed(message)]).toEqual([message]);
  }
  expect([...packed(confirmed)]).toEqual([
    { id: 2, ok: true, json: expect.any(String) }
  ]);

  const entries = Array.from({ length: 2001 }, (_, i) => ({ id: `${i}` }));
  const value = { entries, grants: [], suite: 'nacl' };
  const messages = [...packed({ id: 4, ok: true, value })] as any[];
  const slices = messages.slice(0, -1).map(({ id, rows }) => {
    expect(id).toBe(4);
    return JSON.parse(rows) as unknown[];
  });
  expect(slices.map(({ length }) => length)).toEqual([1000, 1000, 1]);
  expect(slices.flat()).toEqual(entries);
  expect(messages.at(-1)).toMatchObject({ id: 4, ok: true });
  expect(JSON.parse(messages.at(-1).json)).toEqual({ ...value, entries: [] });
});

it('tells when the auto-lock strikes, whatever goes wrong in it', async () => {
  jest.useFakeTimers({ now: 0 });
  const locked = jest.fn();
  const deadline = jest.fn();
  const custodian = new Custodian(new CheapDerivation(), { locked, deadline });
  const { operations } = custodian;
  await operations.create({ passphrase: 'correct horse', suite: 'nacl' });
  await operations.confirm({ etag: '"1"' });
  expect(deadline).toHaveBeenLastCalledWith(15 * 60_000);
  const vault = (custodian as any)._holder.vault;
  vault.serialise = () => {
    throw new Error();
  };
  await operations.put({
    draft: {
      name: 'db',
      user: '',
      url: '',
      notes: '',
      tags: [],
      fields: [{ name: 'value', type: 'hidden', value: 'x' }]
    }
  });
  expect(() => jest.advanceTimersByTime(16 * 60_000)).toThrow();
  expect(locked).toHaveBeenCalledTimes(1);
  expect(() => operations.list({})).toThrow('locked');
  expect([...vault.rows]).toEqual([]);
  jest.useRealTimers();
});
