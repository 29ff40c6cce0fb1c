/** A new passphrase, typed twice: the fields, their strength, and what is wrong at which of them. */
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { explain } from '../context';
import { ErrorLine } from './parts';
import { SecretInput } from './secret-input';
import { Meter, useStrength } from './strength-meter';

export interface IProblem {
  /** The field that it is told at; '': the whole. */
  readonly where: '' | 'current' | 'next' | 'repeat';
  readonly text: string;
}

export const NO_PROBLEM: IProblem = { where: '', text: '' };

const ERROR_ID = 'jp-CredentialStore-newPassphraseError';

interface INewPassphrase {
  readonly next: React.RefObject<HTMLInputElement>;
  readonly repeat: React.RefObject<HTMLInputElement>;
  readonly problem: IProblem;
  setProblem(problem: IProblem): void;
}

export function useNewPassphrase(): INewPassphrase {
  const next = React.useRef<HTMLInputElement>(null);
  const repeat = React.useRef<HTMLInputElement>(null);
  const [problem, setProblem] = React.useState(NO_PROBLEM);
  return { next, repeat, problem, setProblem };
}

/** Whether both say the same; if not, it is told at the second. */
export function agree(
  { next, repeat, setProblem }: INewPassphrase,
  trans: TranslationBundle
): boolean {
  const same = next.current!.value === repeat.current!.value;
  if (!same) {
    const text = trans.__('The two passphrases differ.');
    setProblem({ where: 'repeat', text });
    repeat.current!.focus();
    repeat.current!.select();
  }
  return same;
}

export function problemOf(
  failure: unknown,
  trans: TranslationBundle
): IProblem {
  const { code } = failure as { code?: string };
  const where =
    code === 'wrong-secret' || code === 'mistyped-code'
      ? 'current'
      : code === 'passphrase-length'
        ? 'next'
        : '';
  return { where, text: explain(failure, trans) };
}

export function NewPassphrase(
  props: INewPassphrase & {
    labels: readonly [next: string, repeat: string];
    isStart?: boolean;
    trans: TranslationBundle;
    warm(): void;
  }
): React.ReactElement {
  const { next, repeat, problem, setProblem, trans, warm } = props;
  const [score, estimate] = useStrength();
  const differ = problem.where === 'repeat';
  const short = problem.where === 'next';
  const typed = () => {
    if (short || (differ && next.current!.value === repeat.current!.value)) {
      setProblem(NO_PROBLEM);
    }
  };
  const [nextLabel, repeatLabel] = props.labels;
  return (
    <>
      <span className="jp-CredentialStore-label">{nextLabel}</span>
      <SecretInput
        ref={next}
        label={nextLabel}
        trans={trans}
        autoComplete="new-password"
        isStart={props.isStart}
        errorId={short || differ ? ERROR_ID : undefined}
        onInput={text => {
          estimate(text);
          typed();
        }}
        onFocus={warm}
      />
      {short && <ErrorLine id={ERROR_ID} text={problem.text} />}
      <span className="jp-CredentialStore-label">{repeatLabel}</span>
      <SecretInput
        ref={repeat}
        label={repeatLabel}
        trans={trans}
        autoComplete="new-password"
        errorId={differ ? ERROR_ID : undefined}
        onInput={typed}
      />
      {differ && <ErrorLine id={ERROR_ID} text={problem.text} />}
      <Meter score={score} trans={trans} />
    </>
  );
}
