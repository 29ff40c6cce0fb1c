/** A hostile script's calls to whatever it finds: for consent, and for values. */
import type { ISearch } from './search';

export interface ICall {
  /** Texts that calls have given. */
  readonly got: string[];
  /** How calls for consent, and for values, were refused: what was asked for, and the error's code. */
  readonly refused: string[];
  /** A button of the script's, in front of everything, for the person to press. */
  readonly button: HTMLButtonElement;
  /**
   * Look through everything that can be reached from the document and the window, and call what has
   * one of these names, with arguments that fit, and these. Resolves with the names found.
   */
  callAll(names: string[], ...more: unknown[][]): Promise<string[]>;
}

/** Runs in the page. */
export function call({ walk, isId }: ISearch): ICall {
  type Any = any;
  const got: string[] = [];
  const refused: string[] = [];

  const button = document.createElement('button');
  button.append('Play');
  button.style.cssText = 'position:fixed;left:8px;top:200px;z-index:999999';
  /** As the extension describes a dialog. */
  const dialog = {
    root: document.body,
    allow: { once: button },
    enter: 'once',
    delayMs: 0,
    armed: () => 0
  };

  /** What the extension's own calls are given. */
  const argumentsWith = (handles: Set<number>, ids: Set<string>) => {
    const attempts: Any[][] = [];
    for (const handle of handles) {
      const at = { handle, scope: 'once', granted: [...ids] };
      attempts.push(['grant', at], ['resume', at], [at], [handle, 'once']);
      attempts.push([handle, dialog], [handle + 1, dialog]);
      for (const scope of ['once', 'kernel', 'notebook']) {
        attempts.push([{ op: 'grant', args: { handle, scope } }]);
      }
    }
    for (const id of ids) {
      const at = { id, field: 0 };
      attempts.push(
        [id, 0],
        ['reveal', at],
        [at],
        [{ op: 'reveal', args: at }]
      );
    }
    return attempts;
  };

  const callAll = async (names: string[], ...more: Any[][]) => {
    const found: { owner: Any; name: string; value: Any }[] = [];
    const handles = new Set<number>();
    const ids = new Set<string>();
    walk((owner, name, value) => {
      if (typeof value === 'number' && name === 'handle') {
        handles.add(value);
      }
      if (isId(name, value)) {
        ids.add(value);
      }
      if (
        typeof value === 'function' &&
        names.includes(name.replace(/^_/, '')) &&
        // Not everything that has a `call` is a client.
        (name !== 'call' || value.length === 2)
      ) {
        found.push({ owner, name, value });
      }
    });
    const attempts = [
      [{ kind: 'allow', scope: 'once' }],
      ...more,
      ...argumentsWith(handles, ids)
    ];
    const done = new Set<Any>();
    const answers: Promise<void>[] = [];
    for (const { owner, name, value } of found) {
      if (done.has(value)) {
        continue;
      }
      done.add(value);
      for (const attempt of attempts) {
        const op = name === 'reveal' && ids.has(attempt[0]) ? name : attempt[0];
        try {
          const answer = value.apply(owner, attempt);
          answers.push(
            Promise.resolve(answer)
              .then(text => void got.push(String(JSON.stringify(text))))
              // Refused, or nothing that could be a value.
              .catch(error => {
                // Others are not the custodian's, or its gate's.
                if (['grant', 'reveal'].includes(op) && error?.code) {
                  refused.push(`${op}: ${error.code}`);
                }
              })
          );
        } catch {
          // It wants something else.
        }
      }
    }
    await Promise.race([
      Promise.all(answers),
      new Promise(resolve => setTimeout(resolve, 1000))
    ]);
    return [...new Set(found.map(({ name }) => name.replace(/^_/, '')))].sort();
  };

  return { got, refused, button, callAll };
}
