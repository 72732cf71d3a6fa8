import type { RuleSet } from '@kubearmor/policy';
import type { EnforcerErrorCode } from '../errors.js';
import type { Denials } from './guarded-workload.js';
import type { SpareFile } from './journal/spare-segment.js';

/** A workload as the answerer gets it: whole, so that a new answerer needs nothing else. */
export interface WorkloadOrder {
  readonly id: number;
  /** A path to the workload's root that stays valid: a descriptor that the keeper holds. */
  readonly root: string;
  /** The workload's mounts when it started, as /proc/PID/mountinfo has them. */
  readonly mountinfo: string;
  readonly ruleSet: RuleSet;
  readonly denials: Denials;
  /** Whether nothing of it is refused: what would be is told. */
  readonly isAudited: boolean;
}

/** What the answerer's threads are told. */
export type Order =
  | { readonly kind: 'put'; readonly serial: number; readonly workload: WorkloadOrder; readonly tid?: number }
  | { readonly kind: 'remove'; readonly serial: number; readonly id: number }
  | { readonly kind: 'count'; readonly serial: number }
  /** From now on, answer. */
  | { readonly kind: 'start'; readonly serial: number }
  /** Every workload has been put: what the kernel has of others is of the past. */
  | { readonly kind: 'settle'; readonly serial: number }
  /** A file for alerts, which the thread that judges may not open itself. */
  | ({ readonly kind: 'segment' } & SpareFile)
  | { readonly kind: 'stop' };

/** What a workload's enforcement is, read back from the kernel's maps. */
export interface WorkloadReadBack {
  readonly id: number;
  readonly hash: string;
  readonly ruleSetId: number;
  readonly tasks: number;
  readonly unwatched: readonly string[];
}

/** What the answerer counts. */
export interface GuardCounts {
  readonly judged: number;
  readonly denied: number;
  readonly forgottenFiles: number;
  readonly failures: number;
  readonly events: number;
  readonly eventsLost: number;
  readonly labelsLost: number;
  readonly workloads: readonly WorkloadReadBack[];
}

/** What the answerer's threads say. */
export type Report =
  | { readonly kind: 'ready' }
  /** A file for alerts is needed. */
  | { readonly kind: 'segmentWanted' }
  | { readonly kind: 'done'; readonly serial: number; readonly result?: GuardCounts | WorkloadReadBack }
  | {
      readonly kind: 'failed';
      readonly serial: number;
      readonly code: EnforcerErrorCode;
      readonly message: string;
    }
  | { readonly kind: 'fault'; readonly message: string };
