/**
 * The kernels that can be asked, a module each. Another one is a module that exports
 *
 * - `isHere()`: whether this process is that kernel, without asking anybody;
 * - `ask(prompt)`: the reply to an `input_request` with this prompt and `password: true`, or a
 *   promise of it; null if there is nobody to ask. It must never read from a terminal.
 */
import * as deno from './deno.js';

export const ADAPTERS = [deno];
