import type { Counter, Counters } from '@kubearmor/service';
import type { DropLedger } from './drop-ledger.js';
import type { Lines, WorkloadShare } from './lines.js';

/** Why a sink did not write. */
export type SinkDropCause =
  /** The sink held as much as it may. */
  | 'full'
  /** The sink had been closed. */
  | 'closed'
  /** Writing failed. */
  | 'failed';

/** What a sink counts by. */
export interface SinkCountersDependencies {
  readonly counters: Counters;
  /** Where losses are told by workload, too. By default nowhere. */
  readonly drops?: DropLedger;
}

/** Which sink counts, and of what. */
export interface SinkCountersOptions {
  readonly sink: string;
  /** `alerts` or `logs`: counters are called `alerts_written` and `alerts_dropped`, labelled with the sink and the cause. */
  readonly stream: 'alerts' | 'logs';
}

/** The counters that every sink keeps. */
export class SinkCounters {
  readonly #deps: SinkCountersDependencies;
  readonly #options: SinkCountersOptions;
  readonly #written: Counter;
  readonly #dropped: Readonly<Record<SinkDropCause, Counter>>;

  constructor(deps: SinkCountersDependencies, options: SinkCountersOptions) {
    const { sink, stream } = options;
    const dropped = (cause: SinkDropCause): Counter =>
      deps.counters.counter(`${stream}_dropped`, { sink, cause });
    this.#deps = deps;
    this.#options = options;
    this.#written = deps.counters.counter(`${stream}_written`, { sink });
    this.#dropped = { full: dropped('full'), closed: dropped('closed'), failed: dropped('failed') };
  }

  /** Counts what was written. */
  write({ shares }: Lines): void {
    this.#written.add(sum(shares));
  }

  /** Counts what was lost. */
  drop(cause: SinkDropCause, { shares }: Lines): void {
    const { sink, stream } = this.#options;
    this.#dropped[cause].add(sum(shares));
    this.#deps.drops?.add({ stream, cause: `${sink}: ${cause}`, shares });
  }
}

function sum(shares: readonly WorkloadShare[]): number {
  return shares.reduce((total, { messages }) => total + messages, 0);
}
