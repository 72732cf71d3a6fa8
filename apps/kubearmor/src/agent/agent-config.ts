import type { Postures } from '@kubearmor/policy';
import type { Visibility } from '@kubearmor/monitor';
import type { GrpcConfig } from '../grpc/agent-grpc.js';

/** Everything an agent is told, complete. */
export interface AgentConfig {
  /** Directory of policy files. */
  readonly policies: string;
  /** The socket that `karmor` talks to. */
  readonly socket: string;
  /** Directory of what does not outlive the machine's run. */
  readonly runDir: string;
  /** Directory of what does: the last good policies. */
  readonly stateDir: string;
  /** Directory of bpffs for pins. */
  readonly pins: string;
  /** Directory of the compiled eBPF objects. */
  readonly objects: string;
  /** `none`, `stdout` or a file: where alerts and logs go, as KubeArmor's `logPath`. */
  readonly logPath: string;
  readonly logFormat: 'json' | 'text' | 'legacy';
  /** What of them goes there, in karmor's words: alerts (`policy`), logs (`system`) or both. */
  readonly logFilter: 'policy' | 'system' | 'all';
  /** Whether alerts also go to standard output. */
  readonly alertsOnStdout: 'json' | 'text' | 'none';
  readonly postures: Postures;
  /** What is told of workloads, and of the host. */
  readonly visibility: Visibility;
  readonly hostVisibility: Visibility;
  readonly onError: 'deny' | 'allow';
  readonly grpc: GrpcConfig;
  readonly cluster: string;
  readonly host: string;
  readonly version: string;
  readonly throttle: { readonly maxAlertPerSec: number; readonly throttleSec: number } | undefined;
}
