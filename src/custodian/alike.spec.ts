import { isAlike } from './alike';

it.each([
  ['db', 'dv'],
  ['db', 'dbb'],
  ['db', 'd'],
  ['db', 'bd'],
  ['openai', 'oepnai'],
  ['OpenAI', 'openai'],
  ['postgres', 'postgresql'],
  ['s3-archive', 's3_archiv'],
  ['🔑db', '🔒db']
])('%s may be meant by %s', (one, other) => {
  expect(isAlike(one, other)).toBe(true);
  expect(isAlike(other, one)).toBe(true);
});

it.each([
  ['db', 'openai'],
  ['db', 'api'],
  ['db', 'ad-b'],
  ['a', 'b'],
  ['a', ''],
  ['openai', 'opener'.repeat(3)],
  ['github', 'gitlab-2']
])('%s is not meant by %s', (one, other) => {
  expect(isAlike(one, other)).toBe(false);
  expect(isAlike(other, one)).toBe(false);
});
