/** The error of everything that reads or opens a vault file. */

export type VaultErrorCode =
  | 'foreign'
  | 'newer'
  | 'damaged'
  | 'bounds'
  | 'wrong-secret'
  | 'mistyped-code'
  | 'passphrase-length'
  | 'altered'
  | 'other-vault'
  | 'passphrase-changed'
  | 'invalid-draft'
  | 'name-taken'
  | 'stale'
  | 'no-entry'
  | 'too-large';

/** `detail` names the broken rule or the form's field, never the content. */
export class VaultError extends Error {
  constructor(
    readonly code: VaultErrorCode,
    readonly detail?: string
  ) {
    super(detail ? `${code}: ${detail}` : code);
    this.name = 'VaultError';
  }
}
