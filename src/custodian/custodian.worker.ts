/** The worker in which the keys live. */
import { Derivation } from './derivation';
import { host } from './host';
import { spawnDerivation } from './spawn-derivation';

const serve = host(
  message => self.postMessage(message),
  new Derivation(spawnDerivation)
);

self.onmessage = ({ data }) => void serve(data);
