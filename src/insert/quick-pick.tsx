/** A quick pick with search: type, arrows, Enter. */
import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import * as React from 'react';
import '../../style/base.css';
import type { IEntrySummary } from '../custodian/protocol';

/** Rows shown at once; typing narrows. */
const SHOWN = 50;

interface IOptions {
  find(query: string): readonly IEntrySummary[];
  readonly trans: TranslationBundle;
  /** Close without a pick when this aborts: the store was locked. */
  readonly over: AbortSignal;
}

/** The name that was picked, or null. */
export function quickPick(options: IOptions): Promise<string | null> {
  return new Promise(resolve => {
    const previous = document.activeElement;
    const done = (name: string | null) => {
      options.over.removeEventListener('abort', over);
      widget.dispose();
      if (previous instanceof HTMLElement) {
        previous.focus();
      }
      resolve(name);
    };
    const over = () => done(null);
    const widget = ReactWidget.create(<QuickPick {...options} done={done} />);
    widget.addClass('jp-Dialog');
    widget.addClass('jp-ThemedContainer');
    options.over.addEventListener('abort', over);
    widget.node.addEventListener('mousedown', event => {
      if (event.target === widget.node) {
        // Beside the dialog.
        event.preventDefault();
        done(null);
      }
    });
    Widget.attach(widget, document.body);
  });
}

function QuickPick(
  props: IOptions & { done(name: string | null): void }
): React.ReactElement {
  const { find, trans, done } = props;
  const [query, setQuery] = React.useState('');
  const [active, setActive] = React.useState(0);
  const input = React.useRef<HTMLInputElement>(null);
  const list = React.useRef<HTMLUListElement>(null);
  const all = find(query);
  const found = all.slice(0, SHOWN);
  React.useEffect(() => input.current?.focus(), []);
  React.useEffect(() => {
    list.current
      ?.querySelector('[aria-selected="true"]')
      ?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const move: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key === 'Escape') {
      done(null);
    } else if (event.key === 'Enter') {
      done(found[active]?.name ?? null);
    } else if (event.key in move) {
      const next = active + move[event.key];
      setActive(Math.max(0, Math.min(found.length - 1, next)));
    } else if (event.key !== 'Tab') {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      className="jp-Dialog-content jp-CredentialStore-pick"
      role="dialog"
      aria-modal="true"
      aria-label={trans.__('Insert credential')}
      onKeyDown={onKeyDown}
    >
      <input
        ref={input}
        type="search"
        className="jp-mod-styled"
        role="combobox"
        aria-expanded="true"
        aria-controls="jp-CredentialStore-picks"
        aria-activedescendant={`jp-CredentialStore-pick-${active}`}
        aria-label={trans.__('Search credentials')}
        placeholder={trans.__('Insert credential')}
        onInput={event => {
          setQuery(event.currentTarget.value);
          setActive(0);
        }}
      />
      <ul
        ref={list}
        id="jp-CredentialStore-picks"
        role="listbox"
        aria-label={trans.__('Credentials')}
      >
        {found.map(({ id, name, user }, i) => (
          <li
            key={id}
            id={`jp-CredentialStore-pick-${i}`}
            role="option"
            aria-selected={i === active}
            onClick={() => done(name)}
          >
            <span className="jp-CredentialStore-name">{name}</span>
            <span className="jp-CredentialStore-quiet">{user}</span>
          </li>
        ))}
      </ul>
      {all.length > SHOWN && (
        <p className="jp-CredentialStore-quiet">
          {trans.__('%1 more: type to narrow', all.length - SHOWN)}
        </p>
      )}
      {!all.length && <p>{trans.__('Nothing found.')}</p>}
    </div>
  );
}
