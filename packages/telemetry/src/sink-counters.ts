import type { Counter, Counters } from '@kubearmor/service';

/** The counters that every sink keeps: `alerts_written` and `alerts_dropped`, labelled with the sink and the cause. */
export interface SinkCounters {
  readonly written: Counter;
  /** The sink held as much as it may. */
  readonly droppedFull: Counter;
  /** The sink had been closed. */
  readonly droppedClosed: Counter;
  /** Writing failed. */
  readonly droppedFailed: Counter;
}

/** Finds the counters of one sink. */
export function sinkCounters(counters: Counters, sink: string): SinkCounters {
  const dropped = (cause: string): Counter => counters.counter('alerts_dropped', { sink, cause });
  return {
    written: counters.counter('alerts_written', { sink }),
    droppedFull: dropped('full'),
    droppedClosed: dropped('closed'),
    droppedFailed: dropped('failed'),
  };
}
