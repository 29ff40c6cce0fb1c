/** Text from a kernel as text: what would reorder or hide it is made visible. */

const INVISIBLE =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}]/gu;

export function visibleText(text: string): string {
  return text.replace(
    INVISIBLE,
    c => `⟨U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟩`
  );
}
