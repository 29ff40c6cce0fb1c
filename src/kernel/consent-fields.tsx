/** What a person types into the dialog: a passphrase, or what is not in the store. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { untrack } from '../custodian/natives';
import { hasSeveralLines } from '../several-lines';
import { visibleText } from './visible-text';

type Field = React.MutableRefObject<HTMLInputElement | null>;

/** React does not get to see what is in it. */
const secret = (field: Field) => (node: HTMLInputElement | null) => {
  field.current = node;
  untrack(node);
};

export function PassphraseField(props: {
  field: Field;
  isWrong: boolean;
  errorId: string | undefined;
  onFocus(): void;
  trans: TranslationBundle;
}): React.ReactElement {
  return (
    <label className="jp-CredentialStore-field">
      {props.trans.__('Passphrase')}
      <input
        ref={secret(props.field)}
        type="password"
        className="jp-mod-styled"
        autoComplete="current-password"
        onFocus={props.onFocus}
        aria-invalid={props.isWrong}
        aria-describedby={props.errorId}
      />
    </label>
  );
}

export function MissingFields(props: {
  name: string;
  value: Field;
  user: Field;
  errorId: string | undefined;
  onType(): void;
  onLeave(): void;
  /** Several lines were pasted, which this field would join. */
  onLines(): void;
  trans: TranslationBundle;
}): React.ReactElement {
  const { name, value, user, errorId, onType, onLeave, trans } = props;
  const onPaste = (event: React.ClipboardEvent) => {
    if (hasSeveralLines(event.clipboardData.getData('text/plain'))) {
      event.preventDefault();
      props.onLines();
    }
  };
  return (
    <>
      <p>
        {trans.__('There is no credential “%1”. Add it?', visibleText(name))}
      </p>
      <label className="jp-CredentialStore-field">
        {trans.__('Value')}
        <input
          ref={secret(value)}
          type="password"
          className="jp-mod-styled"
          autoComplete="new-password"
          onPaste={onPaste}
          onInput={onType}
          onBlur={onLeave}
          aria-describedby={errorId}
        />
      </label>
      <label className="jp-CredentialStore-field">
        {trans.__('User name')}
        <input
          ref={user}
          type="text"
          className="jp-mod-styled"
          autoComplete="off"
          onInput={onType}
          onBlur={onLeave}
        />
      </label>
    </>
  );
}
