import type { BpfMap } from '@kubearmor/kernel';
import { LOSS, SIZES } from '../record/layout.js';

/** What the kernel's side had to tell of one workload, and what of it was lost, by cause. */
export interface Tally {
  /** Everything, lost or not. */
  readonly events: number;
  /** The ring had no room: nobody reads fast enough. */
  readonly ringFull: number;
  /** The CPU's scratch memory was in use. */
  readonly busy: number;
}

/** Nothing happened. */
export const NO_EVENTS: Tally = { events: 0, ringFull: 0, busy: 0 };

/** Reads the sum over all CPUs of a workload's tally. */
export function readTally(map: BpfMap, workload: number): Tally {
  const value = new BigUint64Array(map.valueBytes / 8);
  const key = new Uint8Array(Uint32Array.of(workload).buffer);
  if (!map.lookup(key, new Uint8Array(value.buffer))) return NO_EVENTS;
  const words = SIZES.monitor_tally / 8;
  const sum = (word: number): number => {
    let total = 0n;
    for (let at = word; at < value.length; at += words) total += value[at] ?? 0n;
    return Number(total);
  };
  return { events: sum(0), ringFull: sum(1 + LOSS.ringFull), busy: sum(1 + LOSS.busy) };
}

/** Adds two tallies. */
export function addTallies(one: Tally, other: Tally): Tally {
  return {
    events: one.events + other.events,
    ringFull: one.ringFull + other.ringFull,
    busy: one.busy + other.busy,
  };
}
