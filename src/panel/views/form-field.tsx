/** One field of the form: its value, and for all but the first its name and whether it is hidden. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IDraftField } from '../../custodian/protocol';
import { hasSeveralLines } from '../../several-lines';
import { closeIcon, ErrorLine, IconButton } from './parts';
import { SecretInput, type IStoredSecret } from './secret-input';

const ERROR_ID = 'jp-CredentialStore-formError';

/** What is wrong, and at which part of the draft: `name`, `fields.1`; '': the whole. */
export interface IFormProblem {
  readonly where: string;
  readonly text: string;
}

/** Ties an error to the part that it is of. */
export class Told {
  constructor(private readonly _problem: IFormProblem | null) {}

  /** For the input. */
  of(where: string) {
    const here = this._problem?.where === where;
    return {
      'aria-invalid': here,
      'aria-describedby': here ? ERROR_ID : undefined
    };
  }

  /** Below the input. */
  at(where: string): React.ReactElement | null {
    const { _problem: problem } = this;
    return problem?.where === where ? (
      <ErrorLine id={ERROR_ID} text={problem.text} />
    ) : null;
  }
}

/** React would write a controlled field's value into an attribute. @returns Whether it was new. */
export function fill(
  node: HTMLInputElement | HTMLTextAreaElement | null,
  text: string
): boolean {
  if (!node || node.dataset.filled) {
    return false;
  }
  node.dataset.filled = 'true';
  node.value = text;
  return true;
}

export function FormField(props: {
  /** From 0. */
  position: number;
  field: IDraftField;
  hidden: boolean;
  /** It was added just now. */
  isNew: boolean;
  stored?: IStoredSecret;
  told: Told;
  trans: TranslationBundle;
  onChange(part: Partial<IDraftField>): void;
  onBlur(): void;
  onRemove(): void;
}): React.ReactElement {
  const { position, field, hidden, told, trans, onChange, onBlur } = props;
  const first = position === 0;
  const label = first
    ? trans.__('Value')
    : trans.__('Value of field %1', position + 1);
  const where = `fields.${position}`;
  const [hasLines] = React.useState(() => hasSeveralLines(field.value ?? ''));
  const Text = hasLines ? 'textarea' : 'input';
  return (
    <fieldset className="jp-CredentialStore-fieldset">
      {first ? (
        <span className="jp-CredentialStore-label">{trans.__('Value')}</span>
      ) : (
        <div className="jp-CredentialStore-fieldHead">
          <input
            type="text"
            className="jp-mod-styled"
            aria-label={trans.__('Name of field %1', position + 1)}
            placeholder={trans.__('Field name')}
            {...told.of(where)}
            ref={node => {
              if (fill(node, field.name) && props.isNew) {
                node?.focus();
              }
            }}
            onInput={event => onChange({ name: event.currentTarget.value })}
            onBlur={onBlur}
          />
          <label className="jp-CredentialStore-check">
            <input
              type="checkbox"
              defaultChecked={hidden}
              onChange={event =>
                onChange({
                  type: event.currentTarget.checked ? 'hidden' : 'text'
                })
              }
            />
            {trans.__('Hidden')}
          </label>
          <IconButton
            icon={closeIcon}
            label={trans.__('Remove field %1', position + 1)}
            onClick={props.onRemove}
          />
        </div>
      )}
      {hidden ? (
        <SecretInput
          label={label}
          trans={trans}
          takesLines
          stored={props.stored}
          defaultText={field.value}
          placeholder={
            field.from !== undefined && field.value === undefined
              ? trans.__('Unchanged')
              : undefined
          }
          errorId={first ? told.of(where)['aria-describedby'] : undefined}
          onInput={value =>
            onChange({
              value:
                value === '' && field.from !== undefined ? undefined : value
            })
          }
        />
      ) : (
        <Text
          {...(hasLines ? { rows: 4 } : { type: 'text' })}
          className="jp-mod-styled"
          aria-label={label}
          {...(first && told.of(where))}
          ref={(node: HTMLInputElement & HTMLTextAreaElement) =>
            void fill(node, field.value ?? '')
          }
          onInput={(
            event: React.FormEvent<HTMLInputElement | HTMLTextAreaElement>
          ) => onChange({ value: event.currentTarget.value })}
          onBlur={onBlur}
        />
      )}
      {told.at(where)}
    </fieldset>
  );
}
