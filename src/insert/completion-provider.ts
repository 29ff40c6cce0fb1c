/** Completes names within `get_credential("`, while the store is unlocked. */
import type {
  CompletionHandler,
  ICompletionContext,
  ICompletionProvider
} from '@jupyterlab/completer';
import type { IStore } from '../store/types';

/** An open string that is a name, in one of our calls, up to the cursor. */
const ARGUMENT =
  /\b(?:get_credential|getCredential)(?:s\(\s*(?:(["'])[^"'\n]*\1\s*,\s*)*|\(\s*)["']([^"'\n]*)$/;

export class NameCompletions implements ICompletionProvider {
  /** @param store - Null before anything was asked of it. */
  constructor(private readonly _store: () => IStore | null) {}

  readonly identifier = 'jupyterlab-credential-store:names';
  readonly rank = 1000;

  async isApplicable(context: ICompletionContext): Promise<boolean> {
    return (
      this._store()?.state.kind === 'unlocked' &&
      typed(context.editor?.model.sharedModel.getSource(), cursor(context)) !==
        null
    );
  }

  async fetch(
    request: CompletionHandler.IRequest
  ): Promise<CompletionHandler.ICompletionItemsReply> {
    const start = typed(request.text, request.offset);
    const items =
      start === null
        ? []
        : (this._store()?.entries ?? [])
            .map(({ name }) => name)
            .filter(name => name.startsWith(start) && !/["'\\\n]/.test(name))
            .map(label => ({ label, insertText: label, type: 'credential' }));
    return {
      start: request.offset - (start ?? '').length,
      end: request.offset,
      items
    };
  }

  /** The opening quote brings them up by itself, where Lab completes as one types. */
  shouldShowContinuousHint(
    _visible: boolean,
    _changed: unknown,
    context?: ICompletionContext
  ): boolean {
    return (
      !!context &&
      typed(context.editor?.model.sharedModel.getSource(), cursor(context)) !==
        null
    );
  }
}

/** What of a name is typed already; null outside our calls. */
export function typed(
  text: string | undefined,
  offset: number | undefined
): string | null {
  const found =
    text === undefined ? null : ARGUMENT.exec(text.slice(0, offset));
  return found ? found[2] : null;
}

function cursor({ editor }: ICompletionContext): number | undefined {
  return editor?.getOffsetAt(editor.getCursorPosition());
}
