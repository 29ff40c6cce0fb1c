/** The vault file: read, unlock, change, merge, serialise (spec/vault.md). */
export type { IDraft, IField, IRecord } from './entry';
export { VaultError, type VaultErrorCode } from './errors';
export { parseFile, type ForeignHint, type ISealedFile } from './format';
export type { IGrantRow, IRow } from './index-table';
export type { SlotSecret, SuiteName } from './keys';
export { pinOf, Vault, type IVaultPin } from './vault';
