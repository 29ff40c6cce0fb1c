/** Project Wycheproof's cases against what we call; see spec/vectors/wycheproof.json for the source. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { keyFromSecret } from './box';
import { concat } from './bytes';
import { FormatError } from './errors';
import { hkdfSha256, hmacSha256 } from './hash';
import { suite } from './suites';
import { boxKey, nativeFromSecret } from '../testing/x25519';

interface ITable {
  tests: [tcId: number, result: string, ...rest: any[]][];
}

const VECTORS = JSON.parse(
  readFileSync(join(__dirname, '../../spec/vectors/wycheproof.json'), 'utf8')
) as Record<'x25519' | 'aes256gcm' | 'hmacSha256' | 'hkdfSha256', ITable>;

describe.each([
  ['tweetnacl', async (secret: string) => keyFromSecret(hexToBytes(secret))],
  // Its public key plays no role in the agreement, so that any will do.
  ['WebCrypto', (secret: string) => nativeFromSecret(secret, '09'.repeat(32))]
])('X25519 by %s', (_, fromSecret) => {
  it.each(VECTORS.x25519.tests)(
    'case %d, %s',
    async (_, __, peer, secret, shared, flags) => {
      const key = (await fromSecret(secret)).agree(hexToBytes(peer));
      const topBit = hexToBytes(peer)[31] & 0x80;
      // RFC 7748 §6.1 allows what spec/exchange.md §1 demands.
      if (topBit || flags.includes('ZeroSharedSecret')) {
        await expect(key).rejects.toBeInstanceOf(FormatError);
      } else {
        expect(bytesToHex(await key)).toBe(boxKey(shared));
      }
    }
  );
});

describe('AES-256-GCM', () => {
  it.each(VECTORS.aes256gcm.tests)(
    'case %d, %s',
    (_, result, key, nonce, text, cipher, tag) => {
      const aes = suite('aes');
      const [k, n, t] = [key, nonce, text].map(hexToBytes);
      const sealed = concat(n, hexToBytes(cipher), hexToBytes(tag));
      if (result === 'valid') {
        expect(bytesToHex(aes.seal(k, t, n))).toBe(bytesToHex(sealed));
        expect(bytesToHex(aes.open(k, sealed)!)).toBe(text);
      } else {
        expect(aes.open(k, sealed)).toBeNull();
      }
    }
  );
});

describe('HMAC-SHA-256', () => {
  it.each(VECTORS.hmacSha256.tests)(
    'case %d, %s',
    (_, result, key, msg, tag) => {
      const made = bytesToHex(hmacSha256(hexToBytes(key), hexToBytes(msg)));
      expect(made === tag).toBe(result === 'valid');
    }
  );
});

describe('HKDF-SHA-256', () => {
  it.each(VECTORS.hkdfSha256.tests)(
    'case %d, %s',
    (_, result, ikm, salt, info, size, okm) => {
      const derive = () =>
        hkdfSha256(hexToBytes(ikm), hexToBytes(salt), hexToBytes(info), size);
      if (result === 'valid') {
        expect(bytesToHex(derive())).toBe(okm);
      } else {
        expect(derive).toThrow();
      }
    }
  );
});
