/**
 * Lets through to the custodian what only a person may ask for, consent and values, if the person
 * has just pressed the very button that is for it.
 *
 * Made when Lab starts. Scripts in the page can reach its methods, so its state is in a closure,
 * and it looks up nothing that they could have replaced: no methods of arrays, maps or sets, no
 * iteration, no member that an object may not have itself.
 */
import { isField, lies, type IPress } from './presses';
import type { ISight } from './sight';
import type {
  Arguments,
  GrantScope,
  IRequestView,
  OperationName,
  RequestOutcome
} from './protocol';

/** The dialog of one request. */
export interface IDialog {
  readonly root: Element;
  readonly allow: Readonly<Partial<Record<GrantScope, Element>>>;
  /** What Enter means in a field for the passphrase, or for what is missing; one of `allow`'s. */
  readonly enter: GrantScope;
  /** How long the dialog has to be seen before its buttons can be pressed, in ms. */
  readonly delayMs: number;
  /** Whether they can be pressed now. */
  armed(armed: boolean): void;
}

export interface IGate {
  /** The panel. The first one counts. */
  settle(panel: Element): void;
  /** A button of the panel's that shows, or copies, a value. */
  mark(button: Element, id: string, field: number): void;
  /**
   * The dialog of a request is shown. Called twice for a request, one of the calls was not ours:
   * then nothing vouches for it any more.
   */
  present(handle: number, dialog: IDialog): void;
  /** Whether a call may go to the custodian. A press vouches for one. */
  admits(call: ICalled): boolean;
  /** What the custodian has answered to a call; undefined: it has refused. */
  note(call: ICalled, answer?: { readonly value: unknown }): void;
}

export interface ICalled {
  readonly op: OperationName;
  readonly args: unknown;
}

/** What the gate needs of the page. */
export interface IPage {
  /** Calls back for each press, before anybody else hears of it. */
  watchPresses(press: (press: IPress) => void): void;
  /** Tells whether an element can be seen, and stays where it is. */
  watchSight(element: Element, change: (seen: boolean) => void): ISight;
  now(): number;
  later(then: () => void, ms: number): void;
}

interface IShown {
  readonly root: Element;
  readonly allow: Table<Element>;
  readonly enter: GrantScope;
  armedAt: number;
  /** Reset if nothing comes of it. */
  pressed: Table<true>;
  /** It is answered, or spoilt. */
  over: boolean;
  /** Whether all is where it was: if not, it has to be seen anew. */
  look(): void;
  end(): void;
}

interface IRequest {
  readonly path: string;
  view: IRequestView;
}

/** Without a prototype: nobody else's members. */
type Table<T> = Record<string, T | undefined>;
const table = <T>(): Table<T> => ({ __proto__: null }) as unknown as Table<T>;

const { apply } = Reflect;
const { freeze, hasOwn } = Object;
const { get, set } = WeakMap.prototype;

