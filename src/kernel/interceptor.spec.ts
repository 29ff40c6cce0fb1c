import { KernelMessage, type KernelConnection } from '@jupyterlab/services';
import { MARKER } from '../exchange/marker';
import { KernelEnd } from '../testing/kernel';
import { intercept, isCredentialRequest } from './interceptor';

const REQUEST = `A sentence for other front ends.${MARKER}1] abc`;

const seen = jest.fn();
const onStdin = jest.fn();
let takeOut: () => void;
let kernel: KernelEnd;

beforeEach(() => {
  jest.spyOn(console, 'debug').mockReturnValue();
  jest.clearAllMocks();
  takeOut = intercept(seen);
  kernel = new KernelEnd();
});

afterEach(() => {
  kernel.connection.dispose();
  takeOut();
});

function execute() {
  return kernel.connection.requestExecute({ code: 'x' });
}

it('tells of each connection once, with its first message', () => {
  takeOut();
  const adopted = jest.fn();
  takeOut = intercept(seen, adopted);
  execute();
  execute();
  expect(adopted.mock.calls).toEqual([[kernel.connection]]);
});

describe('a credential request', () => {
  it('goes to the store and reaches no input box', async () => {
    const future = execute();
    future.onStdin = onStdin;
    const message = await kernel.ask(REQUEST, future.msg.header);
    expect(onStdin).not.toHaveBeenCalled();
    expect(seen).toHaveBeenCalledTimes(1);
    expect(seen).toHaveBeenCalledWith(
      kernel.connection,
      expect.objectContaining({ header: message.header })
    );
  });

  it('reaches no handler that is set after it was sent', async () => {
    const future = execute();
    future.onStdin = jest.fn();
    await kernel.ask(REQUEST, future.msg.header);
    future.onStdin = onStdin;
    await kernel.ask(REQUEST, future.msg.header);
    expect(onStdin).not.toHaveBeenCalled();
    expect(seen).toHaveBeenCalledTimes(2);
  });

  it('is seen where nobody handles input', async () => {
    await kernel.ask(REQUEST, execute().msg.header);
    expect(seen).toHaveBeenCalledTimes(1);
  });

  it.each(['before', 'after'])(
    'leaves no pending input when it is answered %s Lab has handled it',
    async when => {
      const { connection } = kernel;
      const reply = (message: KernelMessage.IInputRequestMsg) =>
        connection.sendInputReply(
          { status: 'ok', value: 'sealed' },
          message.header
        );
      if (when === 'before') {
        seen.mockImplementationOnce((_, message) => reply(message));
      }
      const message = await kernel.ask(REQUEST, execute().msg.header);
      if (when === 'after') {
        reply(message);
      }
      expect(connection.hasPendingInput).toBe(false);
      expect(kernel.sent('input_reply')).toHaveLength(1);
    }
  );

  it('is seen on the control channel too', async () => {
    const future = kernel.connection.requestDebug({
      seq: 1,
      type: 'request',
      command: 'evaluate'
    });
    future.onStdin = onStdin;
    await kernel.ask(REQUEST, future.msg.header);
    expect(onStdin).not.toHaveBeenCalled();
    expect(seen).toHaveBeenCalledTimes(1);
  });

  it('is seen once, however many messages the connection has sent', async () => {
    execute();
    execute();
    await kernel.ask(REQUEST, execute().msg.header);
    expect(seen).toHaveBeenCalledTimes(1);
  });

  it('is seen on a clone, which no kernel manager knows', async () => {
    const clone = new KernelEnd(kernel.connection.clone() as KernelConnection);
    const future = clone.connection.requestExecute({ code: 'x' });
    future.onStdin = onStdin;
    await clone.ask(REQUEST, future.msg.header);
    expect(onStdin).not.toHaveBeenCalled();
    expect(seen).toHaveBeenCalledTimes(1);
    expect(seen.mock.calls[0][0]).toBe(clone.connection);
    clone.connection.dispose();
  });

  it('is left to the page that has sent the code', async () => {
    execute();
    const other = KernelMessage.createMessage<any>({
      msgType: 'execute_request',
      channel: 'shell',
      session: 'other-page',
      content: { code: 'x' }
    });
    await kernel.ask(REQUEST, other.header);
    await kernel.ask(REQUEST, {} as KernelMessage.IHeader);
    expect(seen).not.toHaveBeenCalled();
  });

  it('is left alone once the hook is taken out', async () => {
    takeOut();
    const future = execute();
    future.onStdin = onStdin;
    await kernel.ask(REQUEST, future.msg.header);
    expect(onStdin).toHaveBeenCalledTimes(1);
  });
});

describe('an ordinary request for input', () => {
  it('reaches its handler untouched, and is not seen', async () => {
    const future = execute();
    future.onStdin = onStdin;
    const message = await kernel.ask('Name? ', future.msg.header);
    expect(onStdin).toHaveBeenCalledWith(message);
    expect(seen).not.toHaveBeenCalled();
    expect(kernel.connection.hasPendingInput).toBe(true);
  });

  it('reaches its handler between two credential requests', async () => {
    const future = execute();
    future.onStdin = onStdin;
    await kernel.ask(REQUEST, future.msg.header);
    await kernel.ask('Name? ', future.msg.header);
    await kernel.ask(REQUEST, future.msg.header);
    expect(onStdin).toHaveBeenCalledTimes(1);
    expect(seen).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['no marker', 'credentialstore-request/1'],
    ['half a marker', ' [credentialstore-reques'],
    ['no prompt', '']
  ])('is not taken for ours: %s', async (_, prompt) => {
    const future = execute();
    future.onStdin = onStdin;
    await kernel.ask(prompt, future.msg.header);
    expect(onStdin).toHaveBeenCalledTimes(1);
    expect(seen).not.toHaveBeenCalled();
  });
});

it('takes whatever bears the marker, since no person should answer it', () => {
  const message = (prompt: unknown, change = {}) =>
    ({
      channel: 'stdin',
      header: { msg_type: 'input_request' },
      content: { prompt },
      ...change
    }) as unknown as KernelMessage.IMessage;
  expect(isCredentialRequest(message(`${MARKER}99] \u0000 not base64!`))).toBe(
    true
  );
  expect(isCredentialRequest(message([REQUEST]))).toBe(true);
  expect(isCredentialRequest(message({ toString: REQUEST }))).toBe(true);
  expect(isCredentialRequest(message({ toString: 'else' }))).toBe(false);
  expect(isCredentialRequest(message(undefined))).toBe(false);
  expect(isCredentialRequest(message(REQUEST, { channel: 'iopub' }))).toBe(
    false
  );
  expect(
    isCredentialRequest(message(REQUEST, { header: { msg_type: 'stream' } }))
  ).toBe(false);
});

it('gives back the handler that was set', () => {
  const future = execute();
  future.onStdin = onStdin;
  expect(future.onStdin).toBe(onStdin);
});

it('fails rather than let an input box show, should Lab change its futures', () => {
  takeOut();
  const prototype = Object.getPrototypeOf(kernel.connection);
  const { sendShellMessage } = prototype;
  prototype.sendShellMessage = () => ({ onStdin: () => undefined });
  takeOut = intercept(seen);
  expect(execute).toThrow('onStdin');
  takeOut();
  prototype.sendShellMessage = sendShellMessage;
});
