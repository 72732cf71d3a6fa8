import { WORKLOAD } from '@kubearmor/enforcers';
import type { RuleSet } from '@kubearmor/policy';
import type { LogWorkload } from '@kubearmor/telemetry';
import { describeWorkload } from './describe-workload.js';
import type { LogPipeline } from './log-pipeline.js';
import type { Scope } from './scopes.js';
import type { WorkloadWatcher } from './workload-registry.js';

/** What the watcher needs. */
export interface LogWatcherDeps {
  /** Asked for with each call: the pipeline is made after those who know of workloads. */
  readonly logs: () => Pick<LogPipeline, 'watch' | 'forget'>;
  /** A path to the root of a workload that is protected. */
  readonly rootOf: (id: number) => string | undefined;
}

/** Has logs made of scopes, units and the host. */
export class LogWatcher implements WorkloadWatcher {
  readonly #deps: LogWatcherDeps;

  constructor(deps: LogWatcherDeps) {
    this.#deps = deps;
  }

  watch(scope: Scope, ruleSet: RuleSet, pid: number | undefined): Promise<void> {
    const { logs, rootOf } = this.#deps;
    return logs().watch(scope.id, { workload: nameOf(scope), ruleSet, root: rootOf(scope.id) }, pid);
  }

  forget(id: number): void {
    void this.#deps.logs().forget(id);
  }
}

function nameOf(scope: Scope): LogWorkload {
  return scope.id === WORKLOAD.host
    ? { Type: 'HostLog' }
    : { Type: 'ContainerLog', ...describeWorkload(scope) };
}
