/** The editor that "Insert credential" writes to: the active cell, or a console's prompt. */
import type { CodeEditor } from '@jupyterlab/codeeditor';
import type { IConsoleTracker } from '@jupyterlab/console';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { Widget } from '@lumino/widgets';
import { insertionFor } from './call';

interface ITarget {
  readonly editor: CodeEditor.IEditor;
  readonly sources: readonly string[];
  readonly language: string;
  focus(): void;
}

export interface ITrackers {
  readonly notebooks: INotebookTracker | null;
  readonly consoles: IConsoleTracker | null;
  /** The widget in front. */
  current(): Widget | null;
}

/** Null: there is no editor to write to. */
export function findTarget(trackers: ITrackers): ITarget | null {
  const { notebooks, consoles } = trackers;
  const current = trackers.current();
  const console = consoles?.currentWidget;
  const notebook = notebooks?.currentWidget;
  if (console && (console === current || !notebook)) {
    const { promptCell, cells } = console.console;
    const editor = promptCell?.editor;
    return editor
      ? {
          editor,
          sources: [
            ...[...cells].map(({ model }) => model.sharedModel.getSource()),
            promptCell.model.sharedModel.getSource()
          ],
          language: promptCell.model.mimeType.replace(/^text\/x[-.]/, ''),
          focus: () => editor.focus()
        }
      : null;
  }
  const cell = notebook?.content.activeCell;
  const editor = cell?.editor;
  if (!notebook || !cell || !editor || cell.model.type !== 'code') {
    return null;
  }
  const cells = [...(notebook.content.model?.cells ?? [])];
  return {
    editor,
    sources: cells
      .filter(({ type }) => type === 'code')
      .map(({ sharedModel }) => sharedModel.getSource()),
    language: cell.model.mimeType.replace(/^text\/x[-.]/, ''),
    focus: () => {
      notebook.content.mode = 'edit';
      editor.focus();
    }
  };
}

/** @returns Whether there was an editor. */
export function insertCall(name: string, trackers: ITrackers): boolean {
  const target = findTarget(trackers);
  if (!target) {
    return false;
  }
  const { editor, sources, language, focus } = target;
  const { call, importLine } = insertionFor(name, sources, language);
  editor.replaceSelection?.(call);
  if (importLine) {
    const { sharedModel } = editor.model;
    const source = sharedModel.getSource();
    // A cell magic must stay the first line.
    const at = source.startsWith('%%') ? source.indexOf('\n') + 1 : 0;
    const position = editor.getOffsetAt(editor.getCursorPosition());
    sharedModel.updateSource(at, at, `${importLine}\n`);
    const moved = position < at ? 0 : importLine.length + 1;
    editor.setCursorPosition(
      editor.getPositionAt(position + moved) ?? {
        line: 0,
        column: 0
      }
    );
  }
  focus();
  return true;
}
