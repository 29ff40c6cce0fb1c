/** A field for a secret, with an eye that shows what is in it. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { untrack } from '../../custodian/natives';
import { hasSeveralLines } from '../../several-lines';
import { eyeIcon, eyeOffIcon } from '../icons';
import { isFocusOurs } from './focus';
import { IconButton } from './parts';

/** What a field keeps if nothing is typed into it. */
export interface IStoredSecret {
  readonly at: { readonly id: string; readonly field: number };
  /** While it is revealed. */
  readonly text: string | null;
  /** Reveal it, or do so no more. */
  show(shown: boolean): void;
}

/** Uncontrolled: React writes a controlled input's value into an attribute. */
export const SecretInput = React.forwardRef<
  HTMLInputElement,
  {
    label: string;
    trans: TranslationBundle;
    autoComplete?: string;
    placeholder?: string;
    defaultText?: string;
    /** The page begins here. */
    isStart?: boolean;
    errorId?: string;
    /** What has several lines, as many keys do, keeps them. */
    takesLines?: boolean;
    /** While the field is empty, the eye shows this. */
    stored?: IStoredSecret;
    onInput?(text: string): void;
    onFocus?(): void;
  }
>((props, ref) => {
  const { label, trans, errorId, stored } = props;
  const [shown, setShown] = React.useState(false);
  const [hasLines, setLines] = React.useState(
    () => !!props.takesLines && hasSeveralLines(props.defaultText ?? '')
  );
  const pasted = React.useRef<string | null>(null);
  /** What is stored, as it was put into the field. */
  const revealed = React.useRef<string | null>(null);
  const input = React.useRef<HTMLInputElement | HTMLTextAreaElement | null>(
    null
  );
  React.useEffect(() => {
    if (props.defaultText !== undefined && input.current) {
      input.current.value = props.defaultText;
    }
    if (props.isStart && isFocusOurs()) {
      input.current?.focus();
    }
  }, []);
  React.useLayoutEffect(() => {
    if (pasted.current !== null) {
      input.current!.value = pasted.current;
      pasted.current = null;
      input.current!.focus();
    }
    if (revealed.current !== null) {
      input.current!.value = revealed.current;
    }
  }, [hasLines]);
  React.useEffect(() => {
    const { value } = input.current!;
    const text = stored?.text ?? null;
    if (text === null) {
      if (value === revealed.current) {
        // Nothing was typed in its place.
        input.current!.value = '';
        setShown(false);
      }
      revealed.current = null;
    } else if (!value) {
      input.current!.value = revealed.current = text;
      setLines(hasLines || hasSeveralLines(text));
      setShown(true);
    }
  }, [stored?.text]);
  const toggle = () => {
    if (stored && revealed.current !== null) {
      stored.show(false);
    } else if (stored && !shown && !input.current!.value) {
      return stored.show(true);
    }
    setShown(!shown);
  };
  const onPaste = (event: React.ClipboardEvent) => {
    const text = event.clipboardData.getData('text/plain');
    if (!props.takesLines || hasLines || !hasSeveralLines(text)) {
      return;
    }
    // The browser would make one line of it.
    event.preventDefault();
    const { value, selectionStart, selectionEnd } = input.current!;
    pasted.current =
      value.slice(0, selectionStart ?? value.length) +
      text.replace(/\r\n?/g, '\n') +
      value.slice(selectionEnd ?? value.length);
    setLines(true);
    props.onInput?.(pasted.current);
  };
  const common = {
    'aria-label': label,
    'aria-invalid': !!errorId,
    'aria-describedby': errorId || undefined,
    autoComplete: props.autoComplete ?? 'off',
    placeholder: props.placeholder,
    spellCheck: false,
    onFocus: props.onFocus,
    onPaste,
    onInput: (event: React.FormEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      props.onInput?.(event.currentTarget.value)
  };
  return (
    <span className="jp-CredentialStore-secret">
      {hasLines ? (
        <textarea
          ref={node => {
            input.current = node;
            untrack(node);
          }}
          className={`jp-mod-styled ${shown ? '' : 'jp-mod-masked'}`}
          rows={4}
          {...common}
        />
      ) : (
        <input
          ref={node => {
            input.current = node;
            untrack(node);
            if (typeof ref === 'function') {
              ref(node);
            } else if (ref) {
              ref.current = node;
            }
          }}
          type={shown ? 'text' : 'password'}
          className="jp-mod-styled"
          {...common}
        />
      )}
      <IconButton
        icon={shown ? eyeOffIcon : eyeIcon}
        label={shown ? trans.__('Hide %1', label) : trans.__('Show %1', label)}
        pressed={shown}
        opens={stored?.at}
        onClick={toggle}
      />
    </span>
  );
});
SecretInput.displayName = 'SecretInput';
