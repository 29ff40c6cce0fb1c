/** What the dialog's buttons and errors say. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type {
  GrantScope,
  IEntrySummary,
  IRequestView,
  IWanted
} from '../custodian/protocol';
import { visibleText } from './visible-text';

/** A press on it unlocks first, or saves, where that is what is missing. */
export function allowLabel(
  scope: GrantScope,
  { locked, want }: IRequestView,
  trans: TranslationBundle
): string {
  const save = want.some(({ found }) => found === 'credential');
  switch (scope) {
    case 'once':
      return locked
        ? trans.__('Unlock and allow once')
        : save
          ? trans.__('Save and allow once')
          : trans.__('Allow once');
    case 'kernel':
      return locked
        ? trans.__('Unlock and allow for this kernel')
        : save
          ? trans.__('Save and allow for this kernel')
          : trans.__('Allow for this kernel');
    case 'notebook':
      return locked
        ? trans.__('Unlock and always allow in this notebook')
        : save
          ? trans.__('Save and always allow in this notebook')
          : trans.__('Always allow in this notebook');
  }
}

/** What the button that was pressed says until that is done, if it takes a while. */
export function busyLabel(
  { locked, want }: IRequestView,
  trans: TranslationBundle
): string | undefined {
  if (locked) {
    return trans.__('Unlocking…');
  }
  return want.some(({ found }) => found === 'credential')
    ? trans.__('Saving…')
    : undefined;
}

/** Nothing can be allowed: which field is missing, or that none is named, and what to do. */
export function noFieldWords(
  { name, field, entry }: IWanted,
  entries: readonly IEntrySummary[],
  trans: TranslationBundle
): string {
  const known = entries.find(({ id }) => id === entry)?.fields ?? [];
  const names = known.map(one => `“${visibleText(one.name)}”`).join(', ');
  return field === undefined
    ? trans.__(
        '“%1” has several fields, and the code does not say which: %2. Deny, and name one in the code.',
        visibleText(name),
        names
      )
    : trans.__(
        '“%1” has no field “%2”. It has %3. Deny, and name one of these in the code, or add the field in the Credentials panel.',
        visibleText(name),
        visibleText(field),
        names
      );
}

/** What to tell of a failed unlock or save. Never holds content. */
export function explain(failure: unknown, trans: TranslationBundle): string {
  const code = (failure as { code?: string }).code;
  switch (code) {
    case 'wrong-secret':
      return trans.__('That passphrase does not open this store.');
    case 'cancelled':
      return trans.__('Cancelled.');
    case 'altered':
    case 'damaged':
      return trans.__(
        'The store’s file was altered or is damaged. Open the Credentials panel.'
      );
    case 'rolled-back':
    case 'replaced':
      return trans.__(
        'The store’s file is not the one seen here before. Decide on that in the Credentials panel.'
      );
    case 'invalid-draft':
      return trans.__(
        'This name cannot be stored. Add the credential in the Credentials panel.'
      );
    default:
      return trans.__(
        'That did not work. Open the Credentials panel for more.'
      );
  }
}
