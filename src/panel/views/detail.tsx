/** One credential: reveal and copy one field at a time. */
import { copyIcon, editIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IEntryDetail } from '../../custodian/protocol';
import { when } from '../../when';
import { backIcon, eyeIcon, eyeOffIcon, moreIcon } from '../icons';
import { explain, type IViewContext } from '../context';
import { draftOf } from '../draft';
import { shortName } from '../short-name';
import { actionsOf } from './actions';
import { useStart } from './focus';
import { insertInto } from './insert';
import { ErrorLine, IconButton, REVEAL_MS } from './parts';
import { commandsFor, placeOf } from './row-menu';

/** Always twelve: a value's length is a secret too. */
const DOTS = '••••••••••••';
/** What the menu of this page leaves out. */
const WITH_BUTTONS = ['open', 'edit', 'insert'] as const;

export function Detail(
  props: IViewContext & { id: string }
): React.ReactElement {
  const { id, store, model, trans } = props;
  const [detail, setDetail] = React.useState<IEntryDetail | null>(null);
  const [shown, setShown] = React.useState<{
    field: number;
    text: string;
  } | null>(null);
  const [error, setError] = React.useState('');
  const start = useStart<HTMLButtonElement>();
  const menu = React.useRef<HTMLButtonElement>(null);
  // A merge may put another version of the same revision in its place.
  const { rev, version } = store.entries.find(entry => entry.id === id) ?? {};

  const attempt = async (action: () => Promise<unknown>) => {
    try {
      setError('');
      await action();
    } catch (failure) {
      setError(explain(failure, trans));
    }
  };
  React.useEffect(() => {
    let current = true;
    setShown(null);
    void attempt(async () => {
      const next = await store.detail(id);
      if (current) {
        setDetail(next);
      }
    });
    return () => {
      current = false;
    };
  }, [id, rev, version]);
  React.useEffect(() => {
    const timer = setTimeout(() => setShown(null), REVEAL_MS);
    return () => clearTimeout(timer);
  }, [shown]);

  const copy = (name: string, action: () => Promise<boolean>) =>
    attempt(async () => {
      const leaves = await action();
      const words = (name: string) =>
        leaves
          ? trans.__('Copied %1', name)
          : trans.__(
              'Copied %1. It may stay in the clipboard until you copy something else.',
              name
            );
      model.setStatus(words(shortName(name)), words(name));
    });
  const name = detail?.name ?? '';
  const readers = store.grants.filter(({ entry }) => entry === id).length;
  const line = (label: string, text: string) =>
    text && (
      <div className="jp-CredentialStore-line" key={label}>
        <dt>{label}</dt>
        <dd>
          <span>{text}</span>
          <IconButton
            icon={copyIcon}
            label={trans.__('Copy %1 of %2', label, name)}
            onClick={() => void copy(label, () => props.copySecret(text))}
          />
        </dd>
      </div>
    );
  const fieldLine = ({ fields, texts }: IEntryDetail, i: number) => {
    const { name: field, type } = fields[i];
    const label = field === 'value' ? trans.__('Value') : field;
    const visible = shown?.field === i;
    return (
      <div className="jp-CredentialStore-line" key={i}>
        <dt>{label}</dt>
        <dd>
          <span className="jp-CredentialStore-value">
            {type === 'text' ? texts[i] : visible ? shown.text : DOTS}
          </span>
          {type === 'hidden' && (
            <IconButton
              icon={visible ? eyeOffIcon : eyeIcon}
              label={
                visible
                  ? trans.__('Hide %1 of %2', label, name)
                  : trans.__('Reveal %1 of %2', label, name)
              }
              pressed={visible}
              opens={{ id, field: i }}
              onClick={() =>
                visible
                  ? setShown(null)
                  : void attempt(async () =>
                      setShown({
                        field: i,
                        text: await store.reveal(id, i)
                      })
                    )
              }
            />
          )}
          <IconButton
            icon={copyIcon}
            label={trans.__('Copy %1 of %2', label, name)}
            opens={{ id, field: i }}
            onClick={() => void copy(label, () => props.copyValue(id, i))}
          />
        </dd>
      </div>
    );
  };
  return (
    <section
      className="jp-CredentialStore-page"
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          model.showList();
        }
      }}
    >
      <div className="jp-CredentialStore-pageHeader">
        <IconButton
          ref={start}
          icon={backIcon}
          label={trans.__('Back')}
          onClick={() => model.showList()}
        />
        <h3 title={name}>{name}</h3>
        {detail && (
          <>
            <IconButton
              icon={editIcon}
              label={trans.__('Edit %1', name)}
              onClick={() => model.showForm(draftOf(detail))}
            />
            <IconButton
              ref={menu}
              icon={moreIcon}
              label={trans.__('Menu for %1', name)}
              hasMenu
              onClick={event =>
                props.openCommands(
                  commandsFor(detail, actionsOf(props), trans, WITH_BUTTONS),
                  placeOf(event),
                  () => menu.current?.focus()
                )
              }
            />
          </>
        )}
      </div>
      <ErrorLine id="jp-CredentialStore-detailError" text={error} />
      {model.namesakes.has(id) && (
        <p>
          {trans.__(
            'Another credential has this name as well. Code gets the one changed last: rename one of them.'
          )}
        </p>
      )}
      {detail && (
        <dl className="jp-CredentialStore-detail">
          {fieldLine(detail, 0)}
          {line(trans.__('User name'), detail.user)}
          {line(trans.__('URL'), detail.url)}
          {detail.fields.slice(1).map((_, i) => fieldLine(detail, i + 1))}
          {line(trans.__('Notes'), detail.notes)}
          {detail.tags.length > 0 && (
            <div className="jp-CredentialStore-line">
              <dt>{trans.__('Tags')}</dt>
              <dd className="jp-CredentialStore-tags">
                {detail.tags.map(tag => (
                  <span key={tag} className="jp-CredentialStore-tag">
                    {tag}
                  </span>
                ))}
              </dd>
            </div>
          )}
        </dl>
      )}
      {detail && (
        <>
          <p className="jp-CredentialStore-quiet">
            {trans.__('Changed %1', when(detail.changed))}
            {readers > 0 &&
              ` · ${trans._n(
                'always allowed in %1 notebook',
                'always allowed in %1 notebooks',
                readers
              )}`}
          </p>
          <button
            type="button"
            className="jp-mod-styled jp-mod-reject jp-CredentialStore-wide"
            onClick={() =>
              void attempt(() => insertInto(props, detail.name, setError))
            }
          >
            {trans.__('Insert into notebook')}
          </button>
        </>
      )}
    </section>
  );
}
