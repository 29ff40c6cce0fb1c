/** Writes the call that reads a credential where the person is at work. */
import type { IViewContext } from '../context';

/** @param say - Told what to do where there is no cell to write to. */
export async function insertInto(
  { insert, trans }: IViewContext,
  name: string,
  say: (words: string) => void
): Promise<void> {
  if (!(await insert(name))) {
    say(
      trans.__(
        'There is no code cell to write to: select one, or open a notebook or console.'
      )
    );
  }
}
