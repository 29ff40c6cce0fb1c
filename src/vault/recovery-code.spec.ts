import fc from 'fast-check';
import { sha256 } from '../crypto/hash';
import { encodeBase32Crockford } from '../crypto/encoding';
import { codeOf } from '../testing/vault';
import { decodeRecoveryCode, encodeRecoveryCode } from './recovery-code';

const CODE = Uint8Array.from({ length: 16 }, (_, i) => i);
const SHOWN = encodeRecoveryCode(CODE);
const refusal = (text: string) => codeOf(() => decodeRecoveryCode(text));

it('is shown as eight groups of four', () => {
  expect(SHOWN).toBe('000G-40R4-0M30-E209-185G-R38E-1YZ4-BJS6');
});

it('gives any code back', () => {
  const code = fc.uint8Array({ minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(code, bytes => {
      const shown = encodeRecoveryCode(bytes);
      expect(shown).toMatch(
        /^([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$/
      );
      expect(decodeRecoveryCode(shown)).toEqual(bytes);
    })
  );
});

it.each([
  ['lower case', SHOWN.toLowerCase()],
  ['no groups', SHOWN.replaceAll('-', '')],
  ['spaces', ` ${SHOWN.replaceAll('-', ' ')} `],
  ['a line break and a tab', SHOWN.replace('-', '\r\n').replace('-', '\t')],
  ['no-break spaces', SHOWN.replaceAll('-', '\u00a0')],
  ['hyphens anywhere', `--${[...SHOWN].join('-')}-`],
  ['look-alikes', SHOWN.replaceAll('0', 'O').replaceAll('1', 'l')],
  ['more look-alikes', SHOWN.replaceAll('0', 'o').replaceAll('1', 'I')]
])('is read with %s', (_, text) => {
  expect(decodeRecoveryCode(text)).toEqual(CODE);
});

it.each([
  ['nothing', ''],
  ['a character less', SHOWN.slice(0, -1)],
  ['a character more', `${SHOWN}0`],
  ['a group more', `${SHOWN}-0000`],
  ['U, which no code has', SHOWN.replace('G', 'U')],
  ['another sign', SHOWN.replace('-', '_')],
  ['an em space', SHOWN.replace('-', '\u2003')],
  ['a form feed', SHOWN.replace('-', '\f')],
  ['a byte order mark', `\ufeff${SHOWN}`],
  ['a soft hyphen', SHOWN.replace('-', '\u00ad')],
  ['a dotless i for 1', SHOWN.replace('1', 'ı')],
  ['a full-width digit', SHOWN.replace('0', '０')],
  ['the 16 bytes without the check', encodeBase32Crockford(CODE.slice(0, 15))],
  [
    'five bytes of check',
    encodeBase32Crockford(
      Uint8Array.of(...CODE, ...sha256(CODE).slice(0, 4), 0, 0, 0, 0, 0)
    )
  ]
])('refuses %s', (_, text) => {
  expect(refusal(text)).toBe('mistyped-code');
});

it('notices every single character that is mistyped', () => {
  const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  for (let at = 0; at < SHOWN.length; at++) {
    for (const letter of SHOWN[at] === '-' ? '' : letters) {
      const text = SHOWN.slice(0, at) + letter + SHOWN.slice(at + 1);
      expect(refusal(text)).toBe(text === SHOWN ? null : 'mistyped-code');
    }
  }
});
