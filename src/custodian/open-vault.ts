/** An unlocked vault with the stored version that it builds on. */
import { VaultError, type Vault } from '../vault';

export type Base = Vault['base'];

export interface IOpen {
  vault: Vault;
  /** Tag of the stored version that the vault builds on; null: there is none. */
  etag: string | null;
  /** Header digests of what was handed out and may be stored, if only the reply was lost. */
  readonly offered: Set<string>;
  /** Something was handed out that is not known to be stored. */
  unsaved: boolean;
  /** The vault key was replaced elsewhere. */
  superseded: boolean;
  /** The same under a new vault key, handed out to be stored; and the versions it was made of. */
  rekey?: {
    readonly copy: Vault;
    readonly digest: string;
    readonly base: Base;
    /** Changes later than the copy were handed out since. */
    edited: boolean;
  };
}

export function opened(vault: Vault, etag: string): IOpen {
  return {
    vault,
    etag,
    offered: new Set(),
    unsaved: false,
    superseded: false
  };
}

export function isVaultError(
  error: unknown,
  code: VaultError['code']
): boolean {
  return error instanceof VaultError && error.code === code;
}
