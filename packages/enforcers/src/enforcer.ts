import type { Rule, RuleSet } from '@kubearmor/policy';
import type { Alert, AlertNode, AlertWorkload } from '@kubearmor/telemetry';

/** How far an enforcer carries a rule. */
export type Support =
  /** Everything the rule says is enforced. */
  | { readonly kind: 'enforced' }
  /** A part of it is only seen and told, the rest is enforced. */
  | { readonly kind: 'partial'; readonly reason: string }
  /** Nothing is refused; what can be seen is told. */
  | { readonly kind: 'audited'; readonly reason: string };

/** A workload to protect, before its first instruction. */
export interface ProtectedTask {
  /** 0 is the host, numbers of {@link WORKLOAD} are units, others scopes. */
  readonly id: number;
  /** Its first task, as the host counts; of a unit or the host any task that has the machine's own root. */
  readonly pid: number;
  /** Whether nothing of the workload is refused: what would be is told as `Audit (Block)`. By default false. */
  readonly isAudited?: boolean;
}

/** A hierarchy of cgroups. */
export interface CgroupHierarchy {
  /** 0 for the unified one. */
  readonly number: number;
  /** Where it is mounted. */
  readonly directory: string;
}

/** A systemd unit by its cgroup, whether or not that is there yet. */
export interface UnitCgroup {
  readonly id: number;
  /** From the root of its hierarchy, such as `/system.slice/nginx.service`. */
  readonly path: string;
}

/** How many tasks of a unit ran already when they became the unit's. */
export interface UnitTasks {
  readonly id: number;
  readonly tasks: number;
}

/** What is in force for a workload, read back from the kernel. */
export interface Applied {
  readonly id: number;
  readonly ruleSetHash: string;
  readonly tasks: number;
  /** Mount points whose files the enforcer does not see. */
  readonly unwatched: readonly string[];
}

/** What an enforcer has to say about itself. */
export interface EnforcerStatus {
  readonly workloads: readonly Applied[];
  readonly counters: Readonly<Record<string, number>>;
}

/** Who an alert is about, beyond what the kernel knows. */
export interface AlertContext {
  readonly node: AlertNode;
  readonly workload: AlertWorkload;
  /** Names a user of the host, whose alerts have that. */
  readonly userName?: (uid: number) => string;
}

/** One alert with what is needed to throttle it. */
export interface RaisedAlert {
  readonly workload: number;
  readonly rule: string;
  /** Composes the alert that users see. */
  readonly compose: (context: AlertContext) => Alert;
}

/** A back end that makes the kernel refuse what a rule set forbids. */
export interface Enforcer {
  readonly name: 'Guard';
  /** Makes the enforcer ready; what an earlier agent left in force stays in force. */
  start(): Promise<void>;
  /** How far a rule is carried. */
  supports(rule: Rule): Support;
  /** Takes in a workload whose first task waits. */
  protect(task: ProtectedTask, ruleSet: RuleSet): Promise<Applied>;
  /** Swaps the rule set of a workload that is protected. */
  apply(id: number, ruleSet: RuleSet): Promise<Applied>;
  /** Makes these cgroups the units of this machine: their tasks become their workloads' from the first instruction. */
  setUnits(hierarchy: CgroupHierarchy, units: readonly UnitCgroup[]): Promise<readonly UnitTasks[]>;
  /** Lets a workload go. */
  remove(id: number): Promise<void>;
  /**
   * Alerts, in the order in which they were raised, from before this agent's start too. Those of a batch count as
   * dealt with when the next is asked for; what was not dealt with, the next agent gets.
   */
  alerts(options: { readonly signal: AbortSignal }): AsyncIterable<readonly RaisedAlert[]>;
  /** What is in force at this moment. */
  readBack(): Promise<EnforcerStatus>;
  /** Stops watching over the enforcer; enforcement goes on. */
  stop(): Promise<void>;
  /** Ends enforcement and removes everything. */
  release(): Promise<void>;
}
