/** Banners: what a person should know, one line each, with a way to act. */
import * as React from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IStore, Notice } from '../../store/types';
import { explain, type IViewContext } from '../context';
import { Banner } from './banner';

export function Notices(props: IViewContext): React.ReactElement {
  const { store, model, trans } = props;
  const all = React.useRef<HTMLDivElement>(null);
  return (
    <div ref={all} role="status" tabIndex={-1}>
      {store.notices.map(notice => (
        <Banner
          key={notice.kind}
          text={words(notice, trans)}
          trans={trans}
          startsOpen={isDecision(notice)}
        >
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
        </Banner>
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

/** A person decides, or chooses: the start of a line is not enough for that. */
function isDecision(notice: Notice): boolean {
  switch (notice.kind) {
    case 'rolled-back':
    case 'replaced':
      return true;
    case 'passphrase-changed':
      return notice.needs === 'old';
    case 'merged':
      return notice.report.copies.length > 1;
    default:
      return false;
  }
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
        'Keys are kept in the page itself: this site forbids workers.'
      );
    case 'slow':
      return trans.__(
        'Unlocking takes seconds: this site forbids WebAssembly.'
      );
    case 'no-server-extension':
      return trans.__(
        'The server lacks the extension: the file is among your notebooks, without backups.'
      );
    case 'merged':
      return notice.report.copies.length
        ? trans.__(
            'Nothing lost: merged with what was changed elsewhere, yours is kept as %1.',
            notice.report.copies.map(name => `“${name}”`).join(', ')
          )
        : trans.__(
            'Nothing lost: merged with what was changed in another tab, or by the command.'
          );
    case 'rolled-back':
      return trans.__(
        'The file is older than the one seen here before: what changed since is not in it.'
      );
    case 'replaced':
      return notice.gone
        ? trans.__('No store: the one that was here is gone.')
        : trans.__('Another store than the one seen here before.');
    case 'unsaved':
      return `${trans.__('Not saved yet.')} ${explain({ problem: notice.reason }, trans)}`;
    case 'passphrase-changed':
      return notice.needs === 'old'
        ? trans.__(
            'New passphrase, set elsewhere. Your unsaved changes need the old one: unlock with it, then with the new one.'
          )
        : trans.__(
            'New passphrase, set elsewhere: your changes are kept, unlock with it.'
          );
  }
}
