import type { Applied, Enforcer } from '@kubearmor/enforcers';
import { procPath, readlinkPath, readStat } from '@kubearmor/kernel';
import { compile, selects, type Policy, type Postures, type RuleSet } from '@kubearmor/policy';
import type { Logger } from '@kubearmor/service';
import { ScopeCgroup, scopeCgroupPath } from '@kubearmor/workloads';
import { isAudited, toWorkload, type Scope, type Scopes } from './scopes.js';

/** What is in force for one scope. */
export interface InForce {
  readonly scope: Scope;
  /** In `audited` mode nothing is refused: what would be is told as `Audit (Block)`. */
  readonly mode: 'enforced' | 'audited';
  readonly policies: readonly string[];
  readonly ruleSetHash: string;
  readonly sinceMs: number;
  readonly unwatched: readonly string[];
  readonly problem: string | undefined;
  readonly notEnforced: readonly { readonly rule: string; readonly reason: string }[];
}

/** Who wants to know of workloads that start, change and end. */
export interface WorkloadWatcher {
  /** A workload is under a rule set; `pid` is its first process, which waits, when it is new. */
  watch(scope: Scope, ruleSet: RuleSet, pid: number | undefined): Promise<void>;
  /** Nothing runs in it any more. What is still to be told of it holds nobody up. */
  forget(id: number): void;
}

/** What the registry needs. */
export interface WorkloadRegistryDeps {
  readonly enforcer: Enforcer;
  readonly watcher: WorkloadWatcher;
  readonly scopes: Scopes;
  readonly postures: Postures;
  /** Directory of the scopes' cgroups. */
  readonly cgroups: string;
  readonly logger: Logger;
  readonly nowMs: () => number;
}

/** Keeps every scope under the rule set that the policies in force mean for it. */
export class WorkloadRegistry {
  readonly #deps: WorkloadRegistryDeps;
  readonly #inForce = new Map<number, InForce>();
  #postures: Postures;
  #policies: readonly Policy[] = [];

  constructor(deps: WorkloadRegistryDeps) {
    this.#deps = deps;
    this.#postures = deps.postures;
  }

