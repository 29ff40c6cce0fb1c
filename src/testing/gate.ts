/** A gate that lets everything through: for tests of what lies behind. */
import type { IGate } from '../custodian/gate';

export const OPEN_GATE: IGate = {
  settle: () => undefined,
  mark: () => undefined,
  present: (_, { armed }) => armed(true),
  admits: () => true,
  note: () => undefined
};
