// Two projects: jsdom's Uint8Array is of another realm and breaks tweetnacl, so
// everything that touches cryptography runs in plain node.
const transform = {
  '\\.[jt]sx?$': [
    '@swc/jest',
    {
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', tsx: true, decorators: true },
        transform: { react: { runtime: 'classic' } }
      },
      module: { type: 'commonjs' }
    }
  ]
};

const esModules = [
  '@codemirror',
  '@jupyter',
  '@jupyterlab',
  '@lezer',
  '@lumino',
  '@marijn',
  '@microsoft',
  '@noble',
  '@rjsf',
  '@scure',
  '@zxcvbn-ts',
  'crelt',
  'exenv-es6',
  'lib0',
  'nanoid',
  'style-mod',
  'vscode-ws-jsonrpc',
  'w3c-keyname',
  'y-protocols',
  'y-websocket',
  'yjs'
].join('|');

const common = {
  transform,
  transformIgnorePatterns: [`/node_modules/(?!(${esModules})/)`],
  moduleNameMapper: {
    '/spawn$': '<rootDir>/src/testing/spawn.ts',
    '\\.(css|less|sass|scss)$': '<rootDir>/src/testing/style.js',
    '\\.svg$': '<rootDir>/src/testing/svg.js',
    '\\.svg\\?raw$': '<rootDir>/src/testing/svg.js'
  },
  modulePathIgnorePatterns: [
    '<rootDir>/lib/',
    '<rootDir>/.cache/',
    '<rootDir>/.venv',
    '<rootDir>/build/',
    '<rootDir>/jupyterlab_credential_store/'
  ]
};

const spec = folders => folders.map(f => `<rootDir>/src/${f}/**/*.spec.ts?(x)`);

module.exports = {
  // A machine that does other things as well.
  testTimeout: 30_000,
  projects: [
    {
      ...common,
      displayName: 'node',
      testEnvironment: 'node',
      testMatch: spec([
        'crypto',
        'vault',
        'exchange',
        'custodian',
        'store',
        'server'
      ])
    },
    {
      ...common,
      displayName: 'jsdom',
      testEnvironment: 'jsdom',
      setupFiles: ['<rootDir>/src/testing/jsdom.js'],
      testMatch: [
        ...spec(['panel', 'kernel', 'insert', 'plugins']),
        '<rootDir>/src/*.spec.ts'
      ]
    }
  ]
};
