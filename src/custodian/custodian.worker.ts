/** The worker in which the keys live. */
import { Derivation } from './derivation';
import { host, packed } from './host';
import type { ICall } from './protocol';
import { spawnDerivation } from './spawn-derivation';

const serve = host(message => {
  for (const part of packed(message)) {
    self.postMessage(part);
  }
}, new Derivation(spawnDerivation));

self.onmessage = ({ data }: MessageEvent<ICall>) => void serve(data);
