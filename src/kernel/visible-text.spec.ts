import fc from 'fast-check';
import { visibleText } from './visible-text';

it.each([
  ['a new line', 'a\nb', 'a⟨U+000A⟩b'],
  ['a null character', '\0', '⟨U+0000⟩'],
  ['an escape sequence', '\u001b[2J', '⟨U+001B⟩[2J'],
  ['an override to the left', 'a\u202egnp.txt', 'a⟨U+202E⟩gnp.txt'],
  ['an isolate', '\u2067x\u2069', '⟨U+2067⟩x⟨U+2069⟩'],
  ['a mark of direction', '\u200f\u061c', '⟨U+200F⟩⟨U+061C⟩'],
  ['a space of no width', 'd\u200bb', 'd⟨U+200B⟩b'],
  ['a soft hyphen', 'd\u00adb', 'd⟨U+00AD⟩b'],
  ['a line separator', '\u2028\u2029', '⟨U+2028⟩⟨U+2029⟩'],
  ['a byte order mark', '\ufeffdb', '⟨U+FEFF⟩db'],
  ['a tag beyond the first plane', '\u{e0041}', '⟨U+E0041⟩'],
  ['a private character', '\ue000', '⟨U+E000⟩'],
  ['one that is not assigned', '\u0378', '⟨U+0378⟩'],
  ['half a character', 'a\ud800b', 'a⟨U+D800⟩b'],
  ['a letter that fills nothing', 'db\u3164', 'db⟨U+3164⟩'],
  ['a variation selector', 'db\ufe00', 'db⟨U+FE00⟩']
])('shows %s', (_, text, shown) => {
  expect(visibleText(text)).toBe(shown);
});

it.each(['db', 'Zürich – 5 € “x”', 'данные', 'データ', 'שלום', '🔑 ok', ''])(
  'leaves what is visible already: %s',
  text => {
    expect(visibleText(text)).toBe(text);
  }
);

it('leaves nothing that could hide or turn round, whatever comes', () => {
  const unit = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\u202a', '\u2066', '\u200d', '\u0007', '\u180e', '\u2800')
  );
  fc.assert(
    fc.property(fc.array(unit), parts => {
      const shown = visibleText(parts.join(''));
      expect(shown).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
      expect(visibleText(shown)).toBe(shown);
    })
  );
});
