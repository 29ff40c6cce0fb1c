/**
 * What the page may ask of the custodian, and what it gets back.
 *
 * Types only: everything here crosses `postMessage`, so it is plain data. Times
 * are milliseconds since 1970 unless a name ends in `Ms` (a duration).
 */

/** The cipher suites of spec/vault.md §3. */
export type SuiteName = 'nacl' | 'aes';

export type FieldType = 'text' | 'hidden';

/** What the list shows of an entry; no field's value among it. */
export interface IEntrySummary {
  readonly id: string;
  readonly rev: number;
  /** Tells two versions of the same revision apart: a merge may replace one by the other. */
  readonly version?: string;
  readonly name: string;
  readonly kind: string;
  readonly user: string;
  readonly url: string;
  readonly tags: readonly string[];
  readonly fields: readonly {
    readonly name: string;
    readonly type: FieldType;
  }[];
  readonly created: number;
  readonly changed: number;
}

/** An entry as the detail page shows it: hidden fields carry no value. */
export interface IEntryDetail extends IEntrySummary {
  readonly notes: string;
  /** Values of fields of type `text`, by the field's index. */
  readonly texts: readonly (string | null)[];
}

/** A field of a draft. */
export interface IDraftField {
  /** Index of the same field in the stored entry; absent for a new field. */
  readonly from?: number;
  readonly name: string;
  readonly type: FieldType;
  /** Absent: keep the stored value of the field `from`. */
  readonly value?: string;
}

/** What a form sends to be saved. */
export interface IEntryDraft {
  /** Absent for a new entry. */
  readonly id?: string;
  /** The revision that was edited; absent for a new entry. */
  readonly rev?: number;
  /** As in the entry that was edited; absent: the revision alone decides. */
  readonly version?: string;
  readonly name: string;
  readonly kind?: string;
  readonly user: string;
  readonly url: string;
  readonly notes: string;
  readonly tags: readonly string[];
  readonly fields: readonly IDraftField[];
}

/** "Always allow in this notebook". */
export interface IGrant {
  /** Path of the notebook or console, as Jupyter names it. */
  readonly path: string;
  /** Id of the entry. */
  readonly entry: string;
  readonly since: number;
  readonly used: number;
}

/** What opens a store. */
export type Secret =
  { readonly passphrase: string } | { readonly recoveryCode: string };

/** What the page remembers of the file, to notice an older or another one. */
export interface IPin {
  readonly vault: string;
  readonly epoch: number;
  readonly generation: number;
  readonly digest: string;
}

/** Everything the unlocked panel lists. Dropped by the page at a lock. */
export interface ISnapshot {
  /** By name, as people sort. */
  readonly entries: readonly IEntrySummary[];
  readonly grants: readonly IGrant[];
  readonly suite: SuiteName;
  readonly hasRecovery: boolean;
}

/** What a file turned out to be before anything is decrypted. */
export type FileFinding =
  | { readonly kind: 'ours'; readonly pin: IPin; readonly suite: SuiteName }
  /** Not a store: never written to. `hint`: whether anything is in it. */
  | { readonly kind: 'foreign'; readonly hint: 'empty' | 'other' }
  /** A later version, or a critical member that this one does not know. */
  | { readonly kind: 'newer' }
  /** Starts as a store and then breaks a rule; `detail` names the rule. */
  | { readonly kind: 'damaged'; readonly detail: string };

/** One credential that a request wants, seen from the unlocked store. */
export interface IWanted {
  readonly name: string;
  readonly field?: string;
  /** Id of the entry; absent if there is none, or if the store is locked. */
  readonly entry?: string;
  /** `ok`, or why no value can be given yet. */
  readonly found: 'ok' | 'credential' | 'field' | 'unknown';
  /** An "always" grant for the request's path covers it. */
  readonly always: boolean;
}

/** What the consent rules need to know of a request. */
export interface IRequestView {
  /** Handle for `seal` and `review`; not the request's id. */
  readonly handle: number;
  readonly want: readonly IWanted[];
  readonly reason?: string;
  /** How long the kernel waits for the person, in ms. */
  readonly timeoutMs?: number;
  readonly locked: boolean;
  /** The reply `closed`, sealed beforehand: a closing page cannot wait for the worker. */
  readonly closed: string;
}

/** The statuses of spec/exchange.md §3 that the page decides on. */
export type Refusal =
  | 'denied'
  | 'blocked'
  | 'busy'
  | 'not-found'
  | 'locked'
  | 'no-store'
  | 'timeout'
  | 'closed';

/** What a consent holds for. */
export type GrantScope = 'once' | 'kernel' | 'notebook';

