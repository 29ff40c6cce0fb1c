import fc from 'fast-check';
import { b64u, AskingKernel, promptOf } from '../testing/asking-kernel';
import { isRequest, MARKER, PROMPT_LIMIT } from './marker';
import { parsePrompt } from './request';

const kernel = new AskingKernel([{ name: 'db', field: 'value' }], {
  reason: 'load',
  timeout: 1000
});

const kindOf = (members: object) =>
  parsePrompt(promptOf(JSON.stringify(members))).kind;
const valid = JSON.parse(kernel.json) as Record<string, unknown>;

/** Of a prompt that anybody may have written: one of three things, and never an error. */
function expectOutcome(prompt: string): void {
  const parsed = parsePrompt(prompt);
  expect(['request', 'invalid', 'unanswerable']).toContain(parsed.kind);
  if (parsed.kind === 'unanswerable') {
    return;
  }
  const recipient =
    parsed.kind === 'request' ? parsed.request : parsed.recipient;
  expect(recipient.idBytes).toHaveLength(16);
  expect(recipient.keyBytes).toHaveLength(32);
  expect(recipient.hash).toHaveLength(32);
  if (parsed.kind === 'request') {
    const { want } = parsed.request;
    expect(want.length).toBeGreaterThan(0);
    expect(want.length).toBeLessThanOrEqual(16);
  }
}

describe('no prompt makes the reader fail:', () => {
  const runs = { seed: 1, numRuns: 1000 };

  it('arbitrary text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), expectOutcome),
      runs
    );
  });

  it('arbitrary text in the marker', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string(),
        fc.string({ unit: 'binary' }),
        (before, within, after) =>
          expectOutcome(`${before}${MARKER}1 ${within}]${after}`)
      ),
      runs
    );
  });

  it('arbitrary bytes in the place of JSON', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes =>
        expectOutcome(`${MARKER}1 ${b64u(bytes)}]`)
      ),
      runs
    );
  });

  it('arbitrary JSON', () => {
    fc.assert(
      fc.property(fc.json(), json => expectOutcome(promptOf(json))),
      runs
    );
  });

  it('a request with one member of another kind', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(valid)),
        fc.jsonValue(),
        (member, value) =>
          expectOutcome(promptOf(JSON.stringify({ ...valid, [member]: value })))
      ),
      runs
    );
  });

  it('a request with characters altered, cut out or put in', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            at: fc.nat(kernel.prompt.length),
            cut: fc.nat(3),
            put: fc.string({ maxLength: 3 })
          }),
          { minLength: 1, maxLength: 4 }
        ),
        fc.boolean(),
        (changes, ofJson) => {
          let text = ofJson ? kernel.json : kernel.prompt;
          for (const { at, cut, put } of changes) {
            text = text.slice(0, at) + put + text.slice(at + cut);
          }
          expectOutcome(ofJson ? promptOf(text) : text);
        }
      ),
      runs
    );
  });

  it('a nest as deep as a prompt is long', () => {
    const depth = 1400;
    const nest = '['.repeat(depth) + ']'.repeat(depth);
    const json = `${kernel.json.slice(0, -1)},"more":${nest}}`;
    const prompt = promptOf(json);
    expect(prompt.length).toBeLessThanOrEqual(PROMPT_LIMIT);
    expect(parsePrompt(prompt).kind).toBe('request');
  });
});

it('reads what the kernel has written', () => {
  expect(parsePrompt(kernel.prompt)).toMatchObject({
    kind: 'request',
    request: {
      id: kernel.id,
      want: [{ name: 'db', field: 'value' }],
      reason: 'load',
      timeoutMs: 1000
    }
  });
});

it('reads a prompt of 4096 bytes, and none longer', () => {
  const filled = (length: number) => {
    const { prompt } = kernel;
    return 'x'.repeat(length - prompt.length) + prompt;
  };
  expect(parsePrompt(filled(PROMPT_LIMIT)).kind).toBe('request');
  expect(parsePrompt(filled(PROMPT_LIMIT + 1)).kind).toBe('unanswerable');
});

it('what is no text has no answer', () => {
  const { prompt } = kernel;
  for (const one of [[prompt], { toString: prompt }, { length: 5 }, null]) {
    expect(parsePrompt(one)).toEqual({ kind: 'unanswerable' });
  }
});

it('knows a marker of any version, and answers none but its own', () => {
  const other = kernel.prompt.replace('request/1 ', 'request/2 ');
  expect(isRequest(other)).toBe(true);
  expect(parsePrompt(other).kind).toBe('unanswerable');
  expect(isRequest('Password: ')).toBe(false);
});

it.each([')', '}', 'A', ''])('ends with a bracket, not with %j', end => {
  const other = kernel.prompt.replace(/]$/, end);
  expect(isRequest(other)).toBe(true);
  expect(parsePrompt(other).kind).toBe('unanswerable');
});

describe('a member that is not there, or twice,', () => {
  it.each(['id', 'key'])('leaves nobody to answer: %s', member => {
    const { [member]: _, ...rest } = valid;
    expect(kindOf(rest)).toBe('unanswerable');
  });

  it.each(['v', 'want'])('is answered as invalid: %s', member => {
    const { [member]: _, ...rest } = valid;
    expect(kindOf(rest)).toBe('invalid');
  });

  it.each(['reason', 'timeout'])('is not needed: %s', member => {
    const { [member]: _, ...rest } = valid;
    expect(kindOf(rest)).toBe('request');
  });

  it.each([
    ['in the request', '"v":1', '"v":1,"v":1'],
    ['in what is wanted', '"name":"db"', '"name":"db","name":"api"'],
    ['by another spelling', '"v":1', '"\\u0076":1,"v":1'],
    ['in what is not known', '"v":1', '"v":1,"x":[{"y":1,"y":2}]']
  ])('is invalid: twice %s', (_, from, to) => {
    expect(parsePrompt(promptOf(kernel.json.replace(from, to))).kind).toBe(
      'invalid'
    );
  });

  it('is no trouble if nobody knows it', () => {
    expect(kindOf({ ...valid, more: { a: ':', b: ['{"a":1,"a":2}'] } })).toBe(
      'request'
    );
  });
});

it('names are compared in NFC', () => {
  const parsed = parsePrompt(
    new AskingKernel([{ name: 'cafe\u0301', field: 'e\u0301' }]).prompt
  );
  expect(parsed).toMatchObject({
    request: { want: [{ name: 'café', field: 'é' }] }
  });
});

it.each([
  ['no name', [{}]],
  ['an empty name', [{ name: '' }]],
  ['a name of 257', [{ name: 'x'.repeat(257) }]],
  ['half a surrogate', [{ name: '\ud800' }]],
  ['an empty field', [{ name: 'x', field: '' }]],
  ['nothing', []],
  ['17', Array(17).fill({ name: 'x' })],
  ['no list', { name: 'x' }],
  ['a list in it', [[]]]
])('what is wanted is invalid: %s', (_, want) => {
  expect(kindOf({ ...valid, want })).toBe('invalid');
});

it.each([0, 1.5, -1, 86_400_001, '5', null])(
  'a time-out is invalid: %p',
  timeout => {
    expect(kindOf({ ...valid, timeout })).toBe('invalid');
  }
);

it.each([null, 5, 'x'.repeat(501), '\udc00'])(
  'a reason is invalid: %p',
  reason => {
    expect(kindOf({ ...valid, reason })).toBe('invalid');
  }
);
