/** "Insert credential", loaded with its first use. */
export { quickPick } from './quick-pick';
export { insertCall } from './target';
