/** There is a file that cannot be used: what it is, and what can be done. */
import * as React from 'react';
import type { Problem } from '../../store/types';
import { explain, type IViewContext } from '../context';

export function Unusable(
  props: IViewContext & { problem: Problem }
): React.ReactElement {
  const { store, trans, problem } = props;
  const path = store.location?.path ?? '';
  const text = (): [string, string] => {
    switch (problem.kind) {
      case 'foreign':
        return [
          problem.hint === 'empty'
            ? trans.__('The file %1 is empty.', path)
            : trans.__('The file %1 is not a credential store.', path),
          trans.__(
            'It will not be overwritten. Rename or move it, or set another path (CredentialStore.path in the server’s configuration), then try again.'
          )
        ];
      case 'too-large':
        return [
          trans.__('The file %1 is larger than 16 MiB.', path),
          trans.__(
            'No store is, so it is not read, and will not be overwritten. Rename or move it, or set another path (CredentialStore.path in the server’s configuration), then try again.'
          )
        ];
      case 'no-file-there':
        return [
          trans.__('What is at %1 is no file.', path),
          trans.__(
            'Nothing is written. Rename or move it, or set another path (CredentialStore.path in the server’s configuration), then try again.'
          )
        ];
      case 'newer':
        return [
          trans.__('The store was written by a newer version.'),
          trans.__('Update jupyterlab-credential-store. Nothing is written.')
        ];
      case 'damaged':
        return [
          trans.__('The store’s file is damaged (%1).', problem.detail),
          trans.__(
            'Nothing is written. Put back one of the backups beside it, %1.bak1 to .bak3.',
            path
          )
        ];
      case 'unreachable':
        if (problem.status === 404) {
          return [
            trans.__('There is no file at %1 any more.', path),
            trans.__(
              'Put it back, from a backup beside it (%1.bak1 to .bak3) or another copy, and try again. Or start anew.',
              path
            )
          ];
        }
        return [
          trans.__('The server does not hand out the store’s file.'),
          problem.status === 401
            ? explain({ problem: 'logged-out' }, trans)
            : problem.status === 403
              ? trans.__('It may not read it: check the file’s permissions.')
              : trans.__('Try again when it is back.')
        ];
    }
  };
  const [what, help] = text();
  return (
    <section className="jp-CredentialStore-page" role="alert">
      <p className="jp-CredentialStore-error">{what}</p>
      <p>{help}</p>
      <button
        type="button"
        className="jp-mod-styled jp-mod-reject jp-CredentialStore-wide"
        onClick={() => void store.refresh()}
      >
        {trans.__('Try again')}
      </button>
    </section>
  );
}
