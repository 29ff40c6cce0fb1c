/** The list: search, rows in view only, and who has access. */
import { copyIcon, deleteIcon, editIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { IEntrySummary } from '../../custodian/protocol';
import keySvg from '../../../style/icons/key.svg';
import { callOf } from '../../insert/call';
import type { IViewContext } from '../context';
import { draftOf } from '../draft';
import { EMPTY_DRAFT } from '../model';
import { Access } from './access';
import { IconButton } from './parts';

const ROW = 28;
/** Rows rendered beyond the edges, so that a scroll shows no gap. */
const MARGIN = 8;

export function EntryList(props: IViewContext): React.ReactElement {
  const { model, store, trans } = props;
  const { found, query } = model;
  const [active, setActive] = React.useState(() =>
    Math.max(
      0,
      found.findIndex(({ id }) => id === model.last)
    )
  );
  const [view, setView] = React.useState({ top: 0, height: 600 });
  const list = React.useRef<HTMLDivElement>(null);
  const search = React.useRef<HTMLInputElement>(null);
  const current = Math.min(active, found.length - 1);
  const total = store.entries.length;

  React.useEffect(() => {
    const node = list.current;
    if (!node) {
      return;
    }
    const measure = () =>
      setView({ top: node.scrollTop, height: node.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    return () => observer.disconnect();
  }, [found.length > 0]);

  React.useEffect(() => {
    if (search.current) {
      search.current.value = model.query;
    }
    if (model.last !== null && list.current) {
      list.current.focus();
      move(current);
    }
  }, []);

  // One and the same, so that a row whose entry stays is not drawn again.
  const actions = React.useMemo(() => actionsOf(props), [store, model, trans]);
  const move = (to: number) => {
    const next = Math.max(0, Math.min(found.length - 1, to));
    setActive(next);
    const node = list.current!;
    if (next * ROW < node.scrollTop) {
      node.scrollTop = next * ROW;
    } else if ((next + 1) * ROW > node.scrollTop + node.clientHeight) {
      node.scrollTop = (next + 1) * ROW - node.clientHeight;
    }
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const entry = found[current];
    const keys: Record<string, () => void> = {
      ArrowDown: () => move(current + 1),
      ArrowUp: () => move(current - 1),
      Home: () => move(0),
      End: () => move(found.length - 1),
      Enter: () => entry && actions.open(entry),
      Delete: () => entry && actions.remove(entry),
      e: () => entry && actions.edit(entry),
      '/': () => search.current?.focus()
    };
    const action = Object.hasOwn(keys, event.key) ? keys[event.key] : null;
    if (
      action &&
      event.target === event.currentTarget &&
      !event.ctrlKey &&
      !event.metaKey
    ) {
      event.preventDefault();
      event.stopPropagation();
      action();
    }
  };

  const first = Math.max(0, Math.floor(view.top / ROW) - MARGIN);
  const last = Math.ceil((view.top + view.height) / ROW) + MARGIN;
  return (
    <>
      <input
        ref={search}
        type="search"
        className="jp-mod-styled jp-CredentialStore-search"
        aria-label={trans.__('Search credentials')}
        placeholder={trans._n(
          'Search %1 credential',
          'Search %1 credentials',
          total
        )}
        onInput={event => {
          setActive(0);
          model.setQuery(event.currentTarget.value);
        }}
        onKeyDown={event => {
          if (event.key === 'ArrowDown') {
            event.preventDefault();
            list.current?.focus();
          }
        }}
      />
      {found.length ? (
        <div
          ref={list}
          className="jp-CredentialStore-list"
          role="listbox"
          tabIndex={0}
          aria-label={trans.__('Credentials')}
          aria-activedescendant={`jp-CredentialStore-row-${current}`}
          onScroll={event =>
            setView({
              top: event.currentTarget.scrollTop,
              height: event.currentTarget.clientHeight
            })
          }
          onKeyDown={onKeyDown}
        >
          <div
            role="presentation"
            style={{ height: found.length * ROW, position: 'relative' }}
          >
            {found.slice(first, last).map((entry, i) => (
              <Row
                key={entry.id}
                entry={entry}
                position={first + i}
                size={found.length}
                active={first + i === current}
                actions={actions}
                trans={trans}
              />
            ))}
          </div>
        </div>
      ) : (
        <section className="jp-CredentialStore-page">
          <p>{trans.__('No credential matches “%1”.', query)}</p>
          <button
            type="button"
            className="jp-mod-styled jp-mod-reject"
            onClick={() => model.showForm({ ...EMPTY_DRAFT, name: query })}
          >
            {trans.__('Add “%1”', query)}
          </button>
        </section>
      )}
      <Access {...props} />
    </>
  );
}

interface IActions {
  open(entry: IEntrySummary): void;
  copy(entry: IEntrySummary): void;
  edit(entry: IEntrySummary): void;
  remove(entry: IEntrySummary): void;
}

function actionsOf(props: IViewContext): IActions {
  const { store, model, trans } = props;
  const edit = async ({ id }: IEntrySummary) => {
    const detail = await store.detail(id);
    model.showForm(draftOf(detail));
  };
  const remove = async ({ id }: IEntrySummary) => {
    const { name } = await store.remove(id);
    const message = trans.__('Deleted %1.', name);
    model.setStatus(message);
    props.offerUndo(message, () => void store.restore(id));
  };
  return {
    open: ({ id }) => model.showDetail(id),
    copy: ({ name }) => {
      props.copyText(callOf(name));
      model.setStatus(trans.__('Code copied'));
    },
    edit: entry => void edit(entry),
    remove: entry => void remove(entry)
  };
}

interface IRowProps {
  readonly entry: IEntrySummary;
  readonly position: number;
  readonly size: number;
  readonly active: boolean;
  readonly actions: IActions;
  readonly trans: IViewContext['trans'];
}

/** A key in the search box draws dozens of them: no LabIcon, and buttons where they can be seen. */
const Row = React.memo((props: IRowProps): React.ReactElement => {
  const { entry, position, size, active, actions } = props;
  const [hovered, setHovered] = React.useState(false);
  return (
    <div
      className="jp-CredentialStore-rowBox"
      style={{ top: position * ROW }}
      role="presentation"
      onMouseEnter={() => setHovered(true)}
      onMouseMove={() => setHovered(true)}
      onMouseLeave={() => setHovered(false)}
    >
      <div
        id={`jp-CredentialStore-row-${position}`}
        className="jp-CredentialStore-row"
        role="option"
        aria-selected={active}
        aria-setsize={size}
        aria-posinset={position + 1}
        title={entry.name}
        onClick={() => actions.open(entry)}
      >
        <span dangerouslySetInnerHTML={KEY} />
        <span className="jp-CredentialStore-name">{entry.name}</span>
        <span className="jp-CredentialStore-user">{entry.user}</span>
        <span className="jp-CredentialStore-rowTags">
          {entry.tags.map(tag => (
            <span key={tag} className="jp-CredentialStore-tag">
              {tag}
            </span>
          ))}
        </span>
      </div>
      {(active || hovered) && <RowActions {...props} />}
    </div>
  );
});
Row.displayName = 'Row';

const KEY = { __html: keySvg };

function RowActions(props: IRowProps): React.ReactElement {
  const { entry, actions, trans } = props;
  const act =
    (action: (entry: IEntrySummary) => void) => (event: React.MouseEvent) => {
      event.stopPropagation();
      action(entry);
    };
  return (
    <span className="jp-CredentialStore-rowActions">
      <IconButton
        icon={copyIcon}
        label={trans.__('Copy code for %1', entry.name)}
        onClick={act(actions.copy)}
      />
      <IconButton
        icon={editIcon}
        label={trans.__('Edit %1', entry.name)}
        onClick={act(actions.edit)}
      />
      <IconButton
        icon={deleteIcon}
        label={trans.__('Delete %1', entry.name)}
        onClick={act(actions.remove)}
      />
    </span>
  );
}
