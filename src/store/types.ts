/**
 * The store as the rest of the page sees it: the custodian joined with a place to keep
 * the file. No JupyterLab, no DOM, so that models are tested against a fake of it.
 */
import type { ISignal } from '@lumino/signaling';
import type {
  FileBytes,
  Answer,
  Arguments,
  IEntryDetail,
  IEntryDraft,
  IEntrySummary,
  IGrant,
  IMergeReport,
  OperationName,
  Secret,
  SuiteName
} from '../custodian/protocol';

export type { FileBytes } from '../custodian/protocol';

/** The states a person can tell apart. */
export type StoreState =
  /** Nothing was asked of the server yet, or it has not answered. */
  | { readonly kind: 'loading' }
  /** There is no file: first run. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'locked' }
  | { readonly kind: 'unlocked' }
  | { readonly kind: 'unusable'; readonly problem: Problem };

/** Why there is no usable store; nothing is ever written in these states. */
export type Problem =
  | { readonly kind: 'foreign'; readonly hint: 'empty' | 'other' }
  | { readonly kind: 'newer' }
  | { readonly kind: 'damaged'; readonly detail: string }
  /** For the server to hand out. */
  | { readonly kind: 'too-large' }
  /** A directory or a device is at the path. */
  | { readonly kind: 'no-file-there' }
  /** The server did not answer, or refused. `status` 0: no connection. */
  | { readonly kind: 'unreachable'; readonly status: number };

/** What a banner says; each needs a decision or is merely true. */
export type Notice =
  | { readonly kind: 'insecure-connection' }
  | { readonly kind: 'in-page' }
  /** Keys are derived in JavaScript. */
  | { readonly kind: 'slow' }
  | { readonly kind: 'no-server-extension' }
  | { readonly kind: 'merged'; readonly report: IMergeReport }
  /**
   * An older file, or another vault, than this page has seen before: nothing is opened until it is
   * dismissed. `gone`: there is no file where one was seen.
   */
  | { readonly kind: 'rolled-back' | 'replaced'; readonly gone?: true }
  /** Changes that could not be stored are kept in memory. */
  | { readonly kind: 'unsaved'; readonly reason: SaveProblem }
  /**
   * The passphrase was changed elsewhere; unsaved edits wait for the new one, or, if that has been
   * given (`needs`), for the old one: lock, enter the old one, then the new one.
   */
  | { readonly kind: 'passphrase-changed'; readonly needs?: 'old' };

export type SaveProblem =
  | 'unreachable'
  | 'logged-out'
  | 'disk-full'
  | 'forbidden'
  | 'too-large'
  /** Something else is at the path. */
  | 'in-the-way'
  | 'failed';

/** Where the file lies and who keeps it. */
export interface ILocation {
  /** As the server names it, for people: `~/.credentialstore`. */
  readonly path: string;
  readonly keeper: 'server' | 'contents';
}

/** What the panel, the dialogs and the commands use. */
export interface IStore {
  readonly state: StoreState;
  readonly location: ILocation | null;
  readonly notices: readonly Notice[];
  /** By name; empty while locked. Replaced, never mutated. */
  readonly entries: readonly IEntrySummary[];
  /** Empty while locked. */
  readonly grants: readonly IGrant[];
  /** When the auto-lock strikes (ms since 1970), or null: never, or locked. */
  readonly deadline: number | null;
  /** Something is half-typed, and kept: by the panel's form or by the dialog. */
  readonly hasDraft: boolean;
  /** A property above has changed. */
  readonly changed: ISignal<IStore, void>;

  /** Read the file (again). Never rejects: the outcome is in `state`. */
  refresh(): Promise<void>;
  /** Compile what a derivation needs while the person types. */
  warm(): void;
  /** Step one of the first run. Nothing is stored yet. */
  create(passphrase: string, suite: SuiteName): Promise<string>;
  /** Step two, after the recovery code was kept: store the file, and unlock. */
  confirmCreation(): Promise<void>;
  /** Drop what `create` made. */
  abandonCreation(): void;
  /**
   * Rejects with a CustodianError; `abort` makes it `cancelled`. `rolled-back` and `replaced`: the
   * notice of that kind is to be dismissed first.
   */
  unlock(secret: Secret, abort?: AbortSignal): Promise<void>;
  lock(): Promise<void>;
  /** The person is there. Cheap; call it on any trusted event. */
  touch(): void;

