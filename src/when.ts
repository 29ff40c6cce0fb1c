/** When something was, in few words. */

/** The time if it was today, else the day. @param at - In ms since 1970. */
export function when(at: number): string {
  const date = new Date(at);
  return date.toDateString() === new Date().toDateString()
    ? date.toLocaleTimeString([], { timeStyle: 'short' })
    : date.toLocaleDateString([], { dateStyle: 'medium' });
}
