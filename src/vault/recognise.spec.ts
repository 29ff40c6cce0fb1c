import { utf8Encode } from '../crypto/bytes';
import { recognise } from './recognise';

it.each([
  ['ours', '{"credentialstore":1,"header":'],
  ['ours', ' \t\r\n{ \n"credentialstore"\t:\r 1'],
  ['ours', '{"credentialstore":'],
  ['ours', '{"credentialstore":1'],
  ['ours', '{"credentialstore":1.5}'],
  ['ours', '{"credentialstore":1e9}'],
  ['ours', '{"credentialstore":0}'],
  ['ours', '{"credentialstore":02}'],
  ['ours', '{"credentialstore":-2}'],
  ['ours', '{"credentialstore":"2"}'],
  ['ours', '{"credentialstore":null}'],
  ['newer', '{"credentialstore":2'],
  ['newer', '{"credentialstore":9 and then whatever'],
  ['newer', '{"credentialstore":10}'],
  ['newer', '{"credentialstore":19.5'],
  ['newer', '{"credentialstore":99999999999999999999}'],
  ['newer', ' { "credentialstore" : 3'],
  ['foreign', ''],
  ['foreign', ' \n'],
  ['foreign', '{'],
  ['foreign', '{}'],
  ['foreign', '{"credentialstore"'],
  ['foreign', '{"credentialstore",'],
  ['foreign', '{"Credentialstore":1}'],
  ['foreign', '{"credentialstore ":1}'],
  ['foreign', '{"credential\\u0073tore":1}'],
  ['foreign', '{"header":"","credentialstore":1}'],
  ['foreign', '[{"credentialstore":1}]'],
  ['foreign', '\ufeff{"credentialstore":1}'],
  ['foreign', '\u00a0{"credentialstore":1}'],
  ['foreign', '\f{"credentialstore":1}'],
  ['foreign', 'machine example.org login me password hush']
])('%s: %j', (kind, text) => {
  expect(recognise(utf8Encode(text))).toBe(kind);
});

it('does not look at what comes behind the version', () => {
  const start = utf8Encode('{"credentialstore":2');
  expect(recognise(Uint8Array.of(...start, 0xff, 0, 0xc0))).toBe('newer');
});
