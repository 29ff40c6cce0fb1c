/** Small parts that several views share. */
import { closeIcon, type LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { untrack } from '../../custodian/natives';
import { gate } from '../../custodian/the-gate';
import { hasSeveralLines } from '../../several-lines';
import { eyeIcon, eyeOffIcon } from '../icons';
import { isFocusOurs } from './focus';
import type { TranslationBundle } from '@jupyterlab/translation';

export { closeIcon };

/** A revealed value hides itself again, in ms. */
export const REVEAL_MS = 30_000;

/** A button that is an icon; `label` is its name and its tooltip. */
export const IconButton = React.forwardRef<
  HTMLButtonElement,
  {
    icon: LabIcon;
    label: string;
    pressed?: boolean;
    /** It opens more of what it stands in. */
    expanded?: boolean;
    /** It opens a menu. */
    hasMenu?: boolean;
    /** The hidden value that it shows or copies: the gate lets nobody else have it. */
    opens?: { readonly id: string; readonly field: number };
    onClick(event: React.MouseEvent): void;
  }
>((props, ref) => {
  const { icon, label, pressed, opens, onClick } = props;
  const button = React.useRef<HTMLButtonElement>(null);
  React.useImperativeHandle(ref, () => button.current!);
  React.useLayoutEffect(() => {
    if (opens) {
      gate.mark(button.current!, opens.id, opens.field);
    }
  });
  return (
    <button
      ref={button}
      type="button"
      className="jp-CredentialStore-iconButton"
      aria-label={label}
      aria-pressed={pressed}
      aria-expanded={props.expanded}
      aria-haspopup={props.hasMenu ? 'menu' : undefined}
      title={label}
      onClick={onClick}
    >
      <icon.react tag="span" width="16px" height="16px" aria-hidden="true" />
    </button>
  );
});
IconButton.displayName = 'IconButton';

/** What a field keeps if nothing is typed into it. */
export interface IStoredSecret {
  readonly at: { readonly id: string; readonly field: number };
  /** While it is revealed. */
  readonly text: string | null;
  /** Reveal it, or do so no more. */
  show(shown: boolean): void;
}

/**
 * A field for a secret. Uncontrolled: React writes a controlled input's value into an attribute.
 */
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

export function ErrorLine(props: {
  id: string;
  text: string;
}): React.ReactElement | null {
  return props.text ? (
    <p id={props.id} role="alert" className="jp-CredentialStore-error">
      {props.text}
    </p>
  ) : null;
}

export function Meter(props: {
  score: number | null;
  trans: TranslationBundle;
}): React.ReactElement {
  const { score, trans } = props;
  const words = [
    trans.__('Very weak: guessed at once'),
    trans.__('Weak: guessed in minutes'),
    trans.__('Fair: guessed in days'),
    trans.__('Good: guessed in years'),
    trans.__('Strong: guessed in centuries')
  ];
  return (
    <div className="jp-CredentialStore-meter" data-score={score ?? undefined}>
      <meter
        min={0}
        max={5}
        // Browsers colour by these: red for weak, amber for fair, green above.
        low={2.5}
        high={3.5}
        optimum={5}
        value={score === null ? 0 : score + 1}
        aria-label={trans.__('Strength')}
      />
      <span aria-live="polite">{score === null ? ' ' : words[score]}</span>
    </div>
  );
}

/** Loads the estimator at the first letter; null until it is there. */
export function useStrength(): [number | null, (text: string) => void] {
  const [score, setScore] = React.useState<number | null>(null);
  const latest = React.useRef(0);
  const estimate = (text: string) => {
    const turn = ++latest.current;
    if (!text) {
      return setScore(null);
    }
    setTimeout(() => {
      if (turn !== latest.current) {
        return;
      }
      void import('../strength').then(({ strength }) => {
        if (turn === latest.current) {
          setScore(strength(text));
        }
      });
    }, 150);
  };
  return [score, estimate];
}
