import type { ServiceManager } from '@jupyterlab/services';
import { makeStore } from './make-store';
import { CredentialStore, type IStoreOptions } from './store/store';

jest.mock('./store/store', () => ({ CredentialStore: jest.fn() }));

function optionsOf(baseUrl = 'https://lab.example/'): IStoreOptions {
  makeStore(
    {
      serverSettings: { baseUrl },
      contents: {}
    } as unknown as ServiceManager.IManager,
    jest.fn()
  );
  return (CredentialStore as unknown as jest.Mock).mock
    .lastCall![0] as IStoreOptions;
}

const PIN = { vault: 'v', epoch: 1, generation: 1, digest: 'd' };

beforeEach(() => localStorage.clear());

it('remembers a file by its server and its path', () => {
  const place = { path: '~/.credentialstore', keeper: 'server' } as const;
  optionsOf().pins(place).set(PIN);
  expect(optionsOf().pins(place).get()).toEqual(PIN);
  expect(
    optionsOf()
      .pins({ ...place, path: '~/other' })
      .get()
  ).toBeNull();
  expect(optionsOf('https://other.example/').pins(place).get()).toBeNull();
});

it('asks the browser whether the connection is secure', () => {
  for (const secure of [true, false]) {
    Object.defineProperty(window, 'isSecureContext', {
      configurable: true,
      value: secure
    });
    expect(optionsOf().secure).toBe(secure);
  }
});
