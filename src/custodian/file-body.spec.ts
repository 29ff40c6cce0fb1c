import { FileBody } from './file-body';

const long = (letter: string) => letter.repeat(300_000);
const bytes = (text: string) => new TextEncoder().encode(text);

it('has the bytes of all parts, in their order, also where they come again', async () => {
  const body = new FileBody();
  for (const parts of [
    ['head', bytes('indéx'), long('a'), ',', long('ä'), '}'],
    ['head 2', bytes('i'), long('a'), ',', long('b'), ',', long('a'), '}'],
    ['head 3', bytes('ä'), 'ö', '}']
  ]) {
    const text = parts
      .map(part => (typeof part === 'string' ? part : Buffer.from(part)))
      .join('');
    expect(await new Blob([body.of(parts)]).text()).toBe(text);
  }
});

it('is a Blob for a large file only', () => {
  expect(new FileBody().of(['head', long('a')])).toBeInstanceOf(Blob);
  expect(new FileBody().of(['head', 'a'])).toBeInstanceOf(Uint8Array);
});

it('makes no Blob anew of what has not changed', () => {
  const made: unknown[] = [];
  const { Blob } = globalThis;
  globalThis.Blob = class extends Blob {
    constructor(parts: BlobPart[] = []) {
      super(parts);
      made.push(...parts);
    }
  };
  try {
    const body = new FileBody();
    body.of(['head', long('a'), ',', long('b')]);
    made.length = 0;
    body.of(['head', long('a'), ',', long('c')]);
  } finally {
    globalThis.Blob = Blob;
  }
  expect(made).not.toContain(long('a'));
  expect(made).toContain(long('c'));
});
