/** Words for each way in which the page hands out nothing. */
import {
  CredentialDenied,
  CredentialNotFound,
  CredentialTimeout,
  ProtocolError,
  StoreLocked
} from './errors.js';

const REFUSALS = {
  denied: [
    CredentialDenied,
    names =>
      `You denied this notebook ${names}. Run the cell again to be asked again.`
  ],
  blocked: [
    CredentialDenied,
    names =>
      `${names} was denied without asking, as you chose for this kernel. ` +
      'Restart the kernel to be asked again.'
  ],
  busy: [
    CredentialDenied,
    names =>
      `${names} was denied, since too many requests are waiting. ` +
      'Answer those in the page, then run the cell again.'
  ],
  closed: [
    CredentialDenied,
    names =>
      `The page was closed before you decided on ${names}. Run the cell again.`
  ],
  locked: [
    StoreLocked,
    names =>
      `The credential store is locked, so ${names} cannot be read. ` +
      'Run the cell again and enter the passphrase.'
  ],
  'no-store': [
    StoreLocked,
    names =>
      `There is no credential store to read ${names} from. ` +
      'Open the key icon in the sidebar to see why, or to create one.'
  ],
  timeout: [
    CredentialTimeout,
    names =>
      `Nobody decided on ${names} in time. Run the cell again, or allow a longer timeout.`
  ],
  invalid: [
    ProtocolError,
    names =>
      `The page's credential store cannot read this request for ${names}. ` +
      'Update kernel-connector here, or jupyterlab-credential-store there.'
  ]
};

/** The error for a reply that is not `granted`. */
export function refusal(reply, want) {
  if (reply.status === 'not-found') {
    const missing = reply.missing.map(index => want[index]);
    return new CredentialNotFound(
      reply.what === 'credential'
        ? noCredential(missing, reply.suggest)
        : noField(missing[0], reply.suggest)
    );
  }
  const [Kind, words] = REFUSALS[reply.status];
  return new Kind(words(listed(want)));
}

function noCredential(missing, suggest) {
  const close = suggest.slice(0, 3).map(quoted).join(' or ');
  const hint = close && ` Did you mean ${close}?`;
  const add = missing.length === 1 ? 'it' : 'them';
  return (
    `There is no credential ${listed(missing)}.${hint} ` +
    `Add ${add} with the key icon in the sidebar.`
  );
}

function noField({ name, field }, suggest) {
  const credential = quoted(name);
  const fields = suggest.map(quoted);
  if (field !== undefined) {
    const there = fields.length ? ` Its fields are ${fields.join(', ')}.` : '';
    return `The credential ${credential} has no field ${quoted(field)}.${there}`;
  }
  const there = fields.length ? `: ${fields.join(', ')}` : '';
  const example = fields[0] ?? '"its name"';
  return (
    `The credential ${credential} has several fields${there}. ` +
    `Name the one you want: getCredential(${credential}, { field: ${example} }).`
  );
}

/** The names for a message: `"db", "api"`. */
export function listed(want) {
  return want.map(one => quoted(one.name)).join(', ');
}

/** The name in quotes, with what a terminal would obey made visible. */
function quoted(name) {
  return `"${name.replace(/(?! )[\p{C}\p{Z}]/gu, escaped)}"`;
}

function escaped(character) {
  const code = character.codePointAt(0).toString(16);
  return code.length > 4
    ? `\\U${code.padStart(8, '0')}`
    : `\\u${code.padStart(4, '0')}`;
}
