/** What an attacker does to a file: to a member of its JSON, or to any of its bytes. */
import fc from 'fast-check';

export interface IFault {
  readonly what: string;
  readonly text: string;
}

const TYPES: readonly unknown[] = [null, true, 7, 'text', ['text'], {}];

function typeOf(value: unknown): string {
  return Array.isArray(value)
    ? 'array'
    : value === null
      ? 'null'
      : typeof value;
}

/**
 * The text of a JSON value with one fault: a member removed, there twice, or of another type; or
 * an element of an array of another type.
 */
export function* faultsOf(value: unknown): Generator<IFault> {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  const isArray = Array.isArray(value);
  const parts = Object.entries(value).map(([name, part]) => ({
    name,
    part: part as unknown,
    before: isArray ? '' : `${JSON.stringify(name)}:`
  }));
  const written = (other: number, text: (own: string) => string[]) => {
    const texts = parts.flatMap(({ part, before }, i) => {
      const own = before + JSON.stringify(part);
      return i === other ? text(own) : [own];
    });
    return isArray ? `[${texts.join()}]` : `{${texts.join()}}`;
  };
  for (const [i, { name, part, before }] of parts.entries()) {
    if (!isArray) {
      yield { what: `no ${name}`, text: written(i, () => []) };
      yield { what: `${name} twice`, text: written(i, own => [own, own]) };
    }
    for (const other of TYPES) {
      if (typeOf(other) !== typeOf(part)) {
        const json = JSON.stringify(other);
        const text = written(i, () => [before + json]);
        yield { what: `${name} is ${json}`, text };
      }
    }
    for (const { what, text } of faultsOf(part)) {
      yield {
        what: `${name}: ${what}`,
        text: written(i, () => [before + text])
      };
    }
  }
}

/** One change of bytes, whatever they are. */
export type Edit = (bytes: Buffer) => Buffer;

const PIECES = [
  ...['"', '{', '}', '[', ']', ',', ':', '\\', '0', '1', '2', '-', '.', 'e9'],
  ...['null', 'true', '""', '{}', '\\u0000', '\\ud800', '\ufeff', ' ', '\n'],
  ...['9007199254740992', '4294967296', '"__proto__":1,', '"critical":["x"],']
];

/** @param others - Files from which a piece may be taken. */
export function edits(others: readonly Buffer[]): fc.Arbitrary<Edit[]> {
  const at = fc.double({ min: 0, max: 1, noNaN: true });
  const length = fc.oneof(fc.nat(4), fc.nat(60), fc.nat(4000));
  const place = (bytes: Buffer, where: number) =>
    Math.floor(where * bytes.length);
  const splice = (bytes: Buffer, start: number, drop: number, put: Buffer) =>
    Buffer.concat([
      bytes.subarray(0, start),
      put,
      bytes.subarray(start + drop)
    ]);

  const flip = fc
    .tuple(at, fc.integer({ min: 1, max: 255 }))
    .map(([where, mask]): Edit => bytes => {
      const copy = Buffer.from(bytes);
      copy[place(copy, where)] ^= mask;
      return copy;
    });
  const put = fc
    .tuple(
      at,
      fc.nat(5),
      fc.oneof(
        fc.constantFrom(...PIECES).map(piece => Buffer.from(piece)),
        fc.uint8Array({ maxLength: 8 }).map(bytes => Buffer.from(bytes))
      )
    )
    .map(
      ([where, drop, piece]): Edit =>
        bytes =>
          splice(bytes, place(bytes, where), drop, piece)
    );
  const cut = fc.tuple(at, length).map(
    ([where, drop]): Edit =>
      bytes =>
        splice(bytes, place(bytes, where), drop, Buffer.alloc(0))
  );
  const take = fc
    .tuple(at, at, length, length, fc.nat(others.length))
    .map(([where, from, size, drop, which]): Edit => {
      return bytes => {
        const source = others[which] ?? bytes;
        const start = place(source, from);
        const piece = source.subarray(start, start + size);
        return splice(bytes, place(bytes, where), drop, piece);
      };
    });
  return fc.array(fc.oneof(flip, put, cut, take), {
    minLength: 1,
    maxLength: 4
  });
}

export const edited = (bytes: Buffer, list: readonly Edit[]): Buffer =>
  list.reduce((before, edit) => edit(before), bytes);
