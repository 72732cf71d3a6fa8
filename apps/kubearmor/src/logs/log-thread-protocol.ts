import type { MissingProgram, Tally, VisibilityKind } from '@kubearmor/monitor';
import type { RuleSet } from '@kubearmor/policy';
import type { LogNode, LogWorkload, WorkloadShare } from '@kubearmor/telemetry';
import type { AuditAlert } from './audit-alert.js';

/** The renderings of a log as lines. */
export type LogLines = 'json' | 'text' | 'legacy';

/** What the thread that makes logs is started with. */
export interface LogThreadData {
  /** Directory of the compiled eBPF objects. */
  readonly objects: string;
  /** Where the guard's labels of tasks are pinned. */
  readonly labelsPin: string;
  readonly node: LogNode;
  /** The agent's version, for alerts. */
  readonly version: string;
  /** Whether logs of processes have no `Resource`. */
  readonly dropsProcessResource: boolean;
  /** Index {@link IN_FLIGHT}: how many batches were posted and not yet taken. */
  readonly control: Int32Array<SharedArrayBuffer>;
}

/** The index of {@link LogThreadData.control}. */
export const IN_FLIGHT = 0;
/** The thread waits when so many batches were not taken: records then wait, and are lost and counted, in the kernel's ring. */
export const MAX_IN_FLIGHT = 16;

/** What the thread is asked to do. */
export type LogOrder =
  /** Watches a workload, or more or less of it than before; 0 is the host. */
  | {
      readonly kind: 'watch';
      readonly id: number;
      readonly workload: LogWorkload;
      readonly visibility: readonly VisibilityKind[];
      /** Processes that are in it already. */
      readonly pids: readonly number[];
      /** Rules about what only the monitor sees; undefined for none. */
      readonly audit: { readonly ruleSet: RuleSet; readonly root: string } | undefined;
    }
  /** Watches it no more; done when everything of it has been told. */
  | { readonly kind: 'forget'; readonly id: number }
  /** What logs are made into. */
  | { readonly kind: 'make'; readonly frames: boolean; readonly lines: LogLines | undefined }
  /** Leaves a process of the host out. */
  | { readonly kind: 'ignore'; readonly pid: number }
  /** Answers what there was to tell. */
  | { readonly kind: 'count' }
  /** Ends the thread once all is told. */
  | { readonly kind: 'end' };

/** An order with the number under which it is answered. */
export interface NumberedOrder {
  readonly serial: number;
  readonly order: LogOrder;
}

/** Messages in shared memory, of which the receiver holds one share. */
export interface SentChunk {
  readonly memory: SharedArrayBuffer;
  readonly offset: number;
  readonly length: number;
  readonly messages: number;
  readonly shares: readonly WorkloadShare[];
}

/** Whole lines. */
export interface SentLines {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly shares: readonly WorkloadShare[];
}

/** What was lost of one workload before it was a log, since this was told last. */
export interface LogLoss {
  readonly cause: 'ring-full' | 'busy' | 'invalid' | 'unknown-workload' | 'oversize';
  readonly shares: readonly WorkloadShare[];
}

/** What there was to tell, since the thread was started. */
export interface LogCounts {
  /** What the kernel's side counted: `events` is all there was, lost or not. */
  readonly kernel: Tally;
  /** Records that were read. */
  readonly read: number;
  readonly invalid: number;
  readonly unknownWorkload: number;
  /** A TCP connection is one record and two logs; forks and exits are records and no logs. */
  readonly logs: number;
}

/** What the thread says. */
export type LogReport =
  | { readonly kind: 'started'; readonly missing: readonly MissingProgram[] }
  | { readonly kind: 'unavailable'; readonly reason: string }
  | { readonly kind: 'done'; readonly serial: number; readonly counts?: LogCounts }
  | { readonly kind: 'refused'; readonly serial: number; readonly reason: string }
  | { readonly kind: 'lost'; readonly losses: readonly LogLoss[] }
  /** On a way of their own: no flood of logs holds them up here. */
  | { readonly kind: 'alerts'; readonly alerts: readonly AuditAlert[] }
  | {
      readonly kind: 'batch';
      readonly chunks: readonly SentChunk[];
      readonly lines: SentLines | undefined;
    };
