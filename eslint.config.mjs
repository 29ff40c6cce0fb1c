// Besides the usual rules: which folder of src/ may import which.
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import eslint from '@eslint/js';
import jupyter from '@jupyter/eslint-plugin';
import prettier from 'eslint-plugin-prettier/recommended';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const SRC = resolve(import.meta.dirname, 'src');
// What package.json keeps out of the page's share scope; the strength meter is no cryptography.
const CRYPTOGRAPHY = Object.keys(
  JSON.parse(readFileSync(resolve(import.meta.dirname, 'package.json'), 'utf8'))
    .jupyterlab.sharedPackages
).filter(name => !name.startsWith('@zxcvbn-ts/'));
const JUPYTERLAB = /^@jupyter(lab)?\//;
const USER_INTERFACE = /^(@jupyter(lab)?\/|@lumino\/|react(-dom)?(\/|$))/;

/** Each folder of src/: the siblings and the modules beside index.ts that it may import. */
const LAYERS = {
  crypto: { siblings: [], without: USER_INTERFACE },
  vault: { siblings: ['crypto'], without: USER_INTERFACE },
  exchange: { siblings: ['crypto'], without: USER_INTERFACE },
  custodian: {
    siblings: ['crypto', 'vault', 'exchange'],
    without: USER_INTERFACE
  },
  store: { siblings: ['custodian'], without: JUPYTERLAB },
  server: { siblings: ['store'] },
  kernel: {
    siblings: [
      'exchange',
      'custodian',
      'store',
      'tokens',
      'icons',
      'progress',
      'several-lines',
      'when'
    ]
  },
  insert: { siblings: ['custodian', 'store', 'tokens', 'icons'] },
  panel: {
    siblings: [
      'custodian',
      'store',
      'insert',
      'tokens',
      'icons',
      'progress',
      'several-lines',
      'when'
    ]
  }
};

/** Folders that see everything. */
const FREE = ['plugins', 'testing'];

/** The first part of a path below src/: a folder, or a module beside index.ts. */
function place(path) {
  return relative(SRC, path).split(sep)[0];
}

function isCryptography(source) {
  return CRYPTOGRAPHY.some(
    name => source === name || source.startsWith(`${name}/`)
  );
}

/** Says why a file may not import a module; undefined if it may. */
function objection(file, source) {
  const folder = place(file);
  const layer = LAYERS[folder];
  const test = /\.spec\.tsx?$/.test(file);
  if (!layer) {
    return /\.tsx?$/.test(folder) || FREE.includes(folder)
      ? undefined
      : `eslint.config.mjs does not know the folder src/${folder}.`;
  }
  if (!source.startsWith('.')) {
    if (isCryptography(source) && folder !== 'crypto' && !test) {
      return 'Only src/crypto imports a cryptographic library.';
    }
    return layer.without?.test(source)
      ? `src/${folder} knows nothing of Jupyter or its widgets.`
      : undefined;
  }
  const target = resolve(dirname(file), source);
  const sibling = place(target);
  const allowed = [...layer.siblings, folder, ...(test ? ['testing'] : [])];
  return relative(SRC, target).startsWith('..') || allowed.includes(sibling)
    ? undefined
    : `src/${folder} may import ${layer.siblings.join(', ') || 'nothing'} of src/, not ${sibling}.`;
}

const layers = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const check = node => {
      const source = (node.source ?? node.argument?.literal)?.value;
      const message =
        typeof source === 'string' && objection(context.filename, source);
      if (message) {
        context.report({ node, message });
      }
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportAllDeclaration: check,
      ExportNamedDeclaration: check,
      TSImportType: check
    };
  }
};

export default tseslint.config(
  {
    ignores: [
      '**/node_modules',
      '**/lib',
      '**/coverage',
      '.cache',
      '.venv',
      '.venv-fresh',
      '.venv-hub',
      'dist',
      'build',
      'jupyterlab_credential_store/labextension',
      'ui-tests/test-results'
    ]
  },
  { plugins: { jupyter, local: { rules: { layers } } } },
  ...jupyter.configs.recommended,
  {
    files: ['**/*.{ts,tsx,js,mjs}'],
    extends: [eslint.configs.recommended],
    rules: {
      curly: 'error',
      eqeqeq: 'error',
      'no-console': 'error',
      'prefer-arrow-callback': 'error'
    }
  },
  { files: ['**/*.{js,mjs}'], languageOptions: { globals: globals.node } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['tsconfig.test.json', 'ui-tests/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname
      }
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/naming-convention': [
        'error',
        { selector: 'interface', format: ['PascalCase'], prefix: ['I'] }
      ],
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { attributes: false, arguments: false } }
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { args: 'none', varsIgnorePattern: '^_' }
      ],
      // An interface's method is often made async, or passed on, on purpose.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off'
    }
  },
  { files: ['src/**/*.{ts,tsx}'], rules: { 'local/layers': 'error' } },
  {
    // It adds to the browser's own interface.
    files: ['ui-tests/tests/support/{hostile,lab}.ts'],
    rules: { '@typescript-eslint/naming-convention': 'off' }
  },
  {
    files: ['src/{crypto,vault,exchange,custodian,store}/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-globals': ['error', 'window', 'document'] }
  },
  {
    // Fakes are loose.
    files: ['**/*.spec.{ts,tsx}', 'src/testing/**', '{ui-tests,bench}/**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off'
    }
  },
  prettier
);
