import type { DropCount } from '@kubearmor/telemetry';
import type { FeedClient } from '../grpc/streams/event-feeds.js';
import type { Choice } from './choice.js';
import type { MonitorState } from './log-pipeline.js';
import type { ConfigurationState } from '../config/configuration-watch.js';

/** What `status` answers: what is in force, read back from the kernel. */
export interface AgentStatus {
  readonly version: string;
  readonly pid: number;
  readonly enforcer: Choice;
  readonly onError: 'deny' | 'allow';
  readonly capabilities: readonly {
    readonly name: string;
    readonly available: boolean;
    readonly reason: string;
    readonly consequence: string;
  }[];
  readonly workloads: readonly WorkloadStatus[];
  readonly policies: readonly {
    readonly key: string;
    readonly file: string;
    readonly workloads: readonly number[];
    readonly notEnforced: readonly { readonly rule: string; readonly reason: string }[];
  }[];
  readonly problems: readonly { readonly file: string; readonly message: string }[];
  readonly configuration: ConfigurationState;
  /** Changes of policies that are taken back unless they are confirmed in time, RFC 3339. */
  readonly unconfirmed: readonly { readonly policy: string; readonly until: string }[];
  /** What of this machine is another KubeArmor's; empty when there is none. */
  readonly otherKubearmor: readonly string[];
  readonly counters: Readonly<Record<string, number>>;
  /** Whether operations are seen, for logs. */
  readonly monitor: MonitorState;
  /** What was lost of alerts, logs and messages, and why. */
  readonly drops: readonly DropCount[];
  /** Who watches which stream, and what became of its messages. */
  readonly clients: readonly FeedClient[];
}

/** One workload's part of the status. */
export interface WorkloadStatus {
  readonly id: number;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly tasks: number;
  /** In `audited` mode nothing is refused: what would be is told as `Audit (Block)`. */
  readonly mode: 'enforced' | 'audited';
  readonly policies: readonly string[];
  readonly ruleSetHash: string;
  /** RFC 3339. */
  readonly since: string;
  /** Mount points whose files are not seen. */
  readonly unwatched: readonly string[];
  readonly problem: string | undefined;
  readonly notEnforced: readonly { readonly rule: string; readonly reason: string }[];
}
