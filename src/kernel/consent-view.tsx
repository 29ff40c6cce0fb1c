/** What the dialog shows, as a function of one question. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IGate } from '../custodian/gate';
import type {
  GrantScope,
  IEntryDraft,
  IRequestView,
  IWanted
} from '../custodian/protocol';
import { keyIcon } from '../icons';
import { Progress } from '../progress';
import type { IStore } from '../store/types';
import { HalfTyped } from './half-typed';
import { Facts, FACTS_ID } from './consent-facts';
import { MissingFields, PassphraseField } from './consent-fields';
import { allowLabel, busyLabel, explain, noFieldWords } from './consent-words';
import {
  focusWhenQuiet,
  ignoreStrayPresses,
  keepFocus,
  keepFocusFor
} from './keep-focus';
import type { Decision, IDocument, IQuestion } from './request-queue';
import { visibleText } from './visible-text';

export interface IConsentOptions {
  /** How long the allow buttons wait before they can be pressed, in ms. */
  readonly armingDelayMs: number;
  readonly defaultConsent: GrantScope;
}

interface IProps {
  readonly question: IQuestion;
  readonly store: IStore;
  readonly options: IConsentOptions;
  readonly trans: TranslationBundle;
  decide(decision: Decision): void;
  /** Tells the gate, which sees who presses, what is whose button. */
  present: IGate['present'];
}

/** What a press has begun. */
interface IBusy {
  readonly scope: GrantScope;
  /** Of the button, before it said so. */
  readonly width: number;
  readonly label: string | undefined;
}

/** The dialog tells after this time that it waits to be seen, in ms. */
const COVERED_MS = 1500;
/** How long a document that is shown may still take the focus, in ms. */
const ACTIVATION_MS = 1500;
const SCOPES: readonly GrantScope[] = ['notebook', 'kernel', 'once'];

