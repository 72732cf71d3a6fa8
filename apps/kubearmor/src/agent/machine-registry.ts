import { setTimeout as sleep } from 'node:timers/promises';
import { sharesHostRoot, type Applied, type Enforcer, type UnitCgroup } from '@kubearmor/enforcers';
import { procPath, readTextAt } from '@kubearmor/kernel';
import { compile, selects, type Policy, type Postures, type RuleSet } from '@kubearmor/policy';
import type { Logger } from '@kubearmor/service';
import type { SystemdUnits } from '@kubearmor/workloads';
import { hostWorkload, unitWorkload, type MachineWorkload } from './machine-workloads.js';
import { isAboutUnits, namedUnits } from './named-units.js';
import type { Scope } from './scopes.js';
import type { UnitIds } from './unit-ids.js';
import type { InForce, WorkloadWatcher } from './workload-registry.js';

/** What the registry needs. */
export interface MachineRegistryDeps {
  readonly enforcer: Enforcer;
  readonly watcher: WorkloadWatcher;
  /** The units of this machine; undefined where systemd did not start it. */
  readonly units: SystemdUnits | undefined;
  readonly ids: UnitIds;
  /** The name of the node. */
  readonly host: string;
  readonly postures: Postures;
  readonly hostPostures: Postures;
  readonly logger: Logger;
  readonly nowMs: () => number;
}

/** The task whose root is the machine's. */
const INIT = 1;
/** Files of units that came without a change of policies are found after this. */
const ASK_MS = 60_000;
/** systemd is asked again after this where it did not answer. */
const RETRY_MS = 10_000;
/** How long a start waits for what systemd says. */
const START_PATIENCE_MS = 10_000;

/** Keeps the host and systemd's units under the rule sets that the policies in force mean for them. */
export class MachineRegistry {
  readonly #deps: MachineRegistryDeps;
  readonly #host: MachineWorkload;
  readonly #inForce = new Map<number, InForce>();
  /** The hash of the rule set under which a workload is watched. */
  readonly #watched = new Map<number, string>();
  #workloads = new Map<number, MachineWorkload>();
  #policies: readonly Policy[] = [];
  #postures: Postures;
  #hostPostures: Postures;
  #mountinfo = '';
  #cgroups = '';
  #askAtMs = -Infinity;
  #asking: Promise<void> | undefined;

  constructor(deps: MachineRegistryDeps) {
    this.#deps = deps;
    this.#host = hostWorkload(deps.host, deps.nowMs());
    this.#postures = deps.postures;
    this.#hostPostures = deps.hostPostures;
  }

