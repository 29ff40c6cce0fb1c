import {
  codeOf,
  faultOf,
  forge,
  idOf,
  withMembers,
  type IPlan
} from '../testing/vault';
import { parseFile } from './format';
import { headerText } from './header';

const parse = (plan: IPlan) => parseFile(forge(plan));
const refusal = (plan: IPlan) => codeOf(() => parse(plan));
const withHeader = (members: object): IPlan => ({
  header: withMembers(members)
});
/** Members put into both slots. */
const withSlot = (members: object): IPlan => ({
  slots: slots => slots.map(slot => ({ ...slot, ...members }))
});
const withPassphraseSlot = (members: object): IPlan => ({
  slots: ([first, ...rest]) => [{ ...first, ...members }, ...rest]
});
const b64u = (bytes: number) => 'A'.repeat(Math.ceil((bytes * 4) / 3));

describe.each(['nacl', 'aes'] as const)('%s', suite => {
  it('gives the text back, byte for byte', () => {
    const { header, headerText: text } = parse({ suite });
    expect(headerText(header)).toBe(text);
    expect(header.suite).toBe(suite);
  });

  const right = suite === 'nacl' ? 72 : 60;
  it.each([0, right - 1, right + 1, 132 - right])(
    'refuses a wrap of %d bytes',
    length => {
      const plan = { suite, ...withSlot({ wrap: b64u(length) }) };
      expect(refusal(plan)).toBe('damaged');
    }
  );
});

it('keeps what it does not know, in the header and in slots', () => {
  const { header, headerText: text } = parse({
    slots: slots => [
      { type: 'passkey', later: [1], id: 5 },
      ...slots.map(slot => ({ ...slot, hint: { a: [1] } }))
    ],
    header: withMembers({ later: { b: 'c' }, ['__proto__']: { x: 1 } })
  });
  expect(headerText(header)).toBe(text);
  expect(text).toContain('__proto__');
});

it.each([
  ['no header object', { header: () => [1] }],
  ['a header that is no JSON', { headerText: () => '{' }],
  ['white space', { headerText: (text: string) => `${text} ` }],
  ['a line feed', { headerText: (text: string) => `${text}\n` }],
  ['version 0', withHeader({ version: 0 })],
  ['version 2', withHeader({ version: 2 })],
  ['no version', withHeader({ version: undefined })],
  ['a version of text', withHeader({ version: '1' })],
  ['no critical', withHeader({ critical: undefined })],
  ['critical of text', withHeader({ critical: 'later' })],
  ['critical of numbers', withHeader({ critical: ['later', 1] })],
  ['a vault id of 15 bytes', withHeader({ vault: b64u(15) })],
  [
    'a vault id that is not canonical',
    withHeader({ vault: 'A'.repeat(21) + 'B' })
  ],
  ['epoch 0', withHeader({ epoch: 0 })],
  ['an epoch of text', withHeader({ epoch: '5' })],
  ['generation 0', withHeader({ generation: 0 })],
  ['no generation', withHeader({ generation: undefined })],
  ['another suite', withHeader({ suite: 'rot13' })],
  ['a suite of another case', withHeader({ suite: 'NaCl' })],
  ['no count', withHeader({ count: undefined })],
  ['a count of text', withHeader({ count: '2' })],
  ['a digest of 31 bytes', withHeader({ digest: b64u(31) })],
  ['a digest of 33 bytes', withHeader({ digest: b64u(33) })],
  ['no digest', withHeader({ digest: undefined })],
  ['slots that are no array', { slots: () => ({}) }],
  ['no slots', { slots: () => [] }],
  ['17 slots', { slots: ([slot]: any[]) => Array(17).fill(slot) }],
  ['no passphrase slot', { slots: ([, slot]: any[]) => [slot] }],
  ['only slots of later types', { slots: () => [{ type: 'passkey' }] }],
  ['a slot of text', { slots: ([slot]: any[]) => [slot, 'x'] }],
  ['a slot without a type', { slots: ([slot]: any[]) => [slot, {}] }],
  ['a slot with a type of number', { slots: ([s]: any[]) => [s, { type: 1 }] }],
  ['a slot id of 17 bytes', withSlot({ id: b64u(17) })],
  ['a salt of 15 bytes', withSlot({ salt: b64u(15) })],
  ['a salt of 17 bytes', withSlot({ salt: b64u(17) })],
  ['a wrap of other characters', withSlot({ wrap: '+'.repeat(96) })],
  ['memory of text', withPassphraseSlot({ memory: '65536' })],
  ['no passes', withPassphraseSlot({ passes: undefined })],
  ['lanes of text', withPassphraseSlot({ lanes: '1' })],
  ['no kdf', withPassphraseSlot({ kdf: undefined })]
] as [string, IPlan][])('refuses %s as damaged', (_, plan) => {
  expect(refusal(plan)).toBe('damaged');
});

