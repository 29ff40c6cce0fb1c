/** Asks the person who may read what, in a dialog of the page's. */
import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import * as React from 'react';
import '../../style/base.css';
import type { IGate } from '../custodian/gate';
import type { IStore } from '../store/types';
import { ConsentView, type IConsentOptions } from './consent-view';
import { CLOSED, type Decision, type IQuestion } from './request-queue';

/** Resolves with the decision; the dialog leaves the page before that. */
export function askConsent(
  question: IQuestion,
  store: IStore,
  options: IConsentOptions,
  trans: TranslationBundle,
  present: IGate['present']
): Promise<Decision> {
  if (question.over.aborted) {
    return Promise.resolve(CLOSED);
  }
  return new Promise(resolve => {
    const previous = document.activeElement;
    const decide = (decision: Decision) => {
      question.over.removeEventListener('abort', over);
      widget.dispose();
      if (previous instanceof HTMLElement) {
        previous.focus();
      }
      resolve(decision);
    };
    const over = () => decide(CLOSED);
    const widget = ReactWidget.create(
      <ConsentView {...{ question, store, options, trans, decide, present }} />
    );
    widget.addClass('jp-Dialog');
    widget.addClass('jp-ThemedContainer');
    question.over.addEventListener('abort', over);
    Widget.attach(widget, document.body);
  });
}