  /** The host and the units that policies are in force for. */
  all(): readonly InForce[] {
    return [...this.#inForce.values()];
  }

  /** The host or a unit by its number, under policies or not. */
  find(id: number): Scope | undefined {
    return id === this.#host.scope.id ? this.#host.scope : this.#workloads.get(id)?.scope;
  }

  /** Puts policies in force for the host and every unit. */
  async setPolicies(policies: readonly Policy[]): Promise<void> {
    const isSame =
      policies.length === this.#policies.length && policies.every((each, at) => each === this.#policies[at]);
    if (isSame && this.#workloads.size > 0) return;
    this.#policies = policies;
    this.#tellWithoutUnits();
    this.#deps.units?.expect(namedUnits(policies));
    this.#askAtMs = -Infinity;
    await this.sweep();
    await this.#applyAll();
    await this.#watchAll();
  }

  /** Changes what happens where no rule decides. */
  async setPostures(postures: Postures, hostPostures: Postures): Promise<void> {
    this.#postures = postures;
    this.#hostPostures = hostPostures;
    await this.#applyAll();
    await this.#watchAll();
  }

  /** Knows, if systemd answers in time, every unit there can be; lets go of what an earlier agent had in force and no policy asks for any more. */
  async recover(held: readonly number[]): Promise<void> {
    // What is started once this agent says that it is ready must have been known before.
    await Promise.race([this.#asking, sleep(START_PATIENCE_MS, undefined, { ref: false })]);
    await this.sweep();
    for (const id of held) {
      if (sharesHostRoot(id) && !this.#inForce.has(id)) await this.#deps.enforcer.remove(id);
    }
  }

  /** Follows units that come and go, and what is mounted. */
  async sweep(): Promise<void> {
    await this.#findUnits();
    if (this.#inForce.size === 0) return;
    const mountinfo = readMounts();
    if (mountinfo === this.#mountinfo) return;
    for (const { scope } of this.all()) {
      await this.#apply(scope.id, true);
      // Its rules are about other files now.
      this.#watched.delete(scope.id);
    }
    await this.#watchAll();
  }

  #tellWithoutUnits(): void {
    if (this.#deps.units !== undefined) return;
    for (const { key } of this.#policies.filter(isAboutUnits))
      this.#deps.logger.warn(
        { policy: key },
        'policy for units is not in force: enableSystemdUnits is off, or systemd absent',
      );
  }

  async #findUnits(): Promise<void> {
    const { units, ids, nowMs } = this.#deps;
    if (units === undefined) return;
    this.#askSystemd(units);
    const found = units.all();
    const cgroups = JSON.stringify(found);
    if (cgroups === this.#cgroups) return;
    await ids.assign(found.map(({ name }) => name));
    this.#workloads = new Map(
      found.map((unit) => {
        const id = ids.idOf(unit.name);
        return [id, this.#workloads.get(id) ?? unitWorkload(id, unit, nowMs())];
      }),
    );
    // The rules first: a task that is labelled must find them.
    await this.#applyAll();
    await this.#tellUnits(
      units,
      found.map(({ name, cgroup }) => ({ id: ids.idOf(name), path: cgroup })),
    );
    this.#cgroups = cgroups;
    // The labels first: who runs in a unit already is found by them.
    await this.#watchAll();
  }

  // Only where a policy may be about a unit that has not been started. Nothing waits for the answer, which may take its
  // time: the next sweep acts on it.
  #askSystemd(units: SystemdUnits): void {
    if (this.#asking !== undefined || this.#deps.nowMs() < this.#askAtMs) return;
    if (!this.#policies.some(isAboutUnits)) return;
    this.#askAtMs = this.#deps.nowMs() + ASK_MS;
    this.#asking = this.#ask(units).finally(() => {
      this.#asking = undefined;
    });
  }

  async #ask(units: SystemdUnits): Promise<void> {
    try {
      await units.ask();
    } catch (thrown) {
      this.#askAtMs = Math.min(this.#askAtMs, this.#deps.nowMs() + RETRY_MS);
      this.#deps.logger.error(
        { err: thrown },
        'systemd does not say which units there are: those that run or are named are known',
      );
    }
  }

  async #tellUnits(units: SystemdUnits, cgroups: readonly UnitCgroup[]): Promise<void> {
    const labelled = await this.#deps.enforcer.setUnits(units.hierarchy, cgroups);
    for (const { id, tasks } of labelled) {
      if (!this.#inForce.has(id)) continue;
      this.#deps.logger.warn(
        { unit: this.find(id)?.name, tasks },
        'unit was labelled while running: what it had open before is not judged',
      );
    }
  }

  async #applyAll(): Promise<void> {
    for (const id of [this.#host.scope.id, ...this.#workloads.keys()]) await this.#apply(id, false);
    for (const id of this.#inForce.keys()) {
      if (id !== this.#host.scope.id && !this.#workloads.has(id)) await this.#remove(id);
    }
  }

  // Units that no policy selects too: their tasks are labelled, and so are none of the host's.
  async #watchAll(): Promise<void> {
    for (const machine of [this.#host, ...this.#workloads.values()]) await this.#watch(machine);
    for (const id of this.#watched.keys()) {
      if (id === this.#host.scope.id || this.#workloads.has(id)) continue;
      this.#watched.delete(id);
      this.#deps.watcher.forget(id);
    }
  }

  async #watch(machine: MachineWorkload): Promise<void> {
    const { id } = machine.scope;
    const isRefused = this.#inForce.get(id)?.problem !== undefined;
    // The last good rule set stays in force.
    if (isRefused && this.#watched.has(id)) return;
    const ruleSet = isRefused ? compile([], this.#postures) : this.#rulesFor(machine).ruleSet;
    if (this.#watched.get(id) === ruleSet.hash) return;
    this.#watched.set(id, ruleSet.hash);
    await this.#deps.watcher.watch(machine.scope, ruleSet, undefined);
  }

  async #apply(id: number, hasMoved: boolean): Promise<void> {
    const machine = id === this.#host.scope.id ? this.#host : this.#workloads.get(id);
    if (machine === undefined) return;
    const { ruleSet, policies } = this.#rulesFor(machine);
    const known = this.#inForce.get(id);
    if (policies.length === 0) {
      if (known !== undefined) await this.#remove(id);
      return;
    }
    if (!hasMoved && known?.ruleSetHash === ruleSet.hash && known.problem === undefined) return;
    await this.#protect(machine.scope, ruleSet, policies, known);
  }

  async #protect(
    scope: Scope,
    ruleSet: RuleSet,
    policies: readonly string[],
    known: InForce | undefined,
  ): Promise<void> {
    this.#mountinfo = readMounts();
    try {
      const applied = await this.#deps.enforcer.protect({ id: scope.id, pid: INIT }, ruleSet);
      this.#record(scope, ruleSet, policies, applied);
    } catch (thrown) {
      // The last good rule set stays in force.
      const problem = thrown instanceof Error ? thrown.message : String(thrown);
      this.#inForce.set(scope.id, { ...(known ?? this.#nothing(scope, policies)), problem });
      if (known?.problem !== problem)
        this.#deps.logger.error({ workload: scope.name, err: thrown }, 'policies could not be applied');
    }
  }

  async #remove(id: number): Promise<void> {
    this.#inForce.delete(id);
    await this.#deps.enforcer.remove(id);
  }

  #rulesFor({ scope, workload }: MachineWorkload): { ruleSet: RuleSet; policies: readonly string[] } {
    const selected = this.#policies.filter((policy) => selects(policy, workload));
    const postures = scope.id === this.#host.scope.id ? this.#hostPostures : this.#postures;
    return { ruleSet: compile(selected, postures), policies: selected.map((policy) => policy.key) };
  }

  #nothing(scope: Scope, policies: readonly string[]): InForce {
    const sinceMs = this.#deps.nowMs();
    return {
      scope,
      policies,
      ruleSetHash: '',
      sinceMs,
      unwatched: [],
      problem: undefined,
      notEnforced: [],
      mode: 'enforced',
    };
  }

  #record(scope: Scope, ruleSet: RuleSet, policies: readonly string[], applied: Applied): void {
    const notEnforced = ruleSet.rules.flatMap((rule) => {
      const support = this.#deps.enforcer.supports(rule);
      return support.kind === 'enforced' ? [] : [{ rule: rule.id, reason: support.reason }];
    });
    const { ruleSetHash, unwatched } = applied;
    this.#inForce.set(scope.id, { ...this.#nothing(scope, policies), ruleSetHash, unwatched, notEnforced });
    this.#deps.logger.info(
      { workload: scope.name, policies, ruleSet: ruleSetHash, notEnforced },
      'policies in force',
    );
  }
}

function readMounts(): string {
  return readTextAt(procPath(`${INIT}/mountinfo`)) ?? '';
}