it('names what is damaged', () => {
  const members = [
    ...['version', 'vault', 'epoch', 'generation', 'suite', 'count'],
    ...['digest', 'critical']
  ];
  for (const name of members) {
    const plan = withHeader({ [name]: undefined });
    expect(faultOf(() => parse(plan))).toBe(`damaged: ${name}`);
  }
  for (const name of ['kdf', 'memory', 'passes', 'lanes', 'salt', 'wrap']) {
    const plan = withPassphraseSlot({ [name]: undefined });
    expect(faultOf(() => parse(plan))).toBe(`damaged: ${name}`);
  }
  expect(
    [
      { headerText: () => '{' },
      { header: () => [1] },
      { slots: () => ({}) },
      { slots: () => [] },
      { slots: () => ['x'] },
      { slots: () => [{ type: 1 }] },
      withSlot({ id: '' })
    ].map(plan => faultOf(() => parse(plan)))
  ).toEqual([
    'damaged: header, JSON',
    'damaged: header',
    'damaged: slots',
    'damaged: slots',
    'damaged: slot',
    'damaged: slot type',
    'damaged: slot id'
  ]);
});

it('checks the slot of a recovery code as well', () => {
  for (const name of ['id', 'salt', 'wrap']) {
    const slots: IPlan['slots'] = ([first, second]) => [
      first,
      { ...second, [name]: '' }
    ];
    expect(refusal({ slots })).toBe('damaged');
  }
});

it('takes 16 slots', () => {
  const { header } = parse({ slots: ([slot]) => Array(16).fill(slot) });
  expect(header.slots).toHaveLength(16);
});

describe('critical', () => {
  const ALL = [
    ...['version', 'vault', 'epoch', 'generation', 'suite', 'slots', 'count'],
    ...['digest', 'critical']
  ];

  it('makes a file newer by a name that is not in the table', () => {
    expect(refusal(withHeader({ critical: ['later'] }))).toBe('newer');
    expect(refusal(withHeader({ critical: ['vault', 'Epoch'] }))).toBe('newer');
  });

  it('lets names pass that are, and keeps them', () => {
    const { header, headerText: text } = parse(withHeader({ critical: ALL }));
    expect(headerText(header)).toBe(text);
  });

  it('is looked at behind version, before the other members', () => {
    const critical = ['later'];
    const broken = { critical, vault: 1, epoch: 0, suite: 'x', slots: [] };
    expect(refusal(withHeader(broken))).toBe('newer');
    expect(refusal(withHeader({ critical, version: 2 }))).toBe('damaged');
    expect(
      refusal({ ...withHeader({ critical }), ...withSlot({ memory: 1 }) })
    ).toBe('newer');
  });
});

describe('bounds', () => {
  it.each([
    { memory: 19_455 },
    { memory: 1_048_577 },
    { passes: 1 },
    { passes: 17 },
    { lanes: 0 },
    { lanes: 2 },
    { kdf: 'argon2i' },
    { kdf: 'scrypt' }
  ])('refuses %j', members => {
    expect(refusal(withPassphraseSlot(members))).toBe('bounds');
  });

  it.each([
    { memory: 19_456 },
    { memory: 1_048_576 },
    { passes: 2 },
    { passes: 16 }
  ])('takes %j', members => {
    expect(refusal(withPassphraseSlot(members))).toBeNull();
  });

  it('hold for every passphrase slot', () => {
    const plan: IPlan = {
      slots: ([first, second]) => [
        first,
        second,
        { ...first, id: idOf(3), memory: 1 }
      ]
    };
    expect(refusal(plan)).toBe('bounds');
  });

  it('come behind everything that makes a header damaged', () => {
    const slots: IPlan['slots'] = ([first, second]) => [
      { ...first, memory: 1 },
      second
    ];
    expect(refusal({ slots })).toBe('bounds');
    expect(refusal({ slots, ...withHeader({ digest: '' }) })).toBe('damaged');
    expect(
      refusal({ slots: list => [...(slots(list) as object[]), { type: 1 }] })
    ).toBe('damaged');
  });
});
