import { short } from './short';

it('leaves alone what is short enough', () => {
  expect(short('db')).toBe('db');
  expect(short('x'.repeat(48))).toBe('x'.repeat(48));
});

it('keeps the beginning and the end of a long name', () => {
  const name = `begin${'x'.repeat(110)}-end`;
  expect(short(name)).toMatch(/^beginx+…x+-end$/);
  expect(short(name)).toHaveLength(48);
});

it('takes no character apart', () => {
  const name = '🔑'.repeat(49);
  expect([...short(name)]).toHaveLength(48);
  expect(short(name)).toMatch(/^🔑+…🔑+$/u);
});
