import { isRequest, MARKER, PLAIN_ERROR } from './marker';

it('has the words that spec/exchange.md fixes: kernels of other versions know no others', () => {
  expect(MARKER).toBe(' [credentialstore-request/');
  expect(PLAIN_ERROR).toBe('credentialstore-error/1');
});

it('tells a request by its marker, wherever that stands', () => {
  expect(isRequest('Type nothing. [credentialstore-request/1 e30]')).toBe(true);
  expect(isRequest('Password:')).toBe(false);
});
