/** The worker in which the keys live. */
import { Derivation } from './derivation';
import { host, packed } from './host';
import type { ICall, Message } from './protocol';
import { spawnDerivation } from './spawn-derivation';

const send = (message: Message) => {
  for (const part of packed(message)) {
    self.postMessage(part);
  }
};
const slow = () => send({ event: 'slow' });
const serve = host(send, new Derivation(spawnDerivation, slow));

self.onmessage = ({ data }: MessageEvent<ICall>) => void serve(data);
