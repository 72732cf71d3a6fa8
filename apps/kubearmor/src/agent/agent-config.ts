import type { ListenAddress } from '../config/values/address.js';
import type { GrpcConfig } from '../grpc/agent-grpc.js';
import type { EnforcerName } from './choice.js';
import type { LiveConfig } from './live-config.js';

/** Everything an agent is told, complete. */
export interface AgentConfig extends LiveConfig {
  /** Directory of policy files. */
  readonly policies: string;
  /** Whether policies of kind KubeArmorPolicy are carried out. */
  readonly isPolicyEnabled: boolean;
  /** Whether policies of kind KubeArmorHostPolicy are carried out. */
  readonly isHostPolicyEnabled: boolean;
  /** Whether systemd's services are workloads. */
  readonly areUnitsEnabled: boolean;
  /** The cgroup below which units are, from the unified hierarchy's root; undefined for systemd's own. */
  readonly unitCgroups: string | undefined;
  /** The order in which enforcers are tried. */
  readonly enforcers: readonly EnforcerName[];
  /** Whether logs of processes have no `Resource`. */
  readonly dropsProcessResource: boolean;
  /** Where procfs is that shows the machine's processes. */
  readonly procfsMount: string;
  /** The socket that `karmor` talks to. */
  readonly socket: string;
  /** Directory of what does not outlive the machine's run. */
  readonly runDir: string;
  /** Directory of what does: the last good policies. */
  readonly stateDir: string;
  /** Directory of bpffs for pins. */
  readonly pins: string;
  /** Where bpffs is mounted. */
  readonly bpfFsPath: string;
  /** Directory of the compiled eBPF objects. */
  readonly objects: string;
  /** `none`, `stdout` or a file: where alerts and logs go, as KubeArmor's `logPath`. */
  readonly logPath: string;
  readonly logFormat: 'json' | 'text' | 'legacy';
  /** What of them goes there, in karmor's words: alerts (`policy`), logs (`system`) or both. */
  readonly logFilter: 'policy' | 'system' | 'all';
  /** Whether alerts also go to standard output. */
  readonly alertsOnStdout: 'json' | 'text' | 'none';
  readonly onError: 'deny' | 'allow';
  readonly grpc: GrpcConfig;
  /** Whether StateAgent is served. */
  readonly isStateAgentEnabled: boolean;
  /** Where metrics and health are answered over HTTP; undefined for nowhere. */
  readonly metrics: ListenAddress | undefined;
  readonly cluster: string;
  readonly host: string;
  /** The file that holds the machine's id. */
  readonly machineIDPath: string;
  readonly version: string;
}
