import type { SettingsOf } from '../setting.js';
import { onOff } from '../values/on-off.js';
import { path } from '../values/path.js';
import { text } from '../values/text.js';

/** How the machine is called, and the agent's own ways. */
export interface NodeValues {
  readonly cluster: string;
  readonly host: string;
  readonly machineIDPath: string;
  readonly stateDir: string;
  readonly socket: string;
  readonly debug: boolean;
}

/** How the machine is called, and the agent's own ways. */
export const NODE_SETTINGS: SettingsOf<NodeValues> = {
  cluster: {
    kind: text('name'),
    default: 'default',
    description: '`ClusterName` of alerts and logs',
    effect: 'restart',
    origin: 'kubearmor',
  },
  host: {
    kind: text('name'),
    default: '',
    derivedFrom: 'the host name',
    description: '`HostName` of alerts and logs',
    effect: 'restart',
    origin: 'kubearmor',
    variables: ['KUBEARMOR_NODENAME'],
    bareVariable: { isOurs: () => false, note: '`HOST` is not read: shells set it' },
  },
  machineIDPath: {
    kind: path('file'),
    default: '/etc/machine-id',
    description: 'where `NodeID` of alerts and logs is read',
    effect: 'restart',
    origin: 'kubearmor',
  },
  stateDir: {
    kind: path('dir'),
    default: '/var/lib/kubearmor',
    description: 'what outlives this run of the machine: the last good policies, those pushed over gRPC',
    effect: 'restart',
    origin: 'ours',
    flag: 'state-dir',
  },
  socket: {
    kind: path('path'),
    default: '',
    derivedFrom: 'runDir/agent.sock',
    description: 'where `karmor` reaches the agent',
    effect: 'restart',
    origin: 'ours',
  },
  debug: {
    kind: onOff(),
    default: 'false',
    description: 'log in detail, and send what the agent logs to whoever watches messages',
    effect: 'live',
    origin: 'kubearmor',
    bareVariable: {
      isOurs: (given) => /^(true|false)$/i.test(given),
      note: '`DEBUG` is read where it is `true` or `false`: other software takes other values from it',
    },
  },
};
