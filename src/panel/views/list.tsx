/** The list: search, rows in view only, and who has access. */
import * as React from 'react';
import type { IViewContext } from '../context';
import { EMPTY_DRAFT } from '../model';
import { Access } from './access';
import { actionsOf } from './actions';
import { isFocusOurs } from './focus';
import { commandsFor, placeOf, RIGHT, type IPlace } from './row-menu';
import { ROW, Row, RowActions, rowId } from './rows';

/** Rows rendered beyond the edges, so that a scroll shows no gap. */
const MARGIN = 4;

export function EntryList(props: IViewContext): React.ReactElement {
  const { model, store, trans } = props;
  const { found, query, namesakes } = model;
  const [active, setActive] = React.useState(() =>
    Math.max(
      0,
      found.findIndex(({ id }) => id === model.last)
    )
  );
  const [hovered, setHovered] = React.useState<number | null>(null);
  const [view, setView] = React.useState({ top: 0, height: 600 });
  const scroller = React.useRef<HTMLDivElement>(null);
  const list = React.useRef<HTMLDivElement>(null);
  const search = React.useRef<HTMLInputElement>(null);
  const current = Math.min(active, found.length - 1);
  const total = store.entries.length;
  // The listbox is as long as its rows: the browser would scroll to its start.
  const focusList = () => list.current?.focus({ preventScroll: true });

  React.useEffect(() => {
    const node = scroller.current;
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
      move(current);
    }
    if (isFocusOurs()) {
      if (model.last !== null && list.current) {
        focusList();
      } else {
        search.current?.focus();
      }
    }
  }, []);

  React.useEffect(() => {
    // A banner may search as well; what is typed here is in the field already.
    if (search.current && search.current.value !== query) {
      search.current.value = query;
      setActive(0);
    }
  }, [query]);

  // One and the same, so that a row whose entry stays is not drawn again.
  const actions = React.useMemo(() => actionsOf(props), [store, model, trans]);
  const move = (to: number) => {
    const next = Math.max(0, Math.min(found.length - 1, to));
    setActive(next);
    const node = scroller.current!;
    if (next * ROW < node.scrollTop) {
      node.scrollTop = next * ROW;
    } else if ((next + 1) * ROW > node.scrollTop + node.clientHeight) {
      node.scrollTop = (next + 1) * ROW - node.clientHeight;
    }
  };
  const menu = React.useRef<(position: number, at: IPlace) => void>();
  menu.current = (position, at) => {
    setActive(position);
    const entry = found[position];
    props.openCommands(commandsFor(entry, actions, trans), at, focusList);
  };
  // One and the same, as above.
  const onMenu = React.useCallback(
    (event: React.MouseEvent, position: number) => {
      event.stopPropagation();
      // With Shift the browser's own comes, as everywhere in Lab.
      if (!event.shiftKey || event.button !== RIGHT) {
        event.preventDefault();
        menu.current!(position, placeOf(event));
      }
    },
    []
  );
  const onKeyDown = (event: React.KeyboardEvent) => {
    const entry = found[current];
    const keys: Record<string, () => void> = {
      ArrowDown: () => move(current + 1),
      ArrowUp: () => move(current - 1),
      ArrowRight: () =>
        scroller.current
          ?.querySelector<HTMLElement>('[role=group] button')
          ?.focus(),
      Home: () => move(0),
      End: () => move(found.length - 1),
      Enter: () => entry && actions.open(entry),
      Delete: () => entry && actions.remove(entry),
      e: () => entry && actions.edit(entry),
      '/': () => search.current?.focus()
    };
    const action = Object.hasOwn(keys, event.key) ? keys[event.key] : null;
    if (action && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      event.stopPropagation();
      action();
    }
  };

  const first = Math.max(0, Math.floor(view.top / ROW) - MARGIN);
  const last = Math.ceil((view.top + view.height) / ROW) + MARGIN;
  // The active row's come first: the right arrow goes there.
  const withActions = [...new Set([current, hovered ?? current])];
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
            focusList();
          } else if (event.key === 'Enter' && found.length) {
            event.preventDefault();
            actions.open(found[0]);
          }
        }}
      />
      {found.length ? (
        <div
          ref={scroller}
          className="jp-CredentialStore-list"
          onScroll={event =>
            setView({
              top: event.currentTarget.scrollTop,
              height: event.currentTarget.clientHeight
            })
          }
          onMouseLeave={() => setHovered(null)}
        >
          <div
            ref={list}
            role="listbox"
            tabIndex={0}
            aria-label={trans.__('Credentials')}
            aria-activedescendant={rowId(current)}
            style={{ height: found.length * ROW }}
            onKeyDown={onKeyDown}
            onContextMenu={event => {
              // The menu key, or Shift+F10: it goes to the list, which has the focus.
              if (event.button !== RIGHT) {
                onMenu(event, current);
              }
            }}
          >
            {found.slice(first, last).map((entry, i) => (
              <Row
                key={entry.id}
                entry={entry}
                position={first + i}
                size={found.length}
                active={first + i === current}
                hovered={first + i === hovered}
                isNamesake={namesakes.has(entry.id)}
                trans={trans}
                onOpen={actions.open}
                onMenu={onMenu}
                onHover={setHovered}
              />
            ))}
          </div>
          {withActions.map(
            position =>
              position < found.length && (
                <RowActions
                  key={found[position].id}
                  entry={found[position]}
                  position={position}
                  hovered={position === hovered}
                  trans={trans}
                  onMenu={onMenu}
                  onHover={setHovered}
                  onCopy={entry => {
                    setActive(position);
                    actions.copy(entry);
                  }}
                  onLeave={focusList}
                />
              )
          )}
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