export function makeGate(page: IPage): IGate {
  const dialogs = table<IShown>();
  const requests = table<IRequest>();
  const marks = new WeakMap<Element, string>();
  let panel: Element | undefined;
  /** What the last press lets see. */
  let value: string | undefined;
  /** The last press, in the panel, may be the form's. */
  let edited = false;
  /** What the last consent, given for always, allows. */
  let always: IRequest | undefined;

  page.watchPresses(press => {
    value =
      press.button && panel && lies(press.button, panel)
        ? (apply(get, marks, [press.button]) as string | undefined)
        : undefined;
    edited = !!panel && lies(press.button ?? press.enter, panel);
    for (const handle in dialogs) {
      const dialog = dialogs[handle]!;
      if (dialog.over) {
        continue;
      }
      dialog.look();
      if (page.now() >= dialog.armedAt) {
        const scope = meant(press, dialog, requests[handle]?.view);
        if (scope) {
          dialog.pressed[scope] = true;
        }
      }
    }
  });

  const present = (handle: number, dialog: IDialog): void => {
    const earlier = dialogs[handle];
    if (earlier) {
      earlier.over = true;
      return earlier.end();
    }
    const { root, enter, delayMs, armed } = dialog;
    const allow = table<Element>();
    let unseen = 1;
    const shown: IShown = {
      root,
      allow,
      enter,
      armedAt: Infinity,
      pressed: table(),
      over: false,
      look: () => undefined,
      end: () => undefined
    };
    dialogs[handle] = shown;
    const count = (change: number) => {
      unseen += change;
      if (unseen) {
        shown.armedAt = Infinity;
        armed(false);
        return;
      }
      const at = (shown.armedAt = page.now() + delayMs);
      if (!delayMs) {
        return armed(true);
      }
      page.later(() => at === shown.armedAt && armed(true), delayMs);
    };
    const watch = (element: Element) => {
      let seen = false;
      unseen++;
      const { look, end } = shown;
      const sight = page.watchSight(element, now => {
        if (now !== seen) {
          seen = now;
          count(now ? -1 : 1);
        }
      });
      shown.look = () => {
        sight.look();
        look();
      };
      shown.end = () => {
        sight.stop();
        end();
      };
    };
    const take = (scope: GrantScope) => {
      if (hasOwn(dialog.allow, scope)) {
        const button = (allow[scope] = dialog.allow[scope]!);
        watch(button);
      }
    };
    watch(root);
    take('once');
    take('kernel');
    take('notebook');
    count(-1);
  };

  const grant = ({ handle, scope }: Arguments<'grant'>): boolean => {
    const dialog = dialogs[handle];
    if (!dialog || dialog.over || !dialog.pressed[scope]) {
      return false;
    }
    dialog.over = true;
    dialog.end();
    always = scope === 'notebook' ? requests[handle] : undefined;
    return true;
  };

  const allowAlways = (args: Arguments<'allowAlways'>): boolean => {
    const request = always;
    always = undefined;
    return !!request && isFor(args, request);
  };

  const reveal = ({ id, field }: Arguments<'reveal'>): boolean => {
    const pressed = value;
    value = undefined;
    return pressed === key(id, field);
  };

  /** A new name would have people consent to what they do not mean. */
  const put = ({ draft }: Arguments<'put'>): boolean => {
    const pressed = edited;
    edited = false;
    return pressed || !hasOwn(draft, 'id') || draft.id === undefined;
  };

  const see = (path: string | undefined, view: IRequestView): void => {
    const known = requests[view.handle];
    if (known) {
      known.view = view;
    } else if (path !== undefined) {
      requests[view.handle] = { path, view };
    }
  };

  return freeze<IGate>({
    settle: element => void (panel ??= element),
    mark: (button, id, field) =>
      void apply(set, marks, [button, key(id, field)]),
    present,
    admits: ({ op, args }) => {
      switch (op) {
        case 'grant':
          return grant(args as Arguments<'grant'>);
        case 'allowAlways':
          return allowAlways(args as Arguments<'allowAlways'>);
        case 'put':
          return put(args as Arguments<'put'>);
        case 'reveal':
          return reveal(args as Arguments<'reveal'>);
        default:
          return true;
      }
    },
    note: ({ op, args }, answer) => {
      if ((op === 'unlock' || op === 'put') && !answer) {
        // Nothing came of the press.
        for (const handle in dialogs) {
          dialogs[handle]!.pressed = table();
        }
      } else if (op === 'refuse') {
        const dialog = dialogs[(args as Arguments<'refuse'>).handle];
        if (dialog) {
          dialog.over = true;
          dialog.end();
        }
      } else if (op === 'review' && answer) {
        see(undefined, answer.value as IRequestView);
      } else if (op === 'receive' && answer) {
        const outcome = answer.value as RequestOutcome;
        if (outcome.kind === 'ask') {
          see((args as Arguments<'receive'>).path, outcome.request);
        }
      }
    }
  });
}

/** Whether a call needs a person. */
export function guarded(op: OperationName): boolean {
  return (
    op === 'grant' || op === 'allowAlways' || op === 'reveal' || op === 'put'
  );
}

/** What a press means in a dialog. */
function meant(
  press: IPress,
  { root, allow, enter }: IShown,
  view: IRequestView | undefined
): GrantScope | undefined {
  if (press.enter) {
    return view &&
      waits(view) &&
      isField(press.enter) &&
      lies(press.enter, root) &&
      // A button that nobody saw is not what was meant.
      allow[enter]
      ? enter
      : undefined;
  }
  // With a key: only where the person has moved the focus to, within the dialog.
  if (!press.button || (press.byKey && !lies(press.from, root))) {
    return undefined;
  }
  for (const scope in allow) {
    if (allow[scope] === press.button) {
      return scope as GrantScope;
    }
  }
  return undefined;
}

/** Whether there is a field in which Enter means consent. */
function waits({ locked, want }: IRequestView): boolean {
  for (let i = 0; i < want.length; i++) {
    if (want[i].found === 'credential') {
      return true;
    }
  }
  return locked;
}

function isFor(
  { path, entries }: Arguments<'allowAlways'>,
  request: IRequest
): boolean {
  const { want } = request.view;
  if (path !== request.path || entries.length !== want.length) {
    return false;
  }
  for (let i = 0; i < want.length; i++) {
    if (entries[i] !== want[i].entry) {
      return false;
    }
  }
  return true;
}

function key(id: string, field: number): string {
  return `${field} ${id}`;
}