export type RequestOutcome =
  /**
   * Nothing left to decide; send `reply`. `granted` says whether values are in it, `entries` whose
   * they are.
   */
  | {
      readonly kind: 'reply';
      readonly reply: string;
      readonly granted: boolean;
      readonly entries?: readonly string[];
    }
  | { readonly kind: 'ask'; readonly request: IRequestView };

/** A file's content, as `fetch` takes it. */
export type FileBytes = Blob | Uint8Array<ArrayBuffer>;

/** A file to be stored in the place of the version `etag`; null: where there is none. */
export interface IOffer {
  readonly file: FileBytes;
  /** Of the file, once it is stored. */
  readonly pin: IPin;
  readonly etag: string | null;
}

/** What is to be stored; null: nothing has changed. */
export type ISaved = IOffer | { readonly file: null };

/** A file under a new vault key, and what opens it besides the passphrase. */
export interface INewFile extends IOffer {
  readonly recoveryCode: string;
}

/** What a merge did, in numbers the banner can tell. */
export interface IMergeReport {
  /** Entries that came from the other side. */
  readonly incoming: number;
  /** Names of the copies made because both sides had edited. */
  readonly copies: readonly string[];
}

export interface IMerged {
  readonly report: IMergeReport;
  /** Of the file that was taken in; null: there was none. */
  readonly pin: IPin | null;
}

export interface IUnlockedSnapshot extends ISnapshot {
  /** Tag of the version that was unlocked. */
  readonly etag: string | null;
  /** What became of changes that had waited for the unlock. */
  readonly report: IMergeReport;
  /** Others wait still: they need another passphrase, or another file. */
  readonly waiting: boolean;
}

/**
 * The operations. Each is a request and its answer; errors come back as
 * {@link IFailure}.
 */
export interface IOperations {
  /** Look at a file without a key. Keeps it as the file that `unlock` opens. */
  load(args: { file: ArrayBuffer; etag: string }): FileFinding;
  /** Compile and allocate what the derivation needs, while the person types. */
  warm(args: Record<string, never>): void;
  /** Make a store in memory. It is not usable before `confirm`. */
  create(args: { passphrase: string; suite: SuiteName }): INewFile;
  /** The file of `create` is stored and the code was kept: unlock it. */
  confirm(args: { etag: string }): ISnapshot;
  /** Forget what `create` made, or makes. */
  abandon(args: Record<string, never>): void;
  /**
   * Open what `load` was given. Changes that were not stored before a lock are merged into it.
   *
   * Fails with `passphrase-changed` if the secret is the old one, of changes that wait: the new one
   * is needed as well.
   */
  unlock(args: { secret: Secret }): IUnlockedSnapshot;
  /** Stop a derivation that `unlock` or `changePassphrase` waits for. */
  cancel(args: Record<string, never>): void;
  lock(args: Record<string, never>): void;
  /** The person is there: move the auto-lock's deadline. */
  touch(args: Record<string, never>): void;
  /** 0 means never. */
  setAutoLock(args: { autoLockMs: number }): void;
  list(args: Record<string, never>): ISnapshot;
  /** One row of the list, or null if there is no such entry. */
  summary(args: { id: string }): IEntrySummary | null;
  grants(args: Record<string, never>): readonly IGrant[];
  detail(args: { id: string }): IEntryDetail;
  /** Only a person's press on the button for that very field allows it. */
  reveal(args: { id: string; field: number }): string;
  put(args: { draft: IEntryDraft }): IEntrySummary;
  duplicate(args: { id: string }): { id: string; name: string };
  /**
   * Removes, and keeps what `restore` needs until the next lock. Fails with `stale` if the entry is
   * not of that version any more.
   */
  remove(args: { id: string; version?: string }): { name: string };
  restore(args: { id: string }): void;
  /** Keep a half-typed entry, sealed under the vault key, over a lock. Null: forget it. */
  stash(args: { draft: IEntryDraft | null }): void;
  /** What `stash` keeps, or null. */
  unstash(args: Record<string, never>): IEntryDraft | null;
  /** Only after a `grant` of the scope `notebook`, for what it was given. */
  allowAlways(args: { path: string; entries: string[] }): void;
  revoke(args: { path: string; entry: string }): void;
  /** A notebook was renamed: its grants move with it. */
  movePath(args: { from: string; to: string }): boolean;
  /**
   * Seal all anew under a new key, to be stored: until `rekeyed` says so, the old passphrase holds.
   * The old file's backups must go.
   */
  changePassphrase(args: { current: Secret; next: string }): INewFile;
  /** The file of `changePassphrase` is stored; null: it is not, and will not be. */
  rekeyed(args: { etag: string | null }): void;
  /** Serialise the pending changes; while locked, those that wait. */
  save(args: Record<string, never>): ISaved;
  /** The file of the last `save` is stored. */
  saved(args: { etag: string }): void;
  /**
   * The file changed meanwhile, or is gone (null): merge it into the pending changes. `seen`: the
   * pin of before it was read; an older file than that is refused as `rolled-back`.
   */
  merge(args: {
    file: ArrayBuffer | null;
    etag: string;
    seen: IPin | null;
  }): IMerged;
  /**
   * A prompt with our marker. `connection` is the kernel connection's client
   * id, `path` the notebook's, `granted` the ids of the entries that this kernel
   * may read without a question: of these, those count that `grant` has allowed it.
   */
  receive(args: {
    prompt: string;
    connection: string;
    path: string;
    granted: string[];
  }): RequestOutcome;
  /** The same request again, after an unlock or a new entry. */
  review(args: { handle: number }): IRequestView;
  /** Answer a request that waits, if it is covered by now. */
  resume(args: { handle: number; granted: string[] }): RequestOutcome;
  /** Answer a request with the values. Fails if one is missing. Only a person's press allows it. */
  grant(args: { handle: number; scope: GrantScope }): string;
  /** Answer a request without values. */
  refuse(args: { handle: number; status: Refusal }): string;
  /**
   * What is still allowed for kernels, as pairs of `connection` and the entry's id: the rest has
   * ended. Adds nothing.
   */
  retain(args: {
    allowed: readonly (readonly [connection: string, entry: string])[];
  }): void;
}

