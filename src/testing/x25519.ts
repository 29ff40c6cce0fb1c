/** X25519 for known answers: WebCrypto with a secret of the test's, and another way to NaCl's key. */
import { hsalsa } from '@noble/ciphers/salsa.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { generateKey, type IEphemeralKey } from '../crypto/box';

const { subtle } = globalThis.crypto;

/** The pair as WebCrypto holds it, given to the next `generateKey`. */
export async function nativeFromSecret(
  secret: string,
  publicKey: string
): Promise<IEphemeralKey> {
  const algorithm = { name: 'X25519' };
  // RFC 8410 §7: PKCS #8 around the 32 bytes.
  const pkcs8 = hexToBytes(`302e020100300506032b656e04220420${secret}`);
  const pair = {
    privateKey: await subtle.importKey('pkcs8', pkcs8, algorithm, false, [
      'deriveBits'
    ]),
    publicKey: await subtle.importKey(
      'raw',
      hexToBytes(publicKey),
      algorithm,
      true,
      []
    )
  };
  const generate = jest.spyOn(subtle, 'generateKey');
  generate.mockImplementationOnce(async () => pair);
  const key = await generateKey();
  expect(generate).toHaveBeenCalledTimes(1);
  generate.mockRestore();
  return key;
}

/** `key` of the exchange for a raw X25519 output, by another library's HSalsa20. */
export function boxKey(shared: string): string {
  const words = (bytes: Uint8Array) =>
    new Uint32Array(Uint8Array.from(bytes).buffer);
  const out = new Uint32Array(8);
  const sigma = new TextEncoder().encode('expand 32-byte k');
  hsalsa(words(sigma), words(hexToBytes(shared)), new Uint32Array(4), out);
  return bytesToHex(new Uint8Array(out.buffer));
}
