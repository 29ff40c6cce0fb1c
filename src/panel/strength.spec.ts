import { strength } from './strength';

it.each(['password', 'qwertyuiop', 'letmein1', 'aaaaaaaaaaaa', 'P@ssw0rd'])(
  'is nothing for what is guessed at once: %s',
  passphrase => {
    expect(strength(passphrase)).toBeLessThanOrEqual(1);
  }
);

it('is best for words that nobody has put together before', () => {
  expect(strength('marmot oboe lattice Thursday glue')).toBe(4);
});

it('rises with length', () => {
  expect(strength('kXq')).toBeLessThan(strength('kXq7vR2pLm9z'));
});

it('goes by the beginning of what is very long', () => {
  const tail = 'marmot oboe lattice Thursday glue';
  expect(strength('a'.repeat(100) + tail)).toBe(strength('a'.repeat(100)));
});
