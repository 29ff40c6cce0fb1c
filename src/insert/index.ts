/** "Insert credential", loaded with its first use. */
export { quickPick } from './quick-pick';
export { openCell } from './new-cell';
export { openNotebook } from './new-notebook';
export { insertCall } from './target';
