// What Stryker runs for each mutant: SPECS, see stryker.config.mjs.
const { projects } = require('./jest.config.js');

const [node] = projects;

module.exports = {
  ...node,
  // What others do on the machine comes first.
  testTimeout: 60_000,
  testMatch: process.env.SPECS.split(',').map(path => `<rootDir>/${path}`),
  moduleNameMapper: {
    ...node.moduleNameMapper,
    '^fast-check/itself$': require.resolve('fast-check'),
    '^fast-check$': '<rootDir>/src/testing/few-runs.js'
  }
};
