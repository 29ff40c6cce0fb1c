/** Banners: what a person should know, one line each, with a way to act. */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import { warningIcon } from '../icons';
import type { IStore, Notice } from '../../store/types';
import { explain, type IViewContext } from '../context';

export function Notices(props: IViewContext): React.ReactElement {
  const { store, model, trans } = props;
  const all = React.useRef<HTMLDivElement>(null);
  return (
    <div ref={all} role="status" tabIndex={-1}>
      {store.notices.map(notice => (
        <div key={notice.kind} className="jp-CredentialStore-notice">
          <warningIcon.react tag="span" width="16px" height="16px" />
          <span>{words(notice, trans)}</span>
          {copiesToShow(notice, props).map((name, _, { length }) => (
            <button
              key={name}
              type="button"
              className="jp-CredentialStore-link"
              onClick={() => {
                model.setQuery(name);
                model.showList();
              }}
            >
              {length > 1 ? trans.__('Show “%1”', name) : trans.__('Show')}
            </button>
          ))}
          <button
            type="button"
            className="jp-CredentialStore-link"
            onClick={() => {
              // The button may go with its banner.
              all.current?.focus();
              act(notice, store);
            }}
          >
            {notice.kind === 'unsaved'
              ? trans.__('Try again')
              : notice.kind === 'passphrase-changed'
                ? trans.__('Unlock again')
                : notice.kind === 'rolled-back' || notice.kind === 'replaced'
                  ? notice.gone
                    ? trans.__('Start anew')
                    : trans.__('Use it anyway')
                  : trans.__('OK')}
          </button>
        </div>
      ))}
    </div>
  );
}

/** Not from a form or a recovery code: they would go, and what they hold with them. */
function copiesToShow(
  notice: Notice,
  { model: { page } }: IViewContext
): readonly string[] {
  return notice.kind === 'merged' &&
    (page.kind === 'list' || page.kind === 'detail')
    ? notice.report.copies
    : [];
}

function act({ kind }: Notice, store: IStore): void {
  switch (kind) {
    case 'unsaved':
      return void store.retrySave();
    case 'passphrase-changed':
      return void store.lock();
    default:
      return store.dismiss(kind);
  }
}

function words(notice: Notice, trans: TranslationBundle): string {
  switch (notice.kind) {
    case 'insecure-connection':
      return trans.__(
        'Not a secure connection: whoever is on the network could alter this page.'
      );
    case 'in-page':
      return trans.__(
        'This site forbids workers: keys are kept in the page itself.'
      );
    case 'slow':
      return trans.__(
        'This site forbids WebAssembly: unlocking takes some seconds.'
      );
    case 'no-server-extension':
      return trans.__(
        'The server lacks the extension: the file is kept among your notebooks, without backups.'
      );
    case 'merged':
      return notice.report.copies.length
        ? trans.__(
            'Changed elsewhere too: both versions were kept, yours as %1.',
            notice.report.copies.map(name => `“${name}”`).join(', ')
          )
        : trans.__(
            'Changed elsewhere, in another tab or by the command: up to date now.'
          );
    case 'rolled-back':
      return trans.__(
        'The file is older than the one seen here before: what changed since is not in it.'
      );
    case 'replaced':
      return notice.gone
        ? trans.__('The store that was here is gone.')
        : trans.__('This is another store than the one seen here before.');
    case 'unsaved':
      return `${trans.__('Not saved yet.')} ${explain({ problem: notice.reason }, trans)}`;
    case 'passphrase-changed':
      return notice.needs === 'old'
        ? trans.__(
            'The passphrase was changed elsewhere. Your unsaved changes are sealed under the old one: unlock with it, then with the new one.'
          )
        : trans.__(
            'The passphrase was changed elsewhere. Your changes are kept until you unlock with the new one.'
          );
  }
}
