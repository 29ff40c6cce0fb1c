/** The server's end of a kernel's WebSocket; the connection on top of it is Lab's own. */
import {
  KernelConnection,
  KernelMessage,
  ServerConnection
} from '@jupyterlab/services';

class Socket {
  static latest: Socket;

  constructor() {
    Socket.latest = this;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = WebSocket.CLOSED;
  }

  readonly protocol = '';
  readyState: number = WebSocket.OPEN;
  readonly sent: KernelMessage.IMessage[] = [];
  onopen: (event: object) => void = () => undefined;
  onmessage: (event: object) => void = () => undefined;
}

export class KernelEnd {
  /** @param connection - The latest one that was made. */
  constructor(readonly connection = connect()) {
    this._socket = Socket.latest;
    this._socket.onopen({});
  }

  /** What the page has sent, of one type. */
  sent<T extends KernelMessage.IMessage>(type: string): T[] {
    return this._socket.sent.filter(
      ({ header }) => header.msg_type === type
    ) as T[];
  }

  /** Ask for input on behalf of a message; resolves when the page has handled it. */
  async ask(
    prompt: unknown,
    parent: KernelMessage.IHeader
  ): Promise<KernelMessage.IInputRequestMsg> {
    const message = KernelMessage.createMessage<any>({
      msgType: 'input_request',
      channel: 'stdin',
      session: 'the-kernel',
      parentHeader: parent,
      content: { prompt, password: true }
    });
    this.receive(message);
    await new Promise(resolve => setTimeout(resolve));
    return message;
  }

  receive(message: KernelMessage.IMessage): void {
    this._socket.onmessage({ data: JSON.stringify(message) });
  }

  private readonly _socket: Socket;
}

function connect(): KernelConnection {
  return new KernelConnection({
    model: { id: 'kernel', name: 'python3' },
    serverSettings: ServerConnection.makeSettings({
      WebSocket: Socket as unknown as typeof WebSocket
    })
  });
}
