/** Adds or edits a credential. What is half-typed is kept, sealed, as it is typed. */
import * as React from 'react';
import type { IDraftField, IEntryDraft } from '../../custodian/protocol';
import { backIcon } from '../icons';
import { explain, type IViewContext } from '../context';
import { closeIcon, ErrorLine, IconButton, SecretInput } from './parts';

const ERROR_ID = 'jp-CredentialStore-formError';
/** Typing rests this long before the draft is sealed, in ms. */
const STASH_MS = 300;

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
  const [problem, setProblem] = React.useState<{
    where: string;
    text: string;
  } | null>(null);
  const [busy, setBusy] = React.useState(false);
  const timer = React.useRef<ReturnType<typeof setTimeout>>();
  const closed = React.useRef(false);
  const touched = React.useRef(false);

  const stash = () => {
    clearTimeout(timer.current);
    if (touched.current && !closed.current) {
      void store.stashDraft(draft.current).catch(() => undefined);
    }
  };
  const change = (part: Partial<IEntryDraft>) => {
    touched.current = true;
    draft.current = { ...draft.current, ...part };
    clearTimeout(timer.current);
    timer.current = setTimeout(stash, STASH_MS);
  };
  const changeField = (i: number, part: Partial<IDraftField>) =>
    change({
      fields: draft.current.fields.map((field, at) =>
        at === i ? { ...field, ...part } : field
      )
    });
  React.useEffect(() => () => clearTimeout(timer.current), []);

  const save = async (event: React.FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const put = await store.put(draft.current);
      closed.current = true;
      model.closeForm();
      model.showDetail(put.id);
      model.setStatus(trans.__('Saved %1', put.name));
    } catch (failure) {
      const { code, detail } = failure as { code?: string; detail?: string };
      setProblem(
        code === 'invalid-draft'
          ? { where: detail ?? '', text: rule(detail ?? '', trans) }
          : {
              where: code === 'name-taken' ? 'name' : '',
              text: explain(failure, trans)
            }
      );
      setBusy(false);
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
    model.closeForm();
  };
  const text = (
    part: 'name' | 'user' | 'url',
    label: string,
    focus = false
  ) => (
    <label className="jp-CredentialStore-field">
      {label}
      <input
        type="text"
        className="jp-mod-styled"
        ref={node => {
          if (node && !node.dataset.filled) {
            node.dataset.filled = 'true';
            node.value = draft.current[part];
            if (focus) {
              node.focus();
            }
          }
        }}
        autoComplete="off"
        aria-invalid={problem?.where === part}
        aria-describedby={problem?.where === part ? ERROR_ID : undefined}
        onInput={event => change({ [part]: event.currentTarget.value })}
        onBlur={stash}
      />
    </label>
  );
  return (
    <form
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
        <h3>{title}</h3>
      </div>
      {props.inTheWay && (
        <p role="status">
          {trans.__('This one is unfinished: save or cancel it first.')}
        </p>
      )}
      {text('name', trans.__('Name'), true)}
      {fields.map(({ key, hidden }, i) => {
        const field = draft.current.fields[i];
        const first = i === 0;
        const label = first
          ? trans.__('Value')
          : trans.__('Value of field %1', i + 1);
        const bad = problem?.where === `fields.${i}`;
        return (
          <fieldset key={key} className="jp-CredentialStore-fieldset">
            {first ? (
              <span className="jp-CredentialStore-label">
                {trans.__('Value')}
              </span>
            ) : (
              <div className="jp-CredentialStore-fieldHead">
                <input
                  type="text"
                  className="jp-mod-styled"
                  aria-label={trans.__('Name of field %1', i + 1)}
                  placeholder={trans.__('Field name')}
                  ref={node => {
                    if (node && !node.dataset.filled) {
                      node.dataset.filled = 'true';
                      node.value = field.name;
                    }
                  }}
                  onInput={event =>
                    changeField(i, { name: event.currentTarget.value })
                  }
                  onBlur={stash}
                />
                <label className="jp-CredentialStore-check">
                  <input
                    type="checkbox"
                    defaultChecked={hidden}
                    onChange={event => {
                      const { checked } = event.currentTarget;
                      changeField(i, { type: checked ? 'hidden' : 'text' });
                      setFields(
                        fields.map((f, at) =>
                          at === i ? { ...f, hidden: checked } : f
                        )
                      );
                    }}
                  />
                  {trans.__('Hidden')}
                </label>
                <IconButton
                  icon={closeIcon}
                  label={trans.__('Remove field %1', i + 1)}
                  onClick={() => {
                    change({
                      fields: draft.current.fields.filter((_, at) => at !== i)
                    });
                    setFields(fields.filter((_, at) => at !== i));
                  }}
                />
              </div>
            )}
            {hidden ? (
              <SecretInput
                label={label}
                trans={trans}
                defaultText={field.value}
                placeholder={
                  field.from !== undefined && field.value === undefined
                    ? trans.__('Unchanged')
                    : undefined
                }
                errorId={bad ? ERROR_ID : undefined}
                onInput={value =>
                  changeField(i, {
                    value:
                      value === '' && field.from !== undefined
                        ? undefined
                        : value
                  })
                }
              />
            ) : (
              <input
                type="text"
                className="jp-mod-styled"
                aria-label={label}
                aria-describedby={bad ? ERROR_ID : undefined}
                ref={node => {
                  if (node && !node.dataset.filled) {
                    node.dataset.filled = 'true';
                    node.value = field.value ?? '';
                  }
                }}
                onInput={event =>
                  changeField(i, { value: event.currentTarget.value })
                }
                onBlur={stash}
              />
            )}
          </fieldset>
        );
      })}
      {text('user', trans.__('User name'))}
      {text('url', trans.__('URL'))}
      <label className="jp-CredentialStore-field">
        {trans.__('Notes')}
        <textarea
          className="jp-mod-styled"
          rows={3}
          ref={node => {
            if (node && !node.dataset.filled) {
              node.dataset.filled = 'true';
              node.value = draft.current.notes;
            }
          }}
          onInput={event => change({ notes: event.currentTarget.value })}
          onBlur={stash}
        />
      </label>
      <label className="jp-CredentialStore-field">
        {trans.__('Tags, separated by commas')}
        <input
          type="text"
          className="jp-mod-styled"
          ref={node => {
            if (node && !node.dataset.filled) {
              node.dataset.filled = 'true';
              node.value = draft.current.tags.join(', ');
            }
          }}
          onInput={event =>
            change({ tags: event.currentTarget.value.split(',') })
          }
          onBlur={stash}
        />
      </label>
      <button
        type="button"
        className="jp-CredentialStore-link"
        onClick={() => {
          change({
            fields: [
              ...draft.current.fields,
              { name: '', type: 'hidden', value: '' }
            ]
          });
          setFields([...fields, { key: nextKey.current++, hidden: true }]);
        }}
      >
        {trans.__('+ Add field')}
      </button>
      <ErrorLine id={ERROR_ID} text={problem?.text ?? ''} />
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
          disabled={busy}
        >
          {trans.__('Save')}
        </button>
      </div>
    </form>
  );
}

function rule(where: string, trans: IViewContext['trans']): string {
  if (where === 'name') {
    return trans.__('A name has 1 to 256 characters, and no line break.');
  }
  if (where.startsWith('fields')) {
    return trans.__('Each field needs a name of its own.');
  }
  return trans.__('This text has a character that cannot be stored.');
}
