/**
 * Finds credential requests among all kernel messages, and keeps them from every input box.
 *
 * The hook is `sendShellMessage` and `sendControlMessage` of the shared KernelConnection class: every
 * request is a reply's parent, so whatever was sent through them, by a notebook, a console, a
 * clone or another extension, is covered. Wrapping `connectTo` of the kernel manager touches nothing
 * shared, but misses clones and connections made directly; there, an input box would show and a
 * person might type the secret into it. Messages themselves stay untouched.
 */
import {
  KernelConnection,
  type Kernel,
  type KernelMessage
} from '@jupyterlab/services';
import { isRequest } from '../exchange/marker';

/** Takes a request that nobody else will see. Must reply, once. */
export type Handler = (
  connection: Kernel.IKernelConnection,
  message: KernelMessage.IInputRequestMsg
) => void | Promise<void>;

interface IFuture {
  onStdin(msg: KernelMessage.IStdinMessage): PromiseLike<void> | void;
}

export function isCredentialRequest(
  msg: KernelMessage.IMessage
): msg is KernelMessage.IInputRequestMsg {
  return (
    msg.channel === 'stdin' &&
    msg.header.msg_type === 'input_request' &&
    isRequest(textOf((msg as KernelMessage.IInputRequestMsg).content.prompt))
  );
}

/** A hostile kernel may send any JSON, also what cannot be made a string. */
function textOf(prompt: unknown): string {
  return typeof prompt === 'string' ? prompt : (JSON.stringify(prompt) ?? '');
}

/** Whoever sets the future's `onStdin`, now or later, gets everything but our requests. */
function guard(future: IFuture, connection: Kernel.IKernelConnection): void {
  const { get, set } = accessor(future);
  const before = get.call(future);
  Object.defineProperty(future, 'onStdin', {
    configurable: true,
    get: () => handlers.get(get.call(future)) ?? get.call(future),
    set: (handler: IFuture['onStdin']) => {
      const guarded: IFuture['onStdin'] = msg => {
        if (!isCredentialRequest(msg)) {
          return handler(msg);
        }
        // Lab has just noted a pending input, perhaps after the reply: no cell would run again.
        connection.removeInputGuard();
      };
      handlers.set(guarded, handler);
      set.call(future, guarded);
    }
  });
  future.onStdin = before;
}

/** The handler behind a guarded one, so that reading `onStdin` gives what was set. */
const handlers = new WeakMap<IFuture['onStdin'], IFuture['onStdin']>();

/** The class's own accessor. @throws Error if Lab has changed it: better than an input box. */
function accessor(
  future: IFuture
): Required<Pick<TypedPropertyDescriptor<IFuture['onStdin']>, 'get' | 'set'>> {
  for (let o = future; o; o = Object.getPrototypeOf(o) as IFuture) {
    const found = Object.getOwnPropertyDescriptor(o, 'onStdin');
    if (found?.get && found.set) {
      return { get: found.get, set: found.set };
    }
  }
  throw new Error('A kernel future without an onStdin accessor');
}

/**
 * @param adopted - Told of each connection before its first message is sent.
 * @returns What takes the hook out again.
 */
export function intercept(
  handle: Handler,
  adopted: (connection: Kernel.IKernelConnection) => void = () => undefined
): () => void {
  const known = new WeakSet<object>();
  const adopt = (connection: KernelConnection) => {
    if (known.has(connection)) {
      return;
    }
    known.add(connection);
    adopted(connection);
    connection.anyMessage.connect((_, { msg, direction }) => {
      // Only the page that sent the code answers; others see the message as well.
      if (
        direction === 'recv' &&
        isCredentialRequest(msg) &&
        (msg.parent_header as KernelMessage.IHeader).session ===
          connection.clientId
      ) {
        void handle(connection, msg);
      }
    });
  };
  const { prototype } = KernelConnection;
  const { sendShellMessage, sendControlMessage } = prototype;
  const wrap = <F extends (...args: never[]) => unknown>(send: F): F =>
    function (this: KernelConnection, ...args: Parameters<F>) {
      adopt(this);
      const future = send.apply(this, args) as IFuture;
      guard(future, this);
      return future;
    } as unknown as F;
  prototype.sendShellMessage = wrap(sendShellMessage);
  prototype.sendControlMessage = wrap(sendControlMessage);
  return () => {
    prototype.sendShellMessage = sendShellMessage;
    prototype.sendControlMessage = sendControlMessage;
  };
}
