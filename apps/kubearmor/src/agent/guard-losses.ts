import type { Counters } from '@kubearmor/service';
import type { DropLedger } from '@kubearmor/telemetry';

/** The guard's counters of what could have been alerts, and what they are told as. */
const CAUSES = [
  ['eventsLost', 'guard-ring-full'],
  ['alertsDropped', 'not-kept'],
  ['alertsMalformed', 'journal-malformed'],
] as const;

/** Counts what was lost between the kernel and the agent. The guard does not know of whom. */
export class GuardLosses {
  readonly #drops: DropLedger;
  readonly #counters: Counters;
  readonly #told = new Map<string, number>();

  constructor(deps: { readonly drops: DropLedger; readonly counters: Counters }) {
    this.#drops = deps.drops;
    this.#counters = deps.counters;
  }

  /** Takes the guard's counters as they are now. */
  take(counters: Readonly<Record<string, number>>): void {
    for (const [name, cause] of CAUSES) {
      const count = counters[name];
      if (count === undefined) continue;
      // An answerer that is new counts from the beginning.
      const before = this.#told.get(name) ?? 0;
      const messages = count < before ? count : count - before;
      this.#told.set(name, count);
      if (messages === 0) continue;
      this.#counters.counter('alerts_lost', { cause }).add(messages);
      this.#drops.add({ stream: 'alerts', cause, shares: [{ workload: '', messages }] });
    }
  }
}
