/** The first run: a passphrase, then the recovery code, then the store exists. */
import * as React from 'react';
import { keyIcon } from '../../icons';
import { explain, type IViewContext } from '../context';
import { ErrorLine, Meter, SecretInput, useStrength } from './parts';
import { RecoveryCode } from './recovery-code';

const ERROR_ID = 'jp-CredentialStore-firstRunError';

export function FirstRun(props: IViewContext): React.ReactElement {
  const { store, trans } = props;
  const passphrase = React.useRef<HTMLInputElement>(null);
  const repeat = React.useRef<HTMLInputElement>(null);
  const [suite, setSuite] = React.useState<'nacl' | 'aes'>('nacl');
  const [score, estimate] = useStrength();
  const [error, setError] = React.useState('');
  const [busy, setBusy] = React.useState(false);
  const [code, setCode] = React.useState<string | null>(null);

  const create = async (event: React.FormEvent) => {
    event.preventDefault();
    const text = passphrase.current!.value;
    if (text !== repeat.current!.value) {
      setError(trans.__('The two passphrases differ.'));
      repeat.current!.select();
      return;
    }
    setBusy(true);
    setError('');
    try {
      setCode(await store.create(text, suite));
    } catch (failure) {
      setError(explain(failure, trans));
    } finally {
      setBusy(false);
    }
  };

  if (code !== null) {
    return (
      <RecoveryCode
        {...props}
        code={code}
        error={error}
        onBack={() => {
          store.abandonCreation();
          setCode(null);
          setError('');
        }}
        onDone={async () => {
          try {
            await store.confirmCreation();
          } catch (failure) {
            setError(explain(failure, trans));
          }
        }}
      />
    );
  }
  return (
    <form className="jp-CredentialStore-page" onSubmit={create}>
      <keyIcon.react
        tag="div"
        className="jp-CredentialStore-hero"
        width="40px"
        height="40px"
      />
      <p>
        {trans.__(
          'Keep passwords and keys out of your notebooks. Encrypted in your browser; the server only stores what it can’t read.'
        )}
      </p>
      <span className="jp-CredentialStore-label">{trans.__('Passphrase')}</span>
      <SecretInput
        ref={passphrase}
        label={trans.__('Passphrase')}
        trans={trans}
        autoComplete="new-password"
        errorId={error && ERROR_ID}
        onInput={estimate}
        onFocus={() => store.warm()}
      />
      <span className="jp-CredentialStore-label">
        {trans.__('Repeat passphrase')}
      </span>
      <SecretInput
        ref={repeat}
        label={trans.__('Repeat passphrase')}
        trans={trans}
        autoComplete="new-password"
        errorId={error && ERROR_ID}
      />
      <Meter score={score} trans={trans} />
      <details>
        <summary>{trans.__('Advanced')}</summary>
        <label className="jp-CredentialStore-field">
          {trans.__('Cipher')}
          <select
            className="jp-mod-styled"
            value={suite}
            onChange={event =>
              setSuite(event.currentTarget.value as 'nacl' | 'aes')
            }
          >
            <option value="nacl">{trans.__('XSalsa20-Poly1305 (NaCl)')}</option>
            <option value="aes">{trans.__('AES-256-GCM')}</option>
          </select>
        </label>
      </details>
      <ErrorLine id={ERROR_ID} text={error} />
      <button
        type="submit"
        className="jp-mod-styled jp-mod-accept jp-CredentialStore-wide"
        disabled={busy}
      >
        {busy ? trans.__('Creating…') : trans.__('Create store')}
      </button>
      <p className="jp-CredentialStore-quiet">{store.location?.path}</p>
    </form>
  );
}
