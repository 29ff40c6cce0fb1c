/** Paths of documents whose folder, or that themselves, were renamed. */

/** @returns The path now; undefined if it has not moved. A folder's name is part of the paths in it. */
export function movedPath(
  path: string,
  from: string,
  to: string
): string | undefined {
  return `${path}/`.startsWith(`${from}/`)
    ? to + path.slice(from.length)
    : undefined;
}
