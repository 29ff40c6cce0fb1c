import { VaultError } from './errors';

it('says what it is, its code, and the rule if there is one', () => {
  expect(String(new VaultError('stale'))).toBe('VaultError: stale');
  expect(String(new VaultError('damaged', 'mac'))).toBe(
    'VaultError: damaged: mac'
  );
});
