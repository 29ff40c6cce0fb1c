/** Who may read what without being asked, and how to take it back. */
import { caretDownIcon, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';
import { when } from '../../when';
import type { IViewContext } from '../context';

export function Access(props: IViewContext): React.ReactElement {
  return (
    <UseSignal signal={props.kernelGrants.changed}>
      {() => <Grants {...props} />}
    </UseSignal>
  );
}

interface IAccess {
  readonly path: string;
  readonly entry: string;
  /** How long it holds. */
  readonly words: string;
  revoke(): unknown;
}

function Grants(props: IViewContext): React.ReactElement {
  const { store, kernelGrants, trans } = props;
  const summary = React.useRef<HTMLElement>(null);
  const names = React.useMemo(
    () => new Map(store.entries.map(({ id, name }) => [id, name])),
    [store.entries]
  );
  const all: readonly IAccess[] = [
    ...store.grants.map(({ path, entry, since, used }) => ({
      path,
      entry,
      words: trans.__('since %1, last used %2', when(since), when(used)),
      revoke: () => store.revoke(path, entry)
    })),
    ...kernelGrants.all.map(grant => ({
      ...grant,
      words: trans.__(
        'this run of %1 only, since %2, last used %3',
        grant.kernel,
        when(grant.since),
        when(grant.used)
      ),
      revoke: () => kernelGrants.revoke(grant)
    }))
  ];
  return (
    <details className="jp-CredentialStore-access">
      <summary ref={summary}>
        <caretDownIcon.react
          tag="span"
          className="jp-CredentialStore-caret"
          aria-hidden="true"
        />
        {trans.__('Access (%1)', all.length)}
      </summary>
      {all.length ? (
        <ul>
          {all.map(({ path, entry, words, revoke }, i) => {
            const name = names.get(entry) ?? trans.__('(deleted)');
            return (
              <li key={i}>
                <div>
                  <span className="jp-CredentialStore-name" title={path}>
                    {path}
                  </span>
                  <span>{name}</span>
                  <span className="jp-CredentialStore-quiet">{words}</span>
                </div>
                <button
                  type="button"
                  className="jp-CredentialStore-link"
                  aria-label={trans.__('Revoke %1 for %2', name, path)}
                  onClick={() => {
                    // The button goes with its row.
                    summary.current?.focus();
                    revoke();
                  }}
                >
                  {trans.__('Revoke')}
                </button>
              </li>
            );
          })}
        </ul>
      ) : (
        <p className="jp-CredentialStore-quiet">
          {trans.__('Nobody may read anything without asking you.')}
        </p>
      )}
    </details>
  );
}
