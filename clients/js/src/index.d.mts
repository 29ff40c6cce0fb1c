/** The types of the package; what the calls do is said here as well. */

/** Thrown in place of a value. Each names its reason in one or two sentences. */
export class CredentialError extends Error {}

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

/**
 * A value that does not show itself: masked as a cell's result, in `console.log`, in arrays and
 * objects. `${secret}`, `'Bearer ' + secret` and `String(secret)` give the plain value, and so does
 * everything that turns its argument into a string. `JSON.stringify` throws.
 */
export class Secret {
  /** The plain value, for what insists on a string. */
  reveal(): string;
  toString(): string;
  valueOf(): string;
}

export interface IOptions {
  /** Which one, of a credential with several fields. */
  field?: string;
  /** Shown to the person, as written by the code. */
  reason?: string;
  /** Seconds to wait for the person; without it, as long as it takes. */
  timeout?: number;
}

/**
 * The value of a credential, once the person at the page has agreed.
 *
 * @param name As in the store.
 * @throws CredentialError One of its subclasses.
 */
export function getCredential(
  name: string,
  options?: IOptions
): Promise<Secret>;

/**
 * The values of 1 to 16 credentials, in the order of the names, asked for in one dialog. Either
 * all are handed out, or none.
 *
 * @param names Names, or one array of names; then perhaps `{ reason }`.
 * @throws CredentialError One of its subclasses.
 */
export function getCredentials(
  ...names: [...string[], Pick<IOptions, 'reason'>] | string[]
): Promise<Secret[]>;
export function getCredentials(
  names: readonly string[],
  options?: Pick<IOptions, 'reason'>
): Promise<Secret[]>;
