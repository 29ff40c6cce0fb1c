import { codeOf, createVault, draftOf, idOf, NOW } from '../testing/vault';
import { utf8Encode } from '../crypto/bytes';
import { FILE_LIMIT, parseFile } from './format';
import { emptyIndex, encodeIndex, type IRow } from './index-table';
import { hasRoom, type IOpened } from './opened';

const MIB = 1024 * 1024;

/** A vault of which only the sizes count: `mib` for each entry, and a part of it in the index. */
function sized(count: number, mib: number, indexed = 0): IOpened {
  const index = emptyIndex();
  const sealed = new Map<string, string>();
  for (let n = 1; n <= count; n++) {
    const url = 'x'.repeat(indexed * MIB);
    index.rows.set(idOf(n), { id: idOf(n), fields: [], url } as any as IRow);
    sealed.set(idOf(n), 'A'.repeat(mib * MIB));
  }
  return { index, sealed } as any as IOpened;
}

it('has room for more as long as the file can be read', () => {
  expect(hasRoom(sized(0, 0), idOf(99), MIB)).toBe(true);
  expect(hasRoom(sized(12, 1), idOf(99), MIB)).toBe(true);
  expect(hasRoom(sized(14, 1), idOf(99), MIB)).toBe(false);
  expect(hasRoom(sized(0, 0), idOf(99), FILE_LIMIT + 1)).toBe(false);
});

it('counts the index', () => {
  expect(hasRoom(sized(7, 1, 0.5), idOf(99), MIB)).toBe(true);
  expect(hasRoom(sized(7, 1, 1), idOf(99), MIB)).toBe(false);
});

it('counts to the byte what stands around each entry', () => {
  const vault = sized(10, 1);
  vault.index.unknown = { later: 'x'.repeat(1024) };
  const index = encodeIndex(vault.index, 0).length;
  expect(index).toBe(2048);
  const around = 10 * '"AAAAAAAAAAAAAAAAAAAAAA":"",'.length;
  const rest = 10 * MIB + around + Math.ceil((2048 * 4) / 3) + 2 * MIB;
  expect(hasRoom(vault, idOf(99), FILE_LIMIT - rest)).toBe(true);
  expect(hasRoom(vault, idOf(99), FILE_LIMIT - rest + 1)).toBe(false);
});

it('counts an entry that is replaced once', () => {
  expect(hasRoom(sized(7, 2), idOf(99), 2 * MIB)).toBe(false);
  expect(hasRoom(sized(6, 2), idOf(1), 2 * MIB + 1)).toBe(true);
});

it('always has room for what makes an entry smaller', () => {
  expect(hasRoom(sized(10, 2), idOf(1), 2 * MIB)).toBe(true);
  expect(hasRoom(sized(10, 2), idOf(1), 2 * MIB + 1)).toBe(false);
});

it('measures small vaults by their entries, whose index is never much larger', async () => {
  const vault = await createVault();
  for (let n = 0; n < 20; n++) {
    const tags = Array.from({ length: n }, (_, i) => `a tag ${i}`);
    const url = 'x'.repeat(n * 50);
    vault.put(draftOf(`entry ${n}`, '', { tags, url }), NOW);
    const bytes = utf8Encode(vault.serialise(NOW).parts.join(''));
    const { index, entries } = parseFile(bytes);
    const sum = [...entries.values()].reduce((all, e) => all + e.length, 0);
    expect(index.length).toBeLessThan(1.2 * sum + 2048);
  }
  expect(codeOf(() => vault.put(draftOf('more'), NOW))).toBeNull();
});

it('writes entries by id: in the file their order says neither which name comes first nor which is older', async () => {
  const vault = await createVault();
  const ids = Array.from(
    { length: 20 },
    (_, n) => vault.put(draftOf(`name ${n}`), NOW).id
  );
  const { parts } = vault.serialise(NOW);
  const { entries } = JSON.parse(parts.join('')) as { entries: object };
  expect(Object.keys(entries)).toEqual(ids.sort());
});
