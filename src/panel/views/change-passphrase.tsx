/** A new passphrase: everything is sealed anew, and a new recovery code is shown. */
import * as React from 'react';
import { Progress } from '../../progress';
import { backIcon } from '../icons';
import type { IViewContext } from '../context';
import {
  agree,
  NewPassphrase,
  NO_PROBLEM,
  problemOf,
  useNewPassphrase
} from './new-passphrase';
import { ErrorLine, IconButton } from './parts';
import { SecretInput } from './secret-input';
import { RecoveryCode } from './recovery-code';

const ERROR_ID = 'jp-CredentialStore-changeError';

export function ChangePassphrase(props: IViewContext): React.ReactElement {
  const { store, model, trans } = props;
  const current = React.useRef<HTMLInputElement>(null);
  const chosen = useNewPassphrase();
  const { next, problem, setProblem } = chosen;
  const [abort, setAbort] = React.useState<AbortController | null>(null);
  const [code, setCode] = React.useState<string | null>(null);

  const change = async (event: React.FormEvent) => {
    event.preventDefault();
    if (abort || !agree(chosen, trans)) {
      return;
    }
    const controller = new AbortController();
    setAbort(controller);
    setProblem(NO_PROBLEM);
    const secret = current.current!.value;
    const isCode = /^[0-9A-Za-z]{4}(-[0-9A-Za-z]{4}){7}$/.test(secret.trim());
    try {
      setCode(
        await store.changePassphrase(
          isCode ? { recoveryCode: secret } : { passphrase: secret },
          next.current!.value,
          controller.signal
        )
      );
    } catch (failure) {
      const isCancelled = (failure as { code?: string }).code === 'cancelled';
      const found = isCancelled ? NO_PROBLEM : problemOf(failure, trans);
      setProblem(found);
      (found.where === 'next' ? next : current).current?.focus();
    } finally {
      setAbort(null);
    }
  };
  /** Once it works, that is stopped first: the new recovery code must not go unseen. */
  const back = () => (abort ? abort.abort() : model.showList());
  if (code !== null) {
    return (
      <RecoveryCode {...props} code={code} onDone={() => model.showList()} />
    );
  }
  const label = trans.__('Current passphrase, or recovery code');
  const wrong = problem.where === 'current';
  const error = <ErrorLine id={ERROR_ID} text={problem.text} />;
  return (
    <form
      className="jp-CredentialStore-page"
      onSubmit={change}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          back();
        }
      }}
    >
      <div className="jp-CredentialStore-pageHeader">
        <IconButton icon={backIcon} label={trans.__('Back')} onClick={back} />
        <h3>{trans.__('Change passphrase')}</h3>
      </div>
      <p>
        {trans.__(
          'Everything is encrypted anew. Backups that the old passphrase opens are deleted, and the recovery code is replaced.'
        )}
      </p>
      <span className="jp-CredentialStore-label">{label}</span>
      <SecretInput
        ref={current}
        label={label}
        trans={trans}
        isStart
        errorId={wrong ? ERROR_ID : undefined}
        onFocus={() => store.warm()}
      />
      {wrong && error}
      <NewPassphrase
        {...chosen}
        labels={[trans.__('New passphrase'), trans.__('Repeat new passphrase')]}
        trans={trans}
        warm={() => store.warm()}
      />
      {!problem.where && error}
      <button
        type="submit"
        className="jp-mod-styled jp-mod-accept jp-CredentialStore-wide"
        aria-disabled={!!abort}
      >
        {abort ? trans.__('Changing…') : trans.__('Change passphrase')}
      </button>
      {abort && <Progress label={trans.__('Changing…')} />}
    </form>
  );
}
