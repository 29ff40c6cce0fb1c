import type { ICompletionContext } from '@jupyterlab/completer';
import { FakeStore } from '../testing/store';
import { NameCompletions, typed } from './completion-provider';

/** A context whose text has its cursor at `|`. */
function at(text: string): ICompletionContext {
  const offset = text.indexOf('|');
  return {
    editor: {
      model: { sharedModel: { getSource: () => text.replace('|', '') } },
      getCursorPosition: () => offset,
      getOffsetAt: (position: unknown) => position
    }
  } as any;
}

const store = new FakeStore('db', 'db-old', 'api', 'say "x"', "it's", 'a\\b');
const provider = new NameCompletions(() => store);

beforeEach(() => store.unlock({ passphrase: '' }));

async function labels(text: string): Promise<string[]> {
  const offset = text.indexOf('|');
  const { items } = await provider.fetch({
    text: text.replace('|', ''),
    offset
  });
  return items.map(({ label }) => label);
}

describe('names are completed', () => {
  it.each([
    ['get_credential("|', ''],
    ['await getCredential("d|', 'd'],
    ["get_credential('|", ''],
    ['x = kc.get_credential( "d|', 'd'],
    ['get_credential("d|b")', 'd'],
    ['get_credentials("a", \'b\', "c|', 'c'],
    ['get_credentials(\n  "a|', 'a'],
    ['get_credential("x")\nget_credential("y|', 'y']
  ])('within %s', async (text, start) => {
    expect(await provider.isApplicable(at(text))).toBe(true);
    expect(provider.shouldShowContinuousHint(false, null, at(text))).toBe(true);
    expect(typed(text.replace('|', ''), text.indexOf('|'))).toBe(start);
  });

  it.each([
    '|',
    '|get_credential("x")',
    'get_credential|("',
    'get_credential(|',
    'get_credential("x"|)',
    'get_credential("x", "|',
    'get_credential("x", reason="|',
    'get_credentials("a", reason="|',
    'forget_credential("|',
    'print("|',
    'get_credential("x\n|'
  ])('but not within %j', async text => {
    expect(await provider.isApplicable(at(text))).toBe(false);
    expect(provider.shouldShowContinuousHint(false, null, at(text))).toBe(
      false
    );
    expect(await labels(text)).toEqual([]);
  });

  it('only those that start as typed, and need no escape', async () => {
    expect(await labels('get_credential("|')).toEqual(['api', 'db', 'db-old']);
    expect(await labels('get_credential("db|')).toEqual(['db', 'db-old']);
    expect(await labels('get_credential("B|')).toEqual([]);
  });

  it('in place of what is typed', async () => {
    const text = 'get_credential("d';
    expect(
      await provider.fetch({ text, offset: text.length } as any)
    ).toMatchObject({ start: 16, end: 17 });
  });
});

it('nothing is completed while the store is locked', async () => {
  await store.lock();
  expect(await provider.isApplicable(at('get_credential("|'))).toBe(false);
  expect(await labels('get_credential("|')).toEqual([]);
});

it('nothing is completed before there is a store, or an editor', async () => {
  const early = new NameCompletions(() => null);
  expect(await early.isApplicable(at('get_credential("|'))).toBe(false);
  const request = { text: 'get_credential("', offset: 16 } as any;
  expect((await early.fetch(request)).items).toEqual([]);
  expect(await provider.isApplicable({} as any)).toBe(false);
  expect(provider.shouldShowContinuousHint(false, null)).toBe(false);
});
