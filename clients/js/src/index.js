/** Ask the page's credential store for a credential, from a kernel. */
export { getCredential, getCredentials } from './api.js';
export {
  CredentialDenied,
  CredentialError,
  CredentialNotFound,
  CredentialTimeout,
  NoFrontend,
  ProtocolError,
  StoreLocked
} from './errors.js';
export { Secret } from './secret.js';
