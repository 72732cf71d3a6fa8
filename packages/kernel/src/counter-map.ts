import type { BpfMap } from './bpf-map.js';

/** Reads an array map of u64 counters, per CPU or not: one sum per index, for example drops per cause. */
export function readCounters(map: BpfMap): readonly bigint[] {
  const key = new Uint32Array(1);
  const keyBytes = new Uint8Array(key.buffer);
  const values = new BigUint64Array(map.valueBytes / 8);
  const valueBytes = new Uint8Array(values.buffer);
  return Array.from({ length: map.maxEntries }, (_, index) => {
    key[0] = index;
    return map.lookup(keyBytes, valueBytes) ? values.reduce((sum, value) => sum + value, 0n) : 0n;
  });
}
