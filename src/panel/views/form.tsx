/** Adds or edits a credential. What is half-typed is kept, sealed, as it is typed. */
import * as React from 'react';
import type { IDraftField, IEntryDraft } from '../../custodian/protocol';
import { backIcon } from '../icons';
import { explain, type IViewContext } from '../context';
import { shortName } from '../short-name';
import { isFocusOurs } from './focus';
import { fill, FormField, Told, type IFormProblem } from './form-field';
import { IconButton, REVEAL_MS } from './parts';

/** Typing rests this long before the draft is sealed, in ms. */
const STASH_MS = 300;
/** A save that takes longer is shown to be one, in ms. */
const BUSY_MS = 100;

export function EntryForm(
  props: IViewContext & { draft: IEntryDraft; inTheWay: boolean }
): React.ReactElement {
  const { store, model, trans } = props;
  const stored = store.entries.find(({ id }) => id === props.draft.id);
  const title = stored
    ? trans.__('Edit %1', stored.name)
    : trans.__('Add credential');
  const draft = React.useRef<IEntryDraft>(props.draft);
  const [fields, setFields] = React.useState(() =>
    props.draft.fields.map((field, key) => ({
      key,
      hidden: field.type === 'hidden'
    }))
  );
  const nextKey = React.useRef(fields.length);
  /** The stored value that is shown in its field. */
  const [revealed, setRevealed] = React.useState<{
    key: number;
    text: string;
  } | null>(null);
  const [problem, setProblem] = React.useState<IFormProblem | null>(null);
  const told = new Told(problem);
  const [busy, setBusy] = React.useState(false);
  const timer = React.useRef<ReturnType<typeof setTimeout>>();
  const saving = React.useRef(false);
  const closed = React.useRef(false);
  // One that was left half-typed is so still.
  const touched = React.useRef(model.isUnsaved);
  const form = React.useRef<HTMLFormElement>(null);
  const addField = React.useRef<HTMLButtonElement>(null);

  const stash = () => {
    clearTimeout(timer.current);
    if (touched.current && !closed.current) {
      void store.stashDraft(draft.current).catch(() => undefined);
    }
  };
  const change = (part: Partial<IEntryDraft>) => {
    touched.current = true;
    model.noteTyping();
    draft.current = { ...draft.current, ...part };
    clearTimeout(timer.current);
    timer.current = setTimeout(stash, STASH_MS);
  };
  const changeField = (i: number, part: Partial<IDraftField>) => {
    const at = <T,>(all: readonly T[], next: Partial<T>) =>
      all.map((one, j) => (j === i ? { ...one, ...next } : one));
    change({ fields: at(draft.current.fields, part) });
    if (part.type) {
      setFields(at(fields, { hidden: part.type === 'hidden' }));
    }
  };
  React.useEffect(() => () => clearTimeout(timer.current), []);
  React.useEffect(() => {
    const over = setTimeout(() => setRevealed(null), REVEAL_MS);
    return () => clearTimeout(over);
  }, [revealed]);
  /** One at a time. */
  const reveal = async (
    what: { key: number; i: number; field: number } | null
  ) => {
    setRevealed(null);
    if (what && stored) {
      try {
        const text = await store.reveal(stored.id, what.field);
        setRevealed({ key: what.key, text });
      } catch (failure) {
        const text = explain(failure, trans);
        setProblem({ where: `fields.${what.i}`, text });
      }
    }
  };
  React.useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problem]);

  const save = async (event: React.FormEvent) => {
    event.preventDefault();
    if (saving.current) {
      return;
    }
    if (draft.current.fields[0]?.value === '') {
      setProblem({ where: 'fields.0', text: trans.__('Enter the value.') });
      return;
    }
    saving.current = true;
    // Most are saved sooner than that could be drawn.
    const slow = setTimeout(() => setBusy(true), BUSY_MS);
    setProblem(null);
    try {
      const put = await store.put(draft.current);
      closed.current = true;
      model.closeForm(put.id);
      model.setStatus(
        trans.__('Saved %1', shortName(put.name)),
        trans.__('Saved %1', put.name)
      );
    } catch (failure) {
      const { code, detail } = failure as { code?: string; detail?: string };
      setProblem(
        code === 'invalid-draft'
          ? { where: placeOf(detail), text: rule(detail ?? '', trans) }
          : {
              where: code === 'name-taken' ? 'name' : '',
              text: explain(failure, trans)
            }
      );
      saving.current = false;
      setBusy(false);
    } finally {
      clearTimeout(slow);
    }
  };
  const back = () => {
    stash();
    if (touched.current) {
      model.leaveForm();
    } else {
      cancel();
    }
  };
  const cancel = () => {
    closed.current = true;
    clearTimeout(timer.current);
    model.closeForm(props.draft.id);
  };
  const text = (
    part: 'name' | 'user' | 'url',
    label: string,
    isStart = false
  ) => (
    <>
      <label className="jp-CredentialStore-field">
        {label}
        <input
          type="text"
          className="jp-mod-styled"
          ref={node => {
            if (fill(node, draft.current[part]) && isStart && isFocusOurs()) {
              node!.focus();
            }
          }}
          autoComplete="off"
          {...told.of(part)}
          onInput={event => change({ [part]: event.currentTarget.value })}
          onBlur={stash}
        />
      </label>
      {told.at(part)}
    </>
  );
  const valueOf = ({ key, hidden }: (typeof fields)[number], i: number) => {
    const field = draft.current.fields[i];
    return (
      <FormField
        key={key}
        position={i}
        field={field}
        hidden={hidden}
        isNew={key >= props.draft.fields.length}
        stored={
          // A merge may have put another version in the place of the one that is edited.
          stored &&
          stored.version === props.draft.version &&
          field.from !== undefined
            ? {
                at: { id: stored.id, field: field.from },
                text: revealed?.key === key ? revealed.text : null,
                show: shown =>
                  void reveal(shown ? { key, i, field: field.from! } : null)
              }
            : undefined
        }
        told={told}
        trans={trans}
        onChange={part => changeField(i, part)}
        onBlur={stash}
        onRemove={() => {
          const others = (_: unknown, at: number) => at !== i;
          change({ fields: draft.current.fields.filter(others) });
          setFields(fields.filter(others));
          addField.current?.focus();
        }}
      />
    );
  };
  return (
    <form
      ref={form}
      className="jp-CredentialStore-page"
      onSubmit={save}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          back();
        }
      }}
      aria-label={title}
    >
      <div className="jp-CredentialStore-pageHeader">
        <IconButton icon={backIcon} label={trans.__('Back')} onClick={back} />
        <h3 title={title}>{title}</h3>
      </div>
      {props.inTheWay && (
        <p role="status">
          {trans.__('This one is unfinished: save or cancel it first.')}
        </p>
      )}
      {text('name', trans.__('Name'), true)}
      {fields.slice(0, 1).map(valueOf)}
      {text('user', trans.__('User name'))}
      {text('url', trans.__('URL'))}
      {fields.slice(1).map((field, i) => valueOf(field, i + 1))}
      <button
        ref={addField}
        type="button"
        className="jp-CredentialStore-link"
        onClick={() => {
          const empty = { name: '', type: 'hidden', value: '' } as const;
          change({ fields: [...draft.current.fields, empty] });
          setFields([...fields, { key: nextKey.current++, hidden: true }]);
        }}
      >
        {trans.__('+ Add field')}
      </button>
      <label className="jp-CredentialStore-field">
        {trans.__('Notes')}
        <textarea
          className="jp-mod-styled"
          rows={3}
          {...told.of('notes')}
          ref={node => void fill(node, draft.current.notes)}
          onInput={event => change({ notes: event.currentTarget.value })}
          onBlur={stash}
        />
      </label>
      {told.at('notes')}
      <label className="jp-CredentialStore-field">
        {trans.__('Tags, separated by commas')}
        <input
          type="text"
          className="jp-mod-styled"
          {...told.of('tags')}
          ref={node => void fill(node, draft.current.tags.join(', '))}
          onInput={event =>
            change({ tags: event.currentTarget.value.split(',') })
          }
          onBlur={stash}
        />
      </label>
      {told.at('tags')}
      {told.at('')}
      <div className="jp-CredentialStore-buttons">
        <button
          type="button"
          className="jp-mod-styled jp-mod-reject"
          onClick={cancel}
        >
          {trans.__('Cancel')}
        </button>
        <button
          type="submit"
          className="jp-mod-styled jp-mod-accept"
          aria-disabled={busy}
        >
          {trans.__('Save')}
        </button>
      </div>
    </form>
  );
}

/** Where the form shows what the rule was broken by. */
function placeOf(detail = ''): string {
  const place = detail.replace('hidden', 'fields');
  return /^(name|user|url|notes|tags|fields\.\d+)$/.test(place) ? place : '';
}

function rule(where: string, trans: IViewContext['trans']): string {
  if (where === 'name') {
    return trans.__('A name has 1 to 256 characters, and no line break.');
  }
  if (where.startsWith('hidden')) {
    return trans.__('A hidden value is not shown: enter it again.');
  }
  if (where.startsWith('fields')) {
    return trans.__('Each field needs a name of its own.');
  }
  return trans.__('This text has a character that cannot be stored.');
}
