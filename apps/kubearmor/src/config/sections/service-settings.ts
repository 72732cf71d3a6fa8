import type { SettingsOf } from '../setting.js';
import { address, type ListenAddress } from '../values/address.js';
import { choice } from '../values/choice.js';
import { onOff } from '../values/on-off.js';
import { path } from '../values/path.js';
import { port } from '../values/port.js';
import { text } from '../values/text.js';

/** Where the agent can be reached. */
export interface ServiceValues {
  readonly gRPC: number | undefined;
  readonly gRPCHealthPort: number | undefined;
  readonly gRPCSocket: string;
  readonly gRPCHost: string;
  readonly tlsEnabled: boolean;
  readonly tlsCertPath: string;
  readonly tlsCertProvider: 'self' | 'external';
  readonly policiesOverPlainTcp: boolean;
  readonly enableKubeArmorStateAgent: boolean;
  readonly metricsAddress: ListenAddress | undefined;
}

/** Where the agent can be reached. */
export const SERVICE_SETTINGS: SettingsOf<ServiceValues> = {
  gRPC: {
    kind: port(),
    default: '32767',
    description: 'TCP port of the gRPC services, 0 for a free one',
    effect: 'restart',
    origin: 'kubearmor',
  },
  gRPCHealthPort: {
    kind: port(),
    default: '32766',
    description: 'TCP port of grpc.health.v1 alone',
    effect: 'restart',
    origin: 'kubearmor',
  },
  gRPCSocket: {
    kind: path('path'),
    default: '',
    derivedFrom: 'runDir/grpc.sock',
    description: 'unix socket of the gRPC services',
    effect: 'restart',
    origin: 'ours',
  },
  gRPCHost: {
    kind: text('address'),
    default: '127.0.0.1',
    description: 'address of the TCP port: loopback unless tlsEnabled',
    effect: 'restart',
    origin: 'ours',
  },
  tlsEnabled: {
    kind: onOff(),
    default: 'false',
    description: 'mutual TLS on the TCP port',
    effect: 'restart',
    origin: 'kubearmor',
  },
  tlsCertPath: {
    kind: path('dir'),
    default: '/var/lib/kubearmor/tls',
    description: 'directory of ca.crt and of ca.key or server.crt and server.key',
    effect: 'restart',
    origin: 'kubearmor',
  },
  tlsCertProvider: {
    kind: choice('self', 'external'),
    default: 'self',
    description:
      "`self`: the server's certificate is issued with ca.key and renewed in time; `external`: server.crt and server.key are read",
    effect: 'restart',
    origin: 'kubearmor',
  },
  policiesOverPlainTcp: {
    kind: onOff(),
    default: 'false',
    description: 'for old clients: let anyone on this machine who reaches the TCP port change policies',
    effect: 'restart',
    origin: 'ours',
  },
  enableKubeArmorStateAgent: {
    kind: onOff(),
    default: 'false',
    description: 'serve state_agent.StateAgent: the node and its workloads, and how they change',
    effect: 'restart',
    origin: 'kubearmor',
  },
  metricsAddress: {
    kind: address(),
    default: '127.0.0.1:32765',
    description: 'where HTTP answers /metrics (Prometheus), /healthz and /readyz',
    effect: 'restart',
    origin: 'ours',
  },
};
