import type { LogCounts } from '../logs/log-thread-protocol.js';

/** Nothing was told. */
export const NO_COUNTS: LogCounts = {
  kernel: { events: 0, ringFull: 0, busy: 0 },
  read: 0,
  invalid: 0,
  unknownWorkload: 0,
  logs: 0,
};

/** Adds what two threads have told. */
export function addCounts(one: LogCounts, other: LogCounts): LogCounts {
  const { kernel } = one;
  return {
    kernel: {
      events: kernel.events + other.kernel.events,
      ringFull: kernel.ringFull + other.kernel.ringFull,
      busy: kernel.busy + other.kernel.busy,
    },
    read: one.read + other.read,
    invalid: one.invalid + other.invalid,
    unknownWorkload: one.unknownWorkload + other.unknownWorkload,
    logs: one.logs + other.logs,
  };
}
