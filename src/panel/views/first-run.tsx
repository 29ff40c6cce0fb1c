/** The first run: a passphrase, then the recovery code, then the store exists. */
import * as React from 'react';
import { keyIcon } from '../../icons';
import { Progress } from '../../progress';
import type { IViewContext } from '../context';
import {
  agree,
  NewPassphrase,
  NO_PROBLEM,
  problemOf,
  useNewPassphrase
} from './new-passphrase';
import { ErrorLine } from './parts';
import { RecoveryCode } from './recovery-code';

const ERROR_ID = 'jp-CredentialStore-firstRunError';

export function FirstRun(props: IViewContext): React.ReactElement {
  const { store, trans } = props;
  const chosen = useNewPassphrase();
  const { next, problem, setProblem } = chosen;
  const [suite, setSuite] = React.useState<'nacl' | 'aes'>('nacl');
  const [busy, setBusy] = React.useState(false);
  const [code, setCode] = React.useState<string | null>(null);
  const cancelled = React.useRef(false);

  const create = async (event: React.FormEvent) => {
    event.preventDefault();
    if (busy || !agree(chosen, trans)) {
      return;
    }
    setBusy(true);
    setProblem(NO_PROBLEM);
    cancelled.current = false;
    try {
      const made = await store.create(next.current!.value, suite);
      if (cancelled.current) {
        // It was made before it heard of that.
        store.abandonCreation();
      } else {
        setCode(made);
      }
    } catch (failure) {
      if (!cancelled.current) {
        setProblem(problemOf(failure, trans));
      }
      next.current?.focus();
    } finally {
      setBusy(false);
    }
  };

  if (code !== null) {
    return (
      <RecoveryCode
        {...props}
        code={code}
        error={problem.text}
        onBack={() => {
          store.abandonCreation();
          setCode(null);
          setProblem(NO_PROBLEM);
        }}
        onDone={async () => {
          try {
            await store.confirmCreation();
          } catch (failure) {
            setProblem(problemOf(failure, trans));
          }
        }}
      />
    );
  }
  return (
    <form
      className="jp-CredentialStore-page"
      onSubmit={create}
      onKeyDown={event => {
        if (event.key === 'Escape' && busy) {
          event.stopPropagation();
          cancelled.current = true;
          store.abandonCreation();
        }
      }}
    >
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
      <NewPassphrase
        {...chosen}
        labels={[trans.__('Passphrase'), trans.__('Repeat passphrase')]}
        isStart
        trans={trans}
        warm={() => store.warm()}
      />
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
      <ErrorLine id={ERROR_ID} text={problem.where ? '' : problem.text} />
      <button
        type="submit"
        className="jp-mod-styled jp-mod-accept jp-CredentialStore-wide"
        aria-disabled={busy}
      >
        {busy ? trans.__('Creating…') : trans.__('Create store')}
      </button>
      {busy && <Progress label={trans.__('Creating…')} />}
      <p className="jp-CredentialStore-quiet">{store.location?.path}</p>
    </form>
  );
}
