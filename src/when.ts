/** When something was, in few words. */

/** The time if it was today, else the day, in Lab's language. @param at - In ms since 1970. */
export function when(at: number): string {
  const date = new Date(at);
  const locale = localeOfLab();
  return date.toDateString() === new Date().toDateString()
    ? date.toLocaleTimeString(locale, { timeStyle: 'short' })
    : date.toLocaleDateString(locale, { dateStyle: 'medium' });
}

/**
 * As Lab's own dates; its translator writes it there. Where Lab is in plain English, as it is
 * unless told otherwise, the browser may know better which English.
 */
function localeOfLab(): string | undefined {
  const { lang } = document.documentElement;
  return lang && !navigator.language.startsWith(`${lang}-`) ? lang : undefined;
}
