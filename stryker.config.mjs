// Mutation test of one folder of src/, named by MUTATE: does a test go red when a line is broken?
const folder = process.env.MUTATE;

export default {
  testRunner: 'jest',
  // The folder's specs are all related: no need to look for them anew for each mutant.
  jest: {
    configFile: 'jest.mutation.config.js',
    enableFindRelatedTests: false
  },
  plugins: ['@stryker-mutator/jest-runner'],
  mutate: [`src/${folder}/*.ts`, '!**/*.spec.ts'],
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // A machine that does other things as well, and this last.
  dryRunTimeoutMinutes: 60,
  timeoutFactor: 3,
  timeoutMS: 60000,
  // Only what the specs read is copied.
  ignorePatterns: ['/*', '!/src', '!/spec', '!/package.json', '!/jest*.js'],
  tempDirName: '.cache/stryker',
  incremental: true,
  incrementalFile: `.cache/mutation/${folder}.json`,
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: { fileName: `.cache/mutation/${folder}-report.json` },
  clearTextReporter: { allowColor: false, reportTests: false },
  allowConsoleColors: false
};
