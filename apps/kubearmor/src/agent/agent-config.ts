import type { Postures } from '@kubearmor/policy';
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
  /** `none`, `stdout` or a file: where alerts go, as KubeArmor's `logPath`. */
  readonly logPath: string;
  readonly logFormat: 'json' | 'text' | 'legacy';
  /** Whether alerts also go to standard output. */
  readonly alertsOnStdout: 'json' | 'text' | 'none';
  readonly postures: Postures;
  readonly onError: 'deny' | 'allow';
  readonly grpc: GrpcConfig;
  readonly cluster: string;
  readonly host: string;
  readonly version: string;
  readonly throttle: { readonly maxAlertPerSec: number; readonly throttleSec: number } | undefined;
}
