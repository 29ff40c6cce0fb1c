// What JupyterLab's modules expect of a browser and jsdom lacks.
const { TextDecoder, TextEncoder } = require('util');

globalThis.TextDecoder ??= TextDecoder;
globalThis.TextEncoder ??= TextEncoder;
globalThis.DragEvent ??= class DragEvent extends Event {};
globalThis.ResizeObserver ??= class ResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
};
if (globalThis.Element) {
  globalThis.Element.prototype.scrollIntoView ??= () => undefined;
}
globalThis.fetch ??= () => Promise.reject(new TypeError('No network here'));
globalThis.Headers ??= class Headers {};
globalThis.Request ??= class Request {};
globalThis.matchMedia ??= () => ({
  matches: false,
  addListener() {},
  removeListener() {},
  addEventListener() {},
  removeEventListener() {}
});
globalThis.requestIdleCallback ??= callback => setTimeout(callback);
globalThis.cancelIdleCallback ??= clearTimeout;
