/** What the page remembers of a file, to notice an older or another one; spec/vault.md §9. */
import { digestOf, type ISealedFile } from './format';

/** No secret is in it. */
export interface IVaultPin {
  readonly vault: string;
  readonly epoch: number;
  readonly generation: number;
  /** base64url of SHA-256 over the header's text. */
  readonly digest: string;
}

export function pinOf(
  file: Pick<ISealedFile, 'header' | 'headerText'>
): IVaultPin {
  const { vault, epoch, generation } = file.header;
  return { vault, epoch, generation, digest: digestOf(file.headerText) };
}
