// Mutation test: does a test go red when a line is broken? scripts/mutation.py says what to mutate,
// MUTATE, and which specs are to notice, SPECS: both as lists of paths.
export default {
  testRunner: 'jest',
  jest: {
    configFile: 'jest.mutation.config.js',
    // SPECS names them.
    enableFindRelatedTests: false
  },
  plugins: ['@stryker-mutator/jest-runner'],
  mutate: process.env.MUTATE.split(','),
  coverageAnalysis: 'perTest',
  concurrency: 2,
  dryRunTimeoutMinutes: 60,
  timeoutFactor: 3,
  timeoutMS: 20000,
  // Only what the specs read is copied.
  ignorePatterns: ['/*', '!/src', '!/spec', '!/package.json', '!/jest*.js'],
  tempDirName: '.cache/stryker',
  reporters: ['progress-append-only', 'json'],
  jsonReporter: { fileName: process.env.REPORT },
  allowConsoleColors: false
};