export function ConsentView(props: IProps): React.ReactElement {
  const { question, store, options, trans, decide, present } = props;
  const [request, setRequest] = React.useState(question.request);
  const [armed, setArmed] = React.useState(false);
  const [covered, setCovered] = React.useState(false);
  const [busy, setBusy] = React.useState<IBusy | null>(null);
  const [error, setError] = React.useState('');
  const abort = React.useRef<AbortController | null>(null);
  const passphrase = React.useRef<HTMLInputElement | null>(null);
  const value = React.useRef<HTMLInputElement | null>(null);
  const user = React.useRef<HTMLInputElement | null>(null);
  const block = React.useRef<HTMLInputElement>(null);
  const deny = React.useRef<HTMLButtonElement>(null);
  const root = React.useRef<HTMLDivElement>(null);
  const stopWaiting = React.useRef(() => undefined as void);
  const buttons = React.useRef<Partial<Record<GrantScope, Element>>>({});
  const { document } = question;
  const scopes = scopesFor(document);
  // Enter never stands for a button that is not there.
  const enter = scopes.includes(options.defaultConsent)
    ? options.defaultConsent
    : 'kernel';
  const missing = request.want.find(({ found }) => found === 'credential');
  const noField = request.want.find(({ found }) => found === 'field');
  const [typed] = React.useState(() => new HalfTyped(store));
  const draft = (wanted: IWanted): IEntryDraft => ({
    name: wanted.name,
    user: user.current?.value ?? '',
    url: '',
    notes: '',
    tags: [],
    fields: [
      {
        name: wanted.field ?? 'value',
        type: 'hidden',
        value: value.current?.value ?? ''
      }
    ]
  });
  const names = request.want.map(({ name }) => `“${visibleText(name)}”`);

  React.useLayoutEffect(() => {
    present(request.handle, {
      root: root.current!,
      allow: buttons.current,
      enter,
      delayMs: options.armingDelayMs,
      armed: setArmed
    });
  }, []);

  React.useEffect(() => {
    const timer = setTimeout(
      () => setCovered(!armed),
      options.armingDelayMs + COVERED_MS
    );
    return () => clearTimeout(timer);
  }, [armed]);

  const focusStart = () => {
    stopWaiting.current();
    const field = (request.locked ? passphrase : value).current;
    if (field) {
      stopWaiting.current = focusWhenQuiet(root.current!, field);
    } else {
      deny.current!.focus();
      stopWaiting.current = ignoreStrayPresses(root.current!);
    }
  };
  React.useLayoutEffect(() => {
    focusStart();
    return () => stopWaiting.current();
  }, [request.locked, missing?.name]);

  React.useLayoutEffect(() => {
    if (!request.locked && missing) {
      void typed.resume(draft(missing), kept => {
        if (value.current && user.current && !value.current.value) {
          value.current.value = kept.fields[0].value ?? '';
          user.current.value = kept.user;
        }
      });
    }
  }, [request.locked, missing?.name]);
  // The question is over, but what was typed for it is not.
  React.useLayoutEffect(() => () => typed.keep(), []);

  const show = () => {
    document.show();
    focusStart();
    keepFocusFor(ACTIVATION_MS, root.current!, focusStart);
  };

  const entries = React.useRef(store.entries);
  React.useEffect(() => {
    const follow = () => {
      const locked = store.state.kind !== 'unlocked';
      // What is asked for may have been added or removed elsewhere; what is done here is known.
      const isNew = !locked && !busy && store.entries !== entries.current;
      entries.current = store.entries;
      if (isNew) {
        // The fields may go.
        typed.keep();
      }
      if (locked !== request.locked || isNew) {
        void review().catch(() => undefined);
      }
    };
    store.changed.connect(follow);
    return () => void store.changed.disconnect(follow);
  }, [request, busy]);

  const review = async (): Promise<IRequestView> => {
    const { handle } = request;
    const next = await store.exchange('review', { handle });
    setRequest(next);
    return next;
  };

  const refuse = () => {
    abort.current?.abort();
    typed.drop();
    const status = request.locked
      ? 'locked'
      : missing || noField
        ? 'not-found'
        : 'denied';
    decide({
      kind: 'refuse',
      status,
      block: block.current?.checked ?? false
    });
  };

  const allow = async (scope: GrantScope) => {
    if (!armed || busy) {
      return;
    }
    const { width } = buttons.current[scope]!.getBoundingClientRect();
    setBusy({ scope, width, label: busyLabel(request, trans) });
    setError('');
    try {
      let current = request;
      if (current.locked) {
        abort.current = new AbortController();
        await store.unlock(
          { passphrase: passphrase.current?.value ?? '' },
          abort.current.signal
        );
        passphrase.current!.value = '';
        current = await review();
      } else if (missing) {
        if (!value.current?.value) {
          value.current?.focus();
          return setError(trans.__('Enter the value first.'));
        }
        await store.put(draft(missing));
        typed.drop();
        value.current.value = '';
        current = await review();
      }
      if (current.want.every(({ found }) => found === 'ok')) {
        decide({ kind: 'allow', scope });
      }
    } catch (failure) {
      setError(explain(failure, trans));
      passphrase.current?.select();
    } finally {
      abort.current = null;
      setBusy(null);
    }
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      if (busy) {
        abort.current?.abort();
      } else {
        refuse();
      }
    }
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      if (event.target.type !== 'checkbox') {
        void allow(enter);
      }
    }
    if (event.key === 'Tab') {
      keepFocus(event);
    }
  };

  const errorId = error ? 'jp-CredentialStore-consentError' : undefined;
  return (
    <div
      ref={root}
      className="jp-Dialog-content jp-CredentialStore-consent"
      role="dialog"
      // It has the focus until nobody types.
      tabIndex={-1}
      aria-modal="true"
      aria-labelledby="jp-CredentialStore-consentTitle"
      aria-describedby={FACTS_ID}
      onKeyDown={onKeyDown}
    >
      <h2
        id="jp-CredentialStore-consentTitle"
        className="jp-Dialog-header jp-CredentialStore-consentTitle"
      >
        <span className="jp-CredentialStore-consentIcon" aria-hidden="true">
          <keyIcon.react tag="span" />
        </span>
        <span>
          {trans.__(
            '%1 asks for %2',
            visibleText(document.name),
            names.join(', ')
          )}
        </span>
      </h2>
      <div className="jp-Dialog-body jp-CredentialStore-consentBody">
        <Facts
          question={question}
          request={request}
          show={show}
          trans={trans}
        />
        {request.locked && (
          <PassphraseField
            field={passphrase}
            isWrong={!!error}
            errorId={errorId}
            onFocus={() => store.warm()}
            trans={trans}
          />
        )}
        {!request.locked && missing && (
          <MissingFields
            name={missing.name}
            value={value}
            user={user}
            errorId={errorId}
            onType={() => typed.note(() => draft(missing))}
            onLeave={() => typed.keep()}
            onLines={() =>
              setError(
                trans.__(
                  'That has several lines. Add it in the Credentials panel, which keeps them.'
                )
              )
            }
            trans={trans}
          />
        )}
        {!request.locked && !missing && noField && (
          <p role="alert">{noFieldWords(noField, store.entries, trans)}</p>
        )}
        {(request.locked || missing) && (
          <div className="jp-CredentialStore-consentProgress">
            {busy?.label && <Progress label={busy.label} />}
          </div>
        )}
        {error && (
          <p id={errorId} role="alert" className="jp-CredentialStore-error">
            {error}
          </p>
        )}
        {covered && !armed && (
          <p role="status">
            {trans.__(
              'Something covers this dialog. Its buttons work when all of it can be seen.'
            )}
          </p>
        )}
        {question.offerBlock && (
          <label className="jp-CredentialStore-check">
            <input ref={block} type="checkbox" />
            {trans.__('Don’t ask again for this kernel')}
          </label>
        )}
      </div>
      <div
        className={`jp-Dialog-footer jp-CredentialStore-consentFooter ${
          request.locked || missing ? 'jp-mod-long' : ''
        }`}
      >
        <button
          ref={deny}
          type="button"
          className="jp-Dialog-button jp-mod-reject jp-mod-styled"
          onClick={refuse}
        >
          {trans.__('Deny')}
        </button>
        {scopes.map(scope => (
          <button
            key={scope}
            ref={node => {
              if (node) {
                buttons.current[scope] = node;
              }
            }}
            type="button"
            className={`jp-Dialog-button jp-mod-styled ${
              scope === enter ? 'jp-mod-accept' : 'jp-mod-reject'
            }`}
            aria-disabled={
              !armed || !!busy || (!request.locked && !missing && !!noField)
            }
            // Nothing moves for the shorter words.
            style={busy?.scope === scope ? { minWidth: busy.width } : {}}
            onClick={() => void allow(scope)}
          >
            {(busy?.scope === scope && busy.label) ||
              allowLabel(scope, request, trans)}
          </button>
        ))}
      </div>
    </div>
  );
}

/** “Always” is kept by the path; a console's, or an unknown document's, never comes again. */
function scopesFor({ kind }: IDocument): readonly GrantScope[] {
  return SCOPES.filter(scope => scope !== 'notebook' || kind === 'notebook');
}
