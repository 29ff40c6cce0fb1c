/** Tells an older or another file from the one seen last; spec/vault.md §9. */
import type { IPin } from './protocol';

export type PinFinding = 'fine' | 'rolled-back' | 'replaced';

/** @param seen - Null: nothing was seen yet. */
export function comparePin(seen: IPin | null, found: IPin): PinFinding {
  if (!seen) {
    return 'fine';
  }
  if (seen.vault !== found.vault) {
    return 'replaced';
  }
  const older =
    found.epoch < seen.epoch ||
    found.generation < seen.generation ||
    (found.epoch === seen.epoch && found.digest !== seen.digest);
  return older ? 'rolled-back' : 'fine';
}
