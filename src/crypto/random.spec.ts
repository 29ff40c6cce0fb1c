import { randomBytes } from './random';

it('gives as many bytes as asked for, other ones each time', () => {
  expect(randomBytes(0)).toHaveLength(0);
  expect(randomBytes(65536)).toHaveLength(65536);
  expect(randomBytes(16)).not.toEqual(randomBytes(16));
});

it('refuses more than the browser gives at once', () => {
  expect(() => randomBytes(65537)).toThrow();
});

it("keeps the browser's generator when a script replaces it later", () => {
  const replaced = jest
    .spyOn(globalThis.crypto, 'getRandomValues')
    .mockImplementation(array => array);
  try {
    expect(randomBytes(32)).not.toEqual(new Uint8Array(32));
    expect(replaced).not.toHaveBeenCalled();
  } finally {
    replaced.mockRestore();
  }
});