  /** Every scope that is protected. */
  all(): readonly InForce[] {
    return [...this.#inForce.values()];
  }

  /** Makes the cgroup of a scope that is about to start. */
  createCgroup(id: number): ScopeCgroup {
    return ScopeCgroup.create(this.#deps.cgroups, id);
  }

  /** Puts policies in force for every scope. */
  async setPolicies(policies: readonly Policy[]): Promise<void> {
    this.#policies = policies;
    for (const { scope } of this.all()) await this.#apply(scope);
  }

  /** Judges by other postures from now on. */
  async setPostures(postures: Postures): Promise<void> {
    this.#postures = postures;
    await this.setPolicies(this.#policies);
  }

  /** Takes in a scope whose first task waits. */
  async protect(scope: Scope, pid: number): Promise<Applied> {
    const { ruleSet, policies } = this.#rulesFor(scope);
    const applied = await this.#deps.enforcer.protect(
      { id: scope.id, pid, isAudited: isAudited(scope) },
      ruleSet,
    );
    this.#record(scope, ruleSet, policies, applied);
    await this.#deps.watcher.watch(scope, ruleSet, pid);
    return applied;
  }

  /** Finds again what an earlier agent had started. */
  async recover(held: readonly number[]): Promise<void> {
    for (const scope of this.#deps.scopes.all()) {
      if (this.#cgroupOf(scope.id).isEmpty()) await this.remove(scope.id);
      else if (held.includes(scope.id)) await this.#apply(scope);
      else await this.#recoverScope(scope);
    }
  }

  /** Lets scopes go in which nothing runs any more. */
  async sweep(): Promise<void> {
    for (const { scope } of this.all()) {
      if (this.#cgroupOf(scope.id).isEmpty()) await this.remove(scope.id);
    }
  }

  /** Lets a scope go; what still runs in it is killed. */
  async remove(id: number): Promise<void> {
    this.#inForce.delete(id);
    await this.#deps.enforcer.remove(id);
    await this.#cgroupOf(id).remove();
    this.#deps.watcher.forget(id);
    await this.#deps.scopes.remove(id);
  }

  #cgroupOf(id: number): ScopeCgroup {
    return new ScopeCgroup(scopeCgroupPath(this.#deps.cgroups, id));
  }

  // A task can end at any moment, and one scope must not keep the others from being guarded.
  async #recoverScope(scope: Scope): Promise<void> {
    const { ruleSet, policies } = this.#rulesFor(scope);
    for (const pid of this.#tasksOf(scope)) {
      try {
        const applied = await this.#deps.enforcer.protect(
          { id: scope.id, pid, isAudited: isAudited(scope) },
          ruleSet,
        );
        this.#record(scope, ruleSet, policies, applied);
        await this.#deps.watcher.watch(scope, ruleSet, pid);
        this.#deps.logger.warn({ scope: scope.id }, 'scope recovered: no keeper knew it');
        return;
      } catch (thrown) {
        this.#deps.logger.error(
          { scope: scope.id, pid, err: thrown },
          'scope cannot be recovered by this task',
        );
      }
    }
    this.#deps.logger.error({ scope: scope.id }, 'scope cannot be recovered: no task shows its root');
  }

  // The task that started first is in the scope's own mount namespace; later ones may have left it.
  #tasksOf(scope: Scope): readonly number[] {
    return this.pidsOf(scope.id).filter((pid) => readlinkPath(procPath(`${pid}/root`)) === '/');
  }

  /** The processes of a scope, the one that started first in front. */
  pidsOf(id: number): readonly number[] {
    return this.#cgroupOf(id)
      .pids()
      .map((pid) => ({ pid, startTime: readStat(pid)?.startTime ?? 0n }))
      .filter(({ startTime }) => startTime > 0n)
      .sort((one, other) => Number(one.startTime - other.startTime))
      .map(({ pid }) => pid);
  }

  async #apply(scope: Scope): Promise<void> {
    const { ruleSet, policies } = this.#rulesFor(scope);
    const known = this.#inForce.get(scope.id);
    if (known?.ruleSetHash === ruleSet.hash && known.problem === undefined) return;
    try {
      const applied = await this.#deps.enforcer.apply(scope.id, ruleSet);
      this.#record(scope, ruleSet, policies, applied);
      await this.#deps.watcher.watch(scope, ruleSet, undefined);
    } catch (thrown) {
      // The last good rule set stays in force.
      const problem = thrown instanceof Error ? thrown.message : String(thrown);
      if (known !== undefined) this.#inForce.set(scope.id, { ...known, problem });
      this.#deps.logger.error({ scope: scope.id, err: thrown }, 'policies could not be applied');
    }
  }

  #rulesFor(scope: Scope): { ruleSet: RuleSet; policies: readonly string[] } {
    const workload = toWorkload(scope);
    const selected = this.#policies.filter((policy) => selects(policy, workload));
    return {
      ruleSet: compile(selected, this.#postures),
      policies: selected.map((policy) => policy.key),
    };
  }

  #record(scope: Scope, ruleSet: RuleSet, policies: readonly string[], applied: Applied): void {
    const notEnforced = ruleSet.rules.flatMap((rule) => {
      const support = this.#deps.enforcer.supports(rule);
      return support.kind === 'enforced' ? [] : [{ rule: rule.id, reason: support.reason }];
    });
    const { unwatched } = applied;
    this.#inForce.set(scope.id, {
      scope,
      mode: isAudited(scope) ? 'audited' : 'enforced',
      policies,
      ruleSetHash: applied.ruleSetHash,
      sinceMs: this.#deps.nowMs(),
      unwatched,
      problem: undefined,
      notEnforced,
    });
    this.#deps.logger.info(
      { scope: scope.id, name: scope.name, policies, ruleSet: applied.ruleSetHash, notEnforced },
      'policies in force',
    );
  }
}
