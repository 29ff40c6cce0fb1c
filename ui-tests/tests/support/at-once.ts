/** Holds that what a cell says follows a decision within a second, by the page's own clock. */
import { expect } from '@playwright/test';
import type { Lab } from './lab';

const LIMIT_MS = 1000;

/**
 * Decide, and wait until there is one more output: not later than a second after the last press
 * of a key or a button, or after the deadline.
 *
 * @param deadline - A variable of the kernel's, in seconds, for what no press ends.
 */
export async function atOnce(
  lab: Lab,
  decide: () => Promise<unknown>,
  deadline?: string
): Promise<void> {
  const times = await lab.page.evaluateHandle(() => {
    const times = { pressed: 0, said: 0 };
    const outputs = () => [
      ...document.querySelectorAll('.jp-OutputArea-output')
    ];
    const before = new Set(outputs());
    const press = () => {
      times.pressed = Date.now();
    };
    const kinds = ['click', 'keydown'];
    kinds.forEach(kind => addEventListener(kind, press, true));
    const observer = new MutationObserver(() => {
      if (outputs().some(node => !before.has(node) && node.textContent)) {
        times.said = Date.now();
        observer.disconnect();
        kinds.forEach(kind => removeEventListener(kind, press, true));
      }
    });
    observer.observe(document, {
      subtree: true,
      childList: true,
      characterData: true
    });
    return times;
  });
  await decide();
  await lab.page.waitForFunction(({ said }) => said > 0, times);
  const { pressed, said } = await times.jsonValue();
  const decided = deadline ? (await seconds(lab, deadline)) * 1000 : pressed;
  expect(decided).toBeGreaterThan(0);
  expect(said - decided).toBeLessThan(LIMIT_MS);
}

/** A number in the kernel of what is in front. */
function seconds(lab: Lab, expression: string): Promise<number> {
  return lab.page.evaluate(async expression => {
    const { kernel } = (window.jupyterapp.shell.currentWidget as any)
      .sessionContext.session;
    const { content } = await kernel.requestExecute({
      code: '',
      silent: true,
      user_expressions: { it: expression }
    }).done;
    return Number(content.user_expressions.it.data['text/plain']);
  }, expression);
}
