/** A store without credentials: add one, or try it with an example. */
import * as React from 'react';
import { explain, type IViewContext } from '../context';
import { EMPTY_DRAFT } from '../model';
import { useStart } from './focus';

export function Empty(props: IViewContext): React.ReactElement {
  const { model, store, trans } = props;
  const start = useStart<HTMLButtonElement>();
  const tryIt = async () => {
    await store.put({
      ...EMPTY_DRAFT,
      name: 'example',
      fields: [{ name: 'value', type: 'hidden', value: 'open sesame' }]
    });
    let isThere = await props.insertCell('example');
    if (!isThere) {
      model.setStatus(trans.__('Opening a notebook…'));
      isThere =
        (await props.openNotebook()) && (await props.insertCell('example'));
    }
    model.setStatus(
      isThere
        ? trans.__('Run the cell to try it.')
        : trans.__('Open a notebook to insert the call.')
    );
  };
  return (
    <section className="jp-CredentialStore-page">
      <p>{trans.__('No credentials yet.')}</p>
      <button
        ref={start}
        type="button"
        className="jp-mod-styled jp-mod-accept jp-CredentialStore-wide"
        onClick={() => model.showForm(EMPTY_DRAFT)}
      >
        {trans.__('Add credential')}
      </button>
      <p className="jp-CredentialStore-quiet">
        {trans.__('Or try it with an example: it writes a cell that reads it.')}
      </p>
      <button
        type="button"
        className="jp-mod-styled jp-mod-reject jp-CredentialStore-wide"
        onClick={() =>
          void tryIt().catch(error => model.setStatus(explain(error, trans)))
        }
      >
        {trans.__('Try it')}
      </button>
    </section>
  );
}
