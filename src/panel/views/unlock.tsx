/** The locked store: a passphrase, or the recovery code. */
import * as React from 'react';
import { Progress } from '../../progress';
import { lockIcon } from '../icons';
import { explain, type IViewContext } from '../context';
import { ErrorLine } from './parts';
import { SecretInput } from './secret-input';

const ERROR_ID = 'jp-CredentialStore-unlockError';

export function Unlock(props: IViewContext): React.ReactElement {
  const { store, trans, model } = props;
  const [recovery, setRecovery] = React.useState(false);
  const [error, setError] = React.useState('');
  const [abort, setAbort] = React.useState<AbortController | null>(null);
  const input = React.useRef<HTMLInputElement>(null);

  const unlock = async (event: React.FormEvent) => {
    event.preventDefault();
    if (abort) {
      return;
    }
    const controller = new AbortController();
    setAbort(controller);
    setError('');
    const text = input.current!.value;
    try {
      await store.unlock(
        recovery ? { recoveryCode: text } : { passphrase: text },
        controller.signal
      );
      if (recovery) {
        model.showPassphrase();
      } else {
        model.goOn();
      }
    } catch (failure) {
      const { code } = failure as { code?: string };
      setError(
        code === 'cancelled'
          ? ''
          : code === 'wrong-secret' && recovery
            ? trans.__('That recovery code does not open this store.')
            : explain(failure, trans)
      );
      input.current?.focus();
      input.current?.select();
    } finally {
      setAbort(null);
    }
  };
  const label = recovery ? trans.__('Recovery code') : trans.__('Passphrase');
  return (
    <form
      className="jp-CredentialStore-page"
      onSubmit={unlock}
      onKeyDown={event => {
        if (event.key === 'Escape' && abort) {
          event.stopPropagation();
          abort.abort();
        }
      }}
    >
      <lockIcon.react
        tag="div"
        className="jp-CredentialStore-hero"
        width="40px"
        height="40px"
      />
      <span className="jp-CredentialStore-label">{label}</span>
      <SecretInput
        key={label}
        ref={input}
        label={label}
        trans={trans}
        autoComplete={recovery ? 'off' : 'current-password'}
        errorId={error && ERROR_ID}
        isStart
        onFocus={() => store.warm()}
      />
      <ErrorLine id={ERROR_ID} text={error} />
      <button
        type="submit"
        className="jp-mod-styled jp-mod-accept jp-CredentialStore-wide"
        aria-disabled={!!abort}
      >
        {abort ? trans.__('Unlocking…') : trans.__('Unlock')}
      </button>
      {abort && <Progress label={trans.__('Unlocking…')} />}
      <button
        type="button"
        className="jp-CredentialStore-link"
        onClick={() => {
          setError('');
          setRecovery(!recovery);
        }}
      >
        {recovery
          ? trans.__('Use the passphrase')
          : trans.__('Forgot it? Use your recovery code')}
      </button>
      <p className="jp-CredentialStore-quiet">{store.location?.path}</p>
    </form>
  );
}
