/** Sends a prompt to the front end, and returns what it answers, whatever kernel this is. */
import { ADAPTERS } from './adapters/index.js';
import { NoFrontend } from './errors.js';

let last = Promise.resolve();

/**
 * Runs one exchange after the other: kernels have one stdin socket, and do not check which
 * request a reply belongs to.
 */
export function alone(exchange) {
  const result = last.then(exchange);
  last = result.catch(() => undefined);
  return result;
}

/**
 * The front end's answer to `prompt`; `names` is for messages.
 *
 * @throws {NoFrontend} If there is nobody to ask.
 */
export async function ask(prompt, names, adapters = ADAPTERS) {
  const adapter = adapters.find(one => one.isHere());
  const reply = await adapter?.ask(prompt);
  if (typeof reply !== 'string') {
    throw noStore(names);
  }
  return reply;
}

export function noStore(names) {
  return new NoFrontend(
    `Nothing here can hand out ${names}: this front end has no credential store. ` +
      'In JupyterLab install jupyterlab-credential-store and reload the page; ' +
      'in a script read the value from the environment.'
  );
}
