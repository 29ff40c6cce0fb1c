/** Stands in for `custodian/spawn`, which jest cannot load. */
export const CUSTODIAN = 'https://lab.example/custodian.worker.js';
