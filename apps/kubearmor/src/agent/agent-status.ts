import type { ConfigurationState } from '../config/configuration-watch.js';

/** What `status` answers: what is in force, read back from the kernel. */
export interface AgentStatus {
  readonly version: string;
  readonly pid: number;
  readonly enforcer: { readonly kind: string; readonly reason: string };
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
  readonly counters: Readonly<Record<string, number>>;
}

/** One workload's part of the status. */
export interface WorkloadStatus {
  readonly id: number;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly tasks: number;
  readonly policies: readonly string[];
  readonly ruleSetHash: string;
  /** RFC 3339. */
  readonly since: string;
  /** Mount points whose files are not seen. */
  readonly unwatched: readonly string[];
  readonly problem: string | undefined;
  readonly notEnforced: readonly { readonly rule: string; readonly reason: string }[];
}
