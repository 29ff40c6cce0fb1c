/** "Insert credential", loaded with its first use. */
export { quickPick } from './quick-pick';
export { openNotebook } from './new-notebook';
export { insertCall } from './target';
