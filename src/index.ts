/** The extension's plugins. */
import { completerPlugin } from './plugins/completer';
import { kernelPlugin } from './plugins/kernel';
import { panelPlugin } from './plugins/panel';
import { apiPlugin, sessionPlugin } from './plugins/session';

export { ICredentialStore } from './tokens';

export default [
  sessionPlugin,
  apiPlugin,
  panelPlugin,
  kernelPlugin,
  completerPlugin
];
