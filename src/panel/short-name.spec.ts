import { shortName } from './short-name';

it('leaves a name as it is that has room', () => {
  const name = 'n'.repeat(30);
  expect(shortName(name)).toBe(name);
});

it('keeps the start and the end of a longer one, where names differ', () => {
  const name = `warehouse-production-${'x'.repeat(80)}-read-only`;
  expect(shortName(name)).toBe('warehouse-producti…x-read-only');
});

it('cuts no character in half', () => {
  expect(shortName('🔑'.repeat(31))).toBe(
    `${'🔑'.repeat(18)}…${'🔑'.repeat(11)}`
  );
});
