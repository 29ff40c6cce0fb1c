/** What can be done with a credential, from its row or its page. */
import type { IEntrySummary } from '../../custodian/protocol';
import { callOf } from '../../insert/call';
import { explain, type IViewContext } from '../context';
import { draftOf } from '../draft';
import { shortName } from '../short-name';
import { insertInto } from './insert';

/** What goes wrong is told in the panel's line. */
export function actionsOf(props: IViewContext) {
  const { store, model, trans } = props;
  const attempt = (action: () => Promise<void>) =>
    void action().catch(error => model.setStatus(explain(error, trans)));
  const edit = async ({ id }: IEntrySummary) => {
    const detail = await store.detail(id);
    model.showForm(draftOf(detail));
  };
  const remove = async ({ id }: IEntrySummary) => {
    const { name } = await store.remove(id);
    const message = trans.__('Deleted %1.', shortName(name));
    model.setStatus(message, trans.__('Deleted %1.', name));
    props.offerUndo(message, () => attempt(() => store.restore(id)));
  };
  const duplicate = async ({ id }: IEntrySummary) => {
    model.showDetail((await store.duplicate(id)).id);
  };
  return {
    open: ({ id }: IEntrySummary) => model.showDetail(id),
    copy: ({ name }: IEntrySummary) => {
      props.copyText(callOf(name));
      model.setStatus(trans.__('Code copied'));
    },
    edit: (entry: IEntrySummary) => attempt(() => edit(entry)),
    insert: ({ name }: IEntrySummary) =>
      attempt(() => insertInto(props, name, words => model.setStatus(words))),
    duplicate: (entry: IEntrySummary) => attempt(() => duplicate(entry)),
    remove: (entry: IEntrySummary) => attempt(() => remove(entry))
  };
}
