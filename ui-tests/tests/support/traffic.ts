/** Records what a page sends and receives, and finds traces of a text in it. */
import type { Page } from '@playwright/test';

export class Traffic {
  constructor(page: Page) {
    page.on('websocket', socket => {
      this.frames.push(Buffer.from(socket.url()));
      socket.on('framesent', ({ payload }) =>
        this.frames.push(Buffer.from(payload))
      );
      socket.on('framereceived', ({ payload }) =>
        this.frames.push(Buffer.from(payload))
      );
    });
    page.on('request', request => {
      this.bodies.push(Buffer.from(request.url()));
      this.bodies.push(request.postDataBuffer() ?? Buffer.alloc(0));
    });
    page.on('requestfinished', request => {
      this._pending.push(
        request
          .response()
          .then(response => response?.body())
          .then(
            body => void (body && this.bodies.push(body)),
            // Redirects, and pages that are gone, have none.
            () => undefined
          )
      );
    });
    page.on('console', message => this.console.push(message.text()));
  }

  /** Resolves when the bodies of the answers so far are here. */
  async settled(): Promise<void> {
    await Promise.all(this._pending);
  }

  readonly frames: Buffer[] = [];
  readonly bodies: Buffer[] = [];
  readonly console: string[] = [];
  private readonly _pending: Promise<void>[] = [];
}

/** The forms in which a text may hide among bytes. */
export function disguises(text: string): Buffer[] {
  const utf16 = Buffer.from(text, 'utf16le');
  const url = encodeURIComponent(text);
  const json = [escaped(text), ascii(escaped(text))];
  const encoded = [
    utf16,
    Buffer.from(utf16).swap16(),
    ...[
      text,
      [...text].reverse().join(''),
      ...json,
      // JSON within JSON, as in what Lab keeps, and in a notebook's outputs.
      ...json.map(escaped),
      url,
      url.replaceAll('%20', '+')
    ].map(form => Buffer.from(form))
  ];
  // Many a text is the same in several forms, and a search takes its time.
  const forms = encoded
    .flatMap(wrapped)
    .map(form => [form.toString('latin1'), form] as const);
  return [...new Map(forms).values()];
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** As Python's JSON has it. */
function ascii(json: string): string {
  return json.replace(
    /[\u0080-\uffff]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  );
}

/** As such, in hexadecimal, and in base64. */
function wrapped(bytes: Buffer): Buffer[] {
  const hex = bytes.toString('hex');
  const forms = [bytes, Buffer.from(hex), Buffer.from(hex.toUpperCase())];
  // In base64 a text has three forms, by its place; the ends depend on what is around it.
  for (const offset of [0, 1, 2]) {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes]);
    const inner = (form: BufferEncoding) =>
      Buffer.from(whole.toString(form).replace(/=+$/, '').slice(4, -2));
    forms.push(inner('base64'), inner('base64url'));
  }
  return forms;
}

/** Whether bytes hold a text in one of its forms. */
export function holds(bytes: Buffer, text: string): boolean {
  return disguises(text).some(form => bytes.includes(form));
}

/** What the page has answered to kernels' questions. */
export function inputReplies(frames: readonly Buffer[]): string[] {
  return frames
    .map(frame => frame.toString('latin1'))
    .filter(frame => frame.includes('"msg_type":"input_reply"'))
    .map(frame => /"value":"([^"]*)"/.exec(frame)![1]);
}

/** The requests of kernels in some bytes, decoded. */
export function requestsIn(bytes: Buffer): string[] {
  return [...bytes.toString('latin1').matchAll(MARKER)].map(([, json]) =>
    Buffer.from(json, 'base64url').toString()
  );
}

/** The same bytes without the requests of kernels. */
export function withoutRequests(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(MARKER, ''), 'latin1');
}

const MARKER = /credentialstore-request\/1 ([\w-]+)/g;
