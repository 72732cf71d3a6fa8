import { WORKLOAD } from '@kubearmor/enforcers';
import type { RuleSet } from '@kubearmor/policy';
import type { LogWorkload } from '@kubearmor/telemetry';
import { describeWorkload } from './describe-workload.js';
import type { LogPipeline } from './log-pipeline.js';
import type { Scope } from './scopes.js';
import type { WorkloadWatcher } from './workload-registry.js';

/** Has logs made of scopes, units and the host. */
export class LogWatcher implements WorkloadWatcher {
  readonly #logs: Pick<LogPipeline, 'watch' | 'forget'>;
  readonly #rootOf: (id: number) => string | undefined;

  /** `rootOf` gives a path to the root of a workload that is protected. */
  constructor(logs: Pick<LogPipeline, 'watch' | 'forget'>, rootOf: (id: number) => string | undefined) {
    this.#logs = logs;
    this.#rootOf = rootOf;
  }

  watch(scope: Scope, ruleSet: RuleSet, pid: number | undefined): Promise<void> {
    const root = this.#rootOf(scope.id);
    return this.#logs.watch(scope.id, { workload: describe(scope), ruleSet, root }, pid);
  }

  forget(id: number): void {
    void this.#logs.forget(id);
  }
}

function describe(scope: Scope): LogWorkload {
  return scope.id === WORKLOAD.host
    ? { Type: 'HostLog' }
    : { Type: 'ContainerLog', ...describeWorkload(scope) };
}