  detail(id: string): Promise<IEntryDetail>;
  reveal(id: string, field: number): Promise<string>;
  /**
   * The entry is in the list when this resolves, or it rejects and nothing has changed.
   * Storing goes on behind; a failure to store is a notice, and the change is kept.
   */
  put(draft: IEntryDraft): Promise<{ id: string; name: string }>;
  duplicate(id: string): Promise<{ id: string; name: string }>;
  remove(id: string): Promise<{ name: string }>;
  restore(id: string): Promise<void>;
  revoke(path: string, entry: string): Promise<void>;
  movePath(from: string, to: string): Promise<void>;
  /** Keep a half-typed entry, sealed, over a lock; null forgets it. Call it as the person types. */
  stashDraft(draft: IEntryDraft | null): Promise<void>;
  /** The half-typed entry of before the lock, if any. Needs the unlocked store. */
  takeDraft(): Promise<IEntryDraft | null>;
  /**
   * Resolves with the new recovery code, once stored; if it rejects, the old passphrase holds. `abort`
   * makes it `cancelled`, until it is being stored.
   */
  changePassphrase(
    current: Secret,
    next: string,
    abort?: AbortSignal
  ): Promise<string>;
  /** Try again to store what could not be stored. */
  retrySave(): Promise<void>;
  /** The person has seen a notice, or accepts what it says. */
  dismiss(kind: Notice['kind']): void;

  /**
   * The exchange's operations of the custodian: `receive`, `review`, `resume`,
   * `grant`, `refuse`, `retain`, `allowAlways`. The store saves what they change.
   */
  exchange<K extends ExchangeOperation>(
    op: K,
    args: Arguments<K>
  ): Promise<Answer<K>>;
}

/** "Allow for this kernel": it ends with the kernel's run, or with a lock. */
export interface IKernelGrant {
  /** Path of the notebook or console, as Jupyter names it. */
  readonly path: string;
  /** Id of the entry. */
  readonly entry: string;
  /** The kernel's name, for people. */
  readonly kernel: string;
  readonly since: number;
  readonly used: number;
}

/** Kept by the page that was asked, and by it alone. */
export interface IKernelGrants {
  readonly all: readonly IKernelGrant[];
  readonly changed: ISignal<IKernelGrants, void>;
  /** The document's kernel has to ask again for the entry. */
  revoke(grant: IKernelGrant): void;
}

export type ExchangeOperation = Extract<
  OperationName,
  | 'receive'
  | 'review'
  | 'resume'
  | 'grant'
  | 'refuse'
  | 'retain'
  | 'allowAlways'
>;

/** A place that keeps the file: the server extension, or the contents API. */
export interface IStorage {
  /** Rejects with a StorageError. */
  read(): Promise<IStoredFile>;
  /**
   * Replace the version `etag`, or create the file if it is null.
   *
   * `dropBackups`: earlier versions must not stay behind, for the vault key was replaced.
   * Resolves with the new tag; rejects with a StorageError.
   */
  write(
    file: FileBytes,
    etag: string | null,
    options?: { dropBackups?: boolean }
  ): Promise<string>;
}

export interface IStoredFile {
  readonly location: ILocation;
  /** Null: there is no file. */
  readonly content: {
    readonly bytes: ArrayBuffer;
    readonly etag: string;
  } | null;
}

/** `conflict`: the file is another than the one that was read. */
export type StorageProblem = SaveProblem | 'conflict';

export class StorageError extends Error {
  constructor(
    readonly problem: StorageProblem,
    /** HTTP status; 0: no connection. */
    readonly status: number,
    /** If the server has told. */
    readonly location?: ILocation
  ) {
    super(`${problem} (${status})`);
    this.name = 'StorageError';
  }
}
