import type { RuleSet } from '@kubearmor/policy';
import type { StateFeed } from '../grpc/services/state-feed.js';
import type { Scope } from './scopes.js';
import type { WorkloadWatcher } from './workload-registry.js';

/** Has the state told anew when a workload starts, changes or ends, and passes it on. */
export class StateWatcher implements WorkloadWatcher {
  readonly #state: Pick<StateFeed, 'changed'>;
  readonly #next: WorkloadWatcher;

  constructor(state: Pick<StateFeed, 'changed'>, next: WorkloadWatcher) {
    this.#state = state;
    this.#next = next;
  }

  watch(scope: Scope, ruleSet: RuleSet, pid: number | undefined): Promise<void> {
    this.#state.changed();
    return this.#next.watch(scope, ruleSet, pid);
  }

  forget(id: number): void {
    this.#state.changed();
    this.#next.forget(id);
  }
}
