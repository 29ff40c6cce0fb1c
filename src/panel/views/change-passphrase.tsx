/** A new passphrase: everything is sealed anew, and a new recovery code is shown. */
import * as React from 'react';
import { backIcon } from '../icons';
import { explain, type IViewContext } from '../context';
import {
  ErrorLine,
  IconButton,
  Meter,
  SecretInput,
  useStrength
} from './parts';
import { RecoveryCode } from './recovery-code';

const ERROR_ID = 'jp-CredentialStore-changeError';

export function ChangePassphrase(props: IViewContext): React.ReactElement {
  const { store, model, trans } = props;
  const current = React.useRef<HTMLInputElement>(null);
  const next = React.useRef<HTMLInputElement>(null);
  const repeat = React.useRef<HTMLInputElement>(null);
  const [score, estimate] = useStrength();
  const [error, setError] = React.useState('');
  const [busy, setBusy] = React.useState(false);
  const [code, setCode] = React.useState<string | null>(null);

  const change = async (event: React.FormEvent) => {
    event.preventDefault();
    if (next.current!.value !== repeat.current!.value) {
      setError(trans.__('The two passphrases differ.'));
      return;
    }
    setBusy(true);
    setError('');
    const secret = current.current!.value;
    const isCode = /^[0-9A-Za-z]{4}(-[0-9A-Za-z]{4}){7}$/.test(secret.trim());
    try {
      setCode(
        await store.changePassphrase(
          isCode ? { recoveryCode: secret } : { passphrase: secret },
          next.current!.value
        )
      );
    } catch (failure) {
      setError(explain(failure, trans));
    } finally {
      setBusy(false);
    }
  };
  if (code !== null) {
    return (
      <RecoveryCode {...props} code={code} onDone={() => model.showList()} />
    );
  }
  const field = (
    ref: React.RefObject<HTMLInputElement>,
    label: string,
    onInput?: (text: string) => void
  ) => (
    <>
      <span className="jp-CredentialStore-label">{label}</span>
      <SecretInput
        ref={ref}
        label={label}
        trans={trans}
        errorId={error && ERROR_ID}
        onInput={onInput}
        onFocus={() => store.warm()}
      />
    </>
  );
  return (
    <form className="jp-CredentialStore-page" onSubmit={change}>
      <div className="jp-CredentialStore-pageHeader">
        <IconButton
          icon={backIcon}
          label={trans.__('Back')}
          onClick={() => model.showList()}
        />
        <h3>{trans.__('Change passphrase')}</h3>
      </div>
      <p>
        {trans.__(
          'Everything is encrypted anew. Backups that the old passphrase opens are deleted, and the recovery code is replaced.'
        )}
      </p>
      {field(current, trans.__('Current passphrase, or recovery code'))}
      {field(next, trans.__('New passphrase'), estimate)}
      {field(repeat, trans.__('Repeat new passphrase'))}
      <Meter score={score} trans={trans} />
      <ErrorLine id={ERROR_ID} text={error} />
      <button
        type="submit"
        className="jp-mod-styled jp-mod-accept jp-CredentialStore-wide"
        disabled={busy}
      >
        {busy ? trans.__('Changing…') : trans.__('Change passphrase')}
      </button>
    </form>
  );
}
