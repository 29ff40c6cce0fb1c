/** Who may read what without being asked, and how to take it back. */
import * as React from 'react';
import type { IViewContext } from '../context';

export function Access(props: IViewContext): React.ReactElement {
  const { store, trans } = props;
  const { grants } = store;
  const names = React.useMemo(
    () => new Map(store.entries.map(({ id, name }) => [id, name])),
    [store.entries]
  );
  const day = (at: number) => new Date(at).toLocaleDateString();
  return (
    <details className="jp-CredentialStore-access">
      <summary>{trans.__('Access (%1)', grants.length)}</summary>
      {grants.length ? (
        <ul>
          {grants.map(({ path, entry, since, used }) => {
            const name = names.get(entry) ?? trans.__('(deleted)');
            return (
              <li key={`${path}\n${entry}`}>
                <div>
                  <span className="jp-CredentialStore-name" title={path}>
                    {path}
                  </span>
                  <span>{name}</span>
                  <span className="jp-CredentialStore-quiet">
                    {trans.__('since %1, last used %2', day(since), day(used))}
                  </span>
                </div>
                <button
                  type="button"
                  className="jp-CredentialStore-link"
                  aria-label={trans.__('Revoke %1 for %2', name, path)}
                  onClick={() => void store.revoke(path, entry)}
                >
                  {trans.__('Revoke')}
                </button>
              </li>
            );
          })}
        </ul>
      ) : (
        <p className="jp-CredentialStore-quiet">
          {trans.__(
            'No notebook is always allowed. What you allow for a kernel ends with it, or with a lock.'
          )}
        </p>
      )}
    </details>
  );
}
