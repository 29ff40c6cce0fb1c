/** What a question is about: who asks, for what, and why. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { checkIcon, closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IRequestView, IWanted } from '../custodian/protocol';
import { when } from '../when';
import type { IDocument, IQuestion } from './request-queue';
import { visibleText } from './visible-text';

/** What a screen reader reads of the dialog besides its title. */
export const FACTS_ID = 'jp-CredentialStore-consentFacts';

interface IProps {
  readonly question: IQuestion;
  readonly request: IRequestView;
  /** Bring the document to the front. */
  show(): void;
  readonly trans: TranslationBundle;
}

export function Facts(props: IProps): React.ReactElement {
  const { question, request, show, trans } = props;
  const { document } = question;
  const [wasHidden] = React.useState(!document.isVisible);
  const [isShown, setShown] = React.useState(false);
  return (
    <dl id={FACTS_ID} className="jp-CredentialStore-facts">
      <dt>
        {document.kind === 'notebook'
          ? trans.__('Notebook')
          : document.kind === 'console'
            ? trans.__('Console')
            : trans.__('Document')}
      </dt>
      <dd>
        {visibleText(document.path)}
        {wasHidden && (
          <button
            type="button"
            className="jp-CredentialStore-link jp-CredentialStore-show"
            // It keeps its place: nothing moves, and the other buttons stay armed.
            disabled={isShown}
            onClick={() => {
              setShown(true);
              show();
            }}
          >
            {document.kind === 'console'
              ? trans.__('Show console')
              : trans.__('Show notebook')}
          </button>
        )}
      </dd>
      <dt>{trans.__('Kernel')}</dt>
      <dd>{kernelOf(document, trans)}</dd>
      <dt>
        {request.want.length > 1
          ? trans.__('Credentials')
          : trans.__('Credential')}
      </dt>
      <dd>
        <ul className="jp-CredentialStore-wanted">
          {request.want.map((want, i) => (
            <li key={i}>
              {request.want.length > 1 && <Mark found={want.found} />}
              <span>
                “{visibleText(want.name)}”
                {want.field && ` (${visibleText(want.field)})`}
                {want.found === 'credential' &&
                  ` – ${trans.__('not in the store')}`}
              </span>
            </li>
          ))}
        </ul>
      </dd>
      {request.reason && (
        <>
          <dt>{trans.__('Reason')}</dt>
          <dd>
            “{visibleText(request.reason)}”{' '}
            <span className="jp-CredentialStore-quiet">
              {trans.__('(written by the code)')}
            </span>
          </dd>
        </>
      )}
    </dl>
  );
}

/** Which of several are in the store; while it is locked nobody knows. Words tell it as well. */
function Mark({ found }: Pick<IWanted, 'found'>): React.ReactElement | null {
  if (found === 'unknown') {
    return null;
  }
  const [Icon, shape] =
    found === 'credential'
      ? [closeIcon.react, 'jp-mod-cross']
      : [checkIcon.react, 'jp-mod-check'];
  return (
    <span className={`jp-CredentialStore-mark ${shape}`} aria-hidden="true">
      <Icon tag="span" width="16px" height="16px" />
    </span>
  );
}

/** Its start is left out where this page has not seen it. */
function kernelOf(
  { kernelName, kernelSince }: IDocument,
  trans: TranslationBundle
): string {
  const name = visibleText(kernelName);
  if (kernelSince === undefined) {
    return name;
  }
  return trans.__('%1, since %2', name, when(kernelSince));
}
