/** Chooses the view for the store's state and the model's page. */
import { editIcon, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';
import { Progress } from '../../progress';
import type { IViewContext } from '../context';
import { ChangePassphrase } from './change-passphrase';
import { Detail } from './detail';
import { Empty } from './empty';
import { FirstRun } from './first-run';
import { EntryForm } from './form';
import { EntryList } from './list';
import { Notices } from './notices';
import { Unlock } from './unlock';
import { Unusable } from './unusable';

export function App(props: IViewContext): React.ReactElement {
  const { model, trans } = props;
  return (
    <UseSignal signal={model.changed}>
      {() => (
        <div className="jp-CredentialStore-app">
          <Notices {...props} />
          <Current {...props} />
          <Status {...props} />
          {props.store.state.kind === 'unlocked' && (
            <div className="jp-CredentialStore-footer">
              <span>{props.store.location?.path}</span>
              <LocksIn deadline={props.store.deadline} trans={trans} />
            </div>
          )}
        </div>
      )}
    </UseSignal>
  );
}

/** What was done. It is announced from outside the panel, hence no live region itself. */
function Status({ model, announce }: IViewContext): React.ReactElement {
  const { status, wholeStatus: whole } = model;
  React.useEffect(() => announce(whole), [whole]);
  return (
    <div
      className="jp-CredentialStore-status"
      title={whole === status ? undefined : whole}
    >
      {status}
    </div>
  );
}

function Current(props: IViewContext): React.ReactElement {
  const { store, model, trans } = props;
  const { state } = store;
  switch (state.kind) {
    case 'loading':
      return (
        <section className="jp-CredentialStore-page">
          <Progress label={trans.__('Loading…')} />
        </section>
      );
    case 'absent':
      return <FirstRun {...props} />;
    case 'locked':
      return <Unlock {...props} />;
    case 'unusable':
      return <Unusable {...props} problem={state.problem} />;
    case 'unlocked': {
      const { page } = model;
      switch (page.kind) {
        case 'list':
          return (
            <>
              {model.isUnfinished && <Unfinished {...props} />}
              {store.entries.length ? (
                <EntryList {...props} />
              ) : (
                <Empty {...props} />
              )}
            </>
          );
        case 'detail':
          return <Detail key={page.id} {...props} id={page.id} />;
        case 'form':
          return <EntryForm {...props} {...page} />;
        case 'passphrase':
          return <ChangePassphrase {...props} />;
      }
    }
  }
}

/** The way back to a form that was left half-typed. */
function Unfinished({ model, trans }: IViewContext): React.ReactElement {
  return (
    <div className="jp-CredentialStore-notice">
      <editIcon.react tag="span" width="16px" height="16px" />
      <span className="jp-CredentialStore-noticeText">
        {trans.__('Unfinished entry')}
      </span>
      <button
        type="button"
        className="jp-CredentialStore-link"
        onClick={() => model.showUnfinished()}
      >
        {trans.__('Continue')}
      </button>
    </div>
  );
}

function LocksIn(props: {
  deadline: number | null;
  trans: IViewContext['trans'];
}): React.ReactElement | null {
  const { deadline, trans } = props;
  const [, tick] = React.useReducer((n: number) => n + 1, 0);
  React.useEffect(() => {
    const timer = setInterval(tick, 15_000);
    return () => clearInterval(timer);
  }, []);
  if (deadline === null) {
    return null;
  }
  const minutes = Math.max(1, Math.round((deadline - Date.now()) / 60_000));
  return <span>{trans._n('Locks in %1 min', 'Locks in %1 min', minutes)}</span>;
}
