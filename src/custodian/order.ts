/** The order of a list, as people sort. The worker sorts; the page puts single entries in their place. */

const { compare } = new Intl.Collator(undefined, {
  numeric: true,
  sensitivity: 'base'
});

export function byName(a: { name: string }, b: { name: string }): number {
  return compare(a.name, b.name);
}
