/**
 * A hostile script, as a notebook's output brings it into the page: a part for each kind of attack.
 * A part goes there as its text alone: it has the page, and those before it that it takes.
 */
import { call, type ICall } from './call';
import { lie, type ILie } from './lie';
import { pretend, type IPretend } from './pretend';
import { search, type ISearch } from './search';
import { spy, type ISpy } from './spy';
import { supplant, type ISupplant } from './supplant';

declare global {
  var evil: ISearch & ICall & IPretend & ILie & ISpy & ISupplant;
}

const PARTS = [search, call, pretend, lie, spy, supplant];

/** Leaves `evil` in the page. */
export const SCRIPT = `(() => {
  const evil = {};
  ${PARTS.map(part => `Object.assign(evil, (${part.toString()})(evil));`).join('\n  ')}
  globalThis.evil = evil;
})()`;
