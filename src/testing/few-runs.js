// In place of fast-check under Stryker: the properties run anew for each mutant, so a few cases each.
const fc = require('fast-check/itself');

const assert = (property, options) =>
  fc.assert(property, {
    ...options,
    // What fails is not made smaller: that takes far longer than to find it.
    endOnFailure: true,
    numRuns: Math.min(options?.numRuns ?? Infinity, 25)
  });

module.exports = { __esModule: true, default: { ...fc, assert } };
