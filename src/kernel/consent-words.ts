/** What the dialog's buttons and errors say. */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { GrantScope, IRequestView } from '../custodian/protocol';

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
