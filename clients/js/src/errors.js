/** What can go wrong, each in one or two sentences for the person at the notebook. */

/** No credential was handed out. */
export class CredentialError extends Error {
  constructor(message) {
    super(message);
    const { name } = new.target;
    // Kernels show the stack in place of the message. Its frames are ours, and say nothing more.
    for (const [key, value] of [
      ['name', name],
      ['stack', `${name}: ${message}`]
    ]) {
      Object.defineProperty(this, key, {
        value,
        configurable: true,
        writable: true
      });
    }
  }
}

/** There is no such credential, or no such field in it. */
export class CredentialNotFound extends CredentialError {}

/** The person denied it, or the page was closed before a decision. */
export class CredentialDenied extends CredentialError {}

/** The store is locked, or there is none yet. */
export class StoreLocked extends CredentialError {}

/** Nothing that could hand out credentials can be asked from here. */
export class NoFrontend extends CredentialError {}

/** Nobody decided within `timeout`. */
export class CredentialTimeout extends CredentialError {}

/** The answer breaks a rule of the exchange; nothing was taken from it. */
export class ProtocolError extends CredentialError {}
