import fc from 'fast-check';
import { EntryTexts } from './entry-texts';
import * as format from './format';

// As functions that a test can watch.
jest.mock('./format', () => ({
  __esModule: true,
  ...jest.requireActual('./format')
}));

const A = 'AAAAAAAAAAAAAAAAAAAAAA';
const AB = 'ABBBBBBBBBBBBBBBBBBBBA';
const B = 'BBBBBBBBBBBBBBBBBBBBBA';
const _ = '_AAAAAAAAAAAAAAAAAAAAA';

/** What has to come out, whatever was there before. */
function expected(sealed: Map<string, string>): string {
  return [...sealed.keys()]
    .sort()
    .map(id => `"${id}":${JSON.stringify(sealed.get(id))}`)
    .join();
}

it('writes entries by id, whatever their order', () => {
  const sealed = new Map([B, _, AB, A].map(id => [id, `of ${id}`]));
  expect(new EntryTexts().parts(sealed).join('')).toBe(expected(sealed));
});

it('writes nothing for none', () => {
  const texts = new EntryTexts();
  expect(texts.parts(new Map())).toEqual([]);
  texts.parts(new Map([[A, 'x']]));
  expect(texts.parts(new Map())).toEqual([]);
});

it('gives what has not changed as the string of before, and the rest anew', () => {
  const long = 'x'.repeat(20_000);
  const texts = new EntryTexts();
  const sealed = new Map([A, AB, B].map(id => [id, long]));
  const before = texts.parts(sealed);
  sealed.set(B, 'y');
  const after = texts.parts(sealed);
  expect(after[0]).toBe(before[0]);
  expect(after.at(-1)).toBe(`"${B}":"y"`);
});

it('writes anew only the entries whose ids begin as one that was changed or removed', () => {
  const texts = new EntryTexts();
  const sealed = new Map([A, AB, B, _].map(id => [id, 'x']));
  texts.parts(sealed);
  const write = jest.spyOn(format, 'entryText');
  const written = () => write.mock.calls.splice(0).map(([id]) => id);
  texts.parts(sealed);
  expect(written()).toEqual([]);
  sealed.set(B, 'y');
  texts.parts(sealed);
  expect(written()).toEqual([B]);
  sealed.delete(AB);
  texts.parts(sealed);
  expect(written()).toEqual([A]);
  write.mockRestore();
});

it('writes what is there after any changes', () => {
  const id = fc.constantFrom(A, AB, B, _);
  const change = fc.tuple(id, fc.option(fc.constantFrom('', 'x', '"', '\n')));
  fc.assert(
    fc.property(fc.array(fc.array(change)), rounds => {
      const texts = new EntryTexts();
      const sealed = new Map<string, string>();
      for (const changes of rounds) {
        for (const [key, text] of changes) {
          if (text === null) {
            sealed.delete(key);
          } else {
            sealed.set(key, text);
          }
        }
        expect(texts.parts(sealed).join('')).toBe(expected(sealed));
      }
    })
  );
});
