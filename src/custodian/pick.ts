/** Which value of an entry is meant by a field's name, or by none; spec/exchange.md §5.5. */
import type { IWant } from '../exchange';
import type { IRow } from '../vault';

/** Parts of an entry that can be asked for as if they were fields. */
const PARTS = ['user', 'url'] as const;

/** The index of the field that is meant, or the part; null: there is none. */
export function placeOf(
  row: IRow,
  want: IWant
): number | (typeof PARTS)[number] | null {
  if (want.field === undefined && row.fields.length === 1) {
    return 0;
  }
  const name = want.field ?? 'value';
  const index = row.fields.findIndex(field => field.name === name);
  return index >= 0
    ? index
    : (PARTS.find(part => part === name && row[part] !== '') ?? null);
}

/** What can be asked for. */
export function fieldNames(row: IRow): string[] {
  const names = row.fields.map(({ name }) => name);
  const parts = PARTS.filter(part => row[part] !== '');
  return [...new Set([...names, ...parts])];
}
