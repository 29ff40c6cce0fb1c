// What Stryker runs for each mutant: the specs of the folder that it mutates.
const { projects } = require('./jest.config.js');

const [node] = projects;

module.exports = {
  ...node,
  // What others do on the machine comes first.
  testTimeout: 60_000,
  testMatch: [`<rootDir>/src/${process.env.MUTATE}/**/*.spec.ts`],
  // It starts a Python process: too slow for each of thousands of mutants.
  testPathIgnorePatterns: ['/node_modules/', '/other-writer\\.spec\\.ts$'],
  moduleNameMapper: {
    ...node.moduleNameMapper,
    '^fast-check/itself$': require.resolve('fast-check'),
    '^fast-check$': '<rootDir>/src/testing/few-runs.js'
  }
};
