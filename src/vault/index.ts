/** The vault file: read, unlock, change, merge, serialise (spec/vault.md). */
export type { IDraft } from './draft';
export type { IField, IRecord } from './entry';
export { VaultError, type VaultErrorCode } from './errors';
export { parseFile, type ForeignHint, type ISealedFile } from './format';
export type { IGrantRow } from './grants';
export type { SuiteName } from './header';
export type { IRow } from './index-table';
export { pinOf, type IVaultPin } from './pin';
export type { SlotSecret } from './slots';
export { Vault } from './vault';
