import type { BoundRuleSet } from '@kubearmor/policy';
import type { LinkedNames } from './roots/linked-names.js';
import type { RootResolver } from './roots/root-resolver.js';
import type { WorkloadRoot } from './roots/workload-root.js';
import type { DecisionTable } from './sockets/socket-profile.js';
import type { WorkloadMounts } from './roots/workload-mounts.js';

/** Which kinds of operation a workload has a Block rule or a block posture for: what an error comes to (semantics §4). */
export interface Denials {
  readonly process: boolean;
  readonly file: boolean;
  readonly network: boolean;
}

/** What the guard holds of one workload. */
export interface GuardedWorkload {
  readonly id: number;
  readonly root: WorkloadRoot;
  readonly mounts: WorkloadMounts;
  readonly linkedNames: LinkedNames;
  readonly resolver: RootResolver;
  readonly bound: BoundRuleSet;
  readonly table: DecisionTable;
  /** The decisions of a rule set by its number, the one before the last change included: events of it may still come. */
  readonly tableOf: (ruleSetId: number) => DecisionTable | undefined;
  /** The number of this rule set in the kernel's maps. */
  readonly ruleSetId: number;
  readonly denials: Denials;
  /** Whether nothing of it is refused. */
  readonly isAudited: boolean;
  /** Whether any rule lets a file be read but not written. */
  readonly hasReadOnly: boolean;
  /** Whether any rule looks at arguments or at the name that was asked for, so that the kernel's copy must be compared. */
  readonly verifiesRequests: boolean;
  /** Files that were loaded as ELF loaders: run directly, what they open is executed. */
  readonly loaders: Set<string>;
  /** Whether files may be forgotten once judged: not after the workload gave its directories further names. */
  canForgetFiles: boolean;
}
