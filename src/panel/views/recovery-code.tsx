/** Shows a recovery code once, to print or copy. */
import * as React from 'react';
import type { IViewContext } from '../context';
import { useStart } from './focus';

export function RecoveryCode(
  props: IViewContext & {
    code: string;
    onDone(): Promise<void> | void;
    /** Absent where there is no way back. */
    onBack?(): void;
    error?: string;
  }
): React.ReactElement {
  // Not copySecret: it would leave the clipboard, and this is its only copy.
  const { code, model, trans, copyText, onDone, onBack } = props;
  const heading = useStart<HTMLHeadingElement>();
  const [start, rest] = linesOf(code);
  const [kept, setKept] = React.useState(false);
  const [busy, setBusy] = React.useState(false);
  return (
    <section className="jp-CredentialStore-page">
      <h3 ref={heading} tabIndex={-1}>
        {trans.__('Your recovery code')}
      </h3>
      <p>
        {trans.__(
          'It opens the store if you forget the passphrase. It is shown only now: print it or keep it where only you find it.'
        )}
      </p>
      <code
        className="jp-CredentialStore-code"
        aria-label={trans.__('Recovery code')}
      >
        <span className="jp-CredentialStore-codeLine">
          {start}
          {rest && <span className="jp-CredentialStore-codeJoint">-</span>}
        </span>
        {rest && <span className="jp-CredentialStore-codeLine">{rest}</span>}
      </code>
      <div className="jp-CredentialStore-buttons">
        <button
          type="button"
          className="jp-mod-styled jp-mod-reject"
          onClick={() => {
            copyText(code);
            model.setStatus(
              trans.__(
                'Copied. It stays in the clipboard until you copy something else.'
              )
            );
          }}
        >
          {trans.__('Copy')}
        </button>
        <button
          type="button"
          className="jp-mod-styled jp-mod-reject"
          onClick={() => print(code, trans.__('Recovery code'))}
        >
          {trans.__('Print')}
        </button>
      </div>
      <label className="jp-CredentialStore-check">
        <input
          type="checkbox"
          onChange={event => setKept(event.currentTarget.checked)}
        />
        {trans.__('I have kept this code')}
      </label>
      {props.error && (
        <p role="alert" className="jp-CredentialStore-error">
          {props.error}
        </p>
      )}
      <button
        type="button"
        className="jp-mod-styled jp-mod-accept jp-CredentialStore-wide"
        disabled={!kept}
        aria-disabled={busy}
        onClick={async () => {
          if (busy) {
            return;
          }
          setBusy(true);
          await onDone();
          setBusy(false);
        }}
      >
        {trans.__('Finish')}
      </button>
      {onBack && (
        <button
          type="button"
          className="jp-CredentialStore-link"
          onClick={onBack}
        >
          {trans.__('Choose another passphrase')}
        </button>
      )}
    </section>
  );
}

/** Groups of a code in a line. */
const GROUPS = 4;

/** Where it breaks by itself depends on the panel's width. */
function linesOf(code: string): [start: string, rest: string] {
  const groups = code.split('-');
  return [groups.slice(0, GROUPS).join('-'), groups.slice(GROUPS).join('-')];
}

/** Prints the code alone, from a frame that is removed afterwards. */
function print(code: string, title: string): void {
  const frame = document.createElement('iframe');
  // Some browsers print nothing of a frame that is not laid out.
  frame.style.cssText =
    'position: fixed; width: 0; height: 0; border: 0; visibility: hidden';
  frame.setAttribute('aria-hidden', 'true');
  document.body.append(frame);
  const page = frame.contentDocument!;
  const heading = page.createElement('h1');
  heading.textContent = title;
  const text = page.createElement('pre');
  text.textContent = code.replace(/((?:[^-]+-){4})/, '$1\n');
  page.body.append(heading, text);
  frame.contentWindow!.addEventListener('afterprint', () => frame.remove());
  frame.contentWindow!.print();
}
