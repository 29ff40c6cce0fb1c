import fc from 'fast-check';
import { callOf, insertionFor } from './call';

const IMPORT = 'from kernel_connector import get_credential';

describe('the call', () => {
  it.each([
    ['db', 'get_credential("db")'],
    ['my "db"', 'get_credential("my \\"db\\"")'],
    ["it's", 'get_credential("it\'s")'],
    ['a\\b', 'get_credential("a\\\\b")'],
    ['Zürich 🔑', 'get_credential("Zürich 🔑")']
  ])('quotes %s', (name, call) => {
    expect(callOf(name)).toBe(call);
  });

  it('has no dollar sign, which Julia would read a variable into', () => {
    expect(callOf('a$b$(c)')).toBe('get_credential("a\\u0024b\\u0024(c)")');
  });

  it('is one line with one string, which is the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), name => {
        const [, literal] = /^get_credential\(("[^\n\r$]*")\)$/.exec(
          callOf(name)
        )!;
        // Nothing but the escapes that Python, R, Julia and JavaScript share.
        expect(literal.slice(1, -1)).toMatch(
          /^(?:[^"\\]|\\["\\bfnrt]|\\u[0-9a-f]{4})*$/s
        );
        expect(JSON.parse(literal)).toBe(name);
      })
    );
  });
});

describe('what is inserted', () => {
  it('brings the import where no cell has it', () => {
    expect(insertionFor('db', ['x = 1', ''], 'python')).toEqual({
      call: 'get_credential("db")',
      importLine: IMPORT
    });
  });

  it.each(['python', 'ipython', 'Python'])('knows %s', language => {
    expect(insertionFor('db', [], language).importLine).toBe(IMPORT);
  });

  it.each(['julia', 'jython', 'rust', ''])(
    'brings no import to %s',
    language => {
      expect(insertionFor('db', [], language).importLine).toBeNull();
    }
  );

  it.each([
    IMPORT,
    `x = 1\n  ${IMPORT}  # here`,
    'from kernel_connector import get_credentials, get_credential'
  ])('brings no second import: %s', source => {
    expect(insertionFor('db', ['', source], 'python')).toEqual({
      call: 'get_credential("db")',
      importLine: null
    });
  });

  it.each([
    `# ${IMPORT}`,
    'from kernel_connector import get_credentials',
    'from kernel_connector import x  # get_credential',
    'from kernel_connector import get_credential as read',
    'from other import get_credential',
    'import kernel_connector_too'
  ])('is not misled by %s', source => {
    expect(insertionFor('db', [source], 'python').importLine).toBe(IMPORT);
  });

  it.each([
    ['import kernel_connector', 'kernel_connector.get_credential("db")'],
    ['import os\nimport kernel_connector as kc', 'kc.get_credential("db")']
  ])('goes by the module’s name: %s', (source, call) => {
    expect(insertionFor('db', [source], 'python')).toEqual({
      call,
      importLine: null
    });
  });

  it('prefers the function’s own name', () => {
    expect(
      insertionFor('db', ['import kernel_connector', IMPORT], 'python').call
    ).toBe('get_credential("db")');
  });
});

describe('what is inserted into a notebook of another language', () => {
  it.each([
    ['rsrc', 'get_credential("db")', 'library(kernelconnector)'],
    [
      'typescript',
      'await getCredential("db")',
      'import { getCredential } from "kernel-connector";'
    ],
    [
      'application/javascript',
      'await getCredential("db")',
      'import { getCredential } from "kernel-connector";'
    ]
  ])('%s', (language, call, importLine) => {
    expect(insertionFor('db', [], language)).toEqual({ call, importLine });
    expect(insertionFor('db', [importLine], language)).toEqual({
      call,
      importLine: null
    });
  });

  it.each([
    ['rsrc', 'require("kernelconnector")'],
    ['rsrc', 'x <- 1\nlibrary(kernelconnector, quietly = TRUE)'],
    [
      'typescript',
      "import { getCredentials, getCredential } from './kernel-connector/mod.js'"
    ]
  ])('%s brings no second import: %s', (language, source) => {
    expect(insertionFor('db', [source], language).importLine).toBeNull();
  });

  it.each([
    ['rsrc', '# library(kernelconnector)'],
    ['rsrc', 'library(kernelconnector2)'],
    ['typescript', 'import { getCredential as read } from "kernel-connector"']
  ])('%s is not misled by %s', (language, source) => {
    expect(insertionFor('db', [source], language).importLine).not.toBeNull();
  });
});