export type OperationName = keyof IOperations;
export type Arguments<K extends OperationName> = Parameters<IOperations[K]>[0];
export type Answer<K extends OperationName> = ReturnType<IOperations[K]>;

/** Why an operation failed, in a word a view can translate. */
export type FailureCode =
  /** That passphrase, or recovery code, does not open this store. */
  | 'wrong-secret'
  /** The recovery code has a typing error: its checksum does not fit. */
  | 'mistyped-code'
  /** The passphrase has fewer than 8 or more than 1024 bytes. */
  | 'passphrase-length'
  | 'locked'
  | 'no-file'
  /** A digest, a mac or a sealed text does not fit: the file was altered. */
  | 'altered'
  /** The file breaks a rule of spec/vault.md. */
  | 'damaged'
  /** Newer than this program. */
  | 'newer'
  /** Key derivation parameters out of bounds. */
  | 'bounds'
  /** The vault key was replaced elsewhere: lock, and unlock the new file. */
  | 'passphrase-changed'
  /** Another vault than the one that is open. */
  | 'other-vault'
  /** An older file, another store, or none, where one was seen: the person decides first. */
  | 'rolled-back'
  | 'replaced'
  /**
   * The draft breaks a rule; `detail` is the field's name, or `hidden.` and its index if a hidden
   * value was to become a text.
   */
  | 'invalid-draft'
  | 'name-taken'
  /** The entry was changed or deleted since the form was opened. */
  | 'stale'
  | 'no-entry'
  | 'too-large'
  | 'cancelled'
  | 'no-handle'
  /** No person has pressed the button for it. */
  | 'not-pressed'
  | 'internal';

/** How an error crosses the worker's border. Never holds a secret. */
export interface IFailure {
  readonly code: FailureCode;
  readonly detail?: string;
}

/** The error that the client throws for an {@link IFailure}. */
export class CustodianError extends Error {
  constructor(
    readonly code: FailureCode,
    readonly detail?: string
  ) {
    super(detail ? `${code}: ${detail}` : code);
    this.name = 'CustodianError';
  }
}

/** Page to worker. */
export interface ICall<K extends OperationName = OperationName> {
  readonly id: number;
  readonly op: K;
  readonly args: Arguments<K>;
}

/** Worker to page. */
export type Message =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  /** The value as JSON: thousands of rows are sooner parsed than cloned. */
  | { readonly id: number; readonly ok: true; readonly json: string }
  /** Some of its `entries`, as JSON; they come before it. */
  | { readonly id: number; readonly rows: string }
  | { readonly id: number; readonly ok: false; readonly failure: IFailure }
  /** Nobody asked: the auto-lock struck, its deadline moved, or there is no WebAssembly. */
  | {
      readonly event: 'locked' | 'deadline' | 'slow' | 'ready';
      /** When the auto-lock strikes; null: never. With `deadline`. */
      readonly at?: number | null;
    };
