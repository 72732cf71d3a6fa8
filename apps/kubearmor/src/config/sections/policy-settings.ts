import type { Posture } from '@kubearmor/policy';
import type { Setting, SettingsOf } from '../setting.js';
import type { EnforcerName } from '../../agent/choice.js';
import { choice } from '../values/choice.js';
import { enforcers } from '../values/enforcers.js';
import { onOff } from '../values/on-off.js';
import { path } from '../values/path.js';

/** Which policies are carried out, and what happens where none decides. */
export interface PolicyValues {
  readonly policies: string;
  readonly enableKubeArmorPolicy: boolean;
  readonly enableKubeArmorHostPolicy: boolean;
  readonly enableSystemdUnits: boolean;
  readonly unitCgroups: string;
  readonly lsm: readonly EnforcerName[];
  readonly defaultFilePosture: Posture;
  readonly defaultNetworkPosture: Posture;
  readonly defaultCapabilitiesPosture: Posture;
  readonly hostDefaultFilePosture: Posture;
  readonly hostDefaultNetworkPosture: Posture;
  readonly hostDefaultCapabilitiesPosture: Posture;
  readonly hostDefaultDevicePosture: Posture;
}

/** Which policies are carried out, and what happens where none decides. */
export const POLICY_SETTINGS: SettingsOf<PolicyValues> = {
  policies: {
    kind: path('dir'),
    default: '/etc/kubearmor/policies',
    description: 'directory of policy files',
    effect: 'restart',
    origin: 'ours',
  },
  enableKubeArmorPolicy: {
    kind: onOff(),
    default: 'true',
    description: 'carry out policies of kind KubeArmorPolicy',
    effect: 'restart',
    origin: 'kubearmor',
  },
  enableKubeArmorHostPolicy: {
    kind: onOff(),
    default: 'true',
    description: 'carry out policies of kind KubeArmorHostPolicy',
    effect: 'restart',
    origin: 'kubearmor',
  },
  enableSystemdUnits: {
    kind: onOff(),
    default: 'true',
    description: "take systemd's services as workloads",
    effect: 'restart',
    origin: 'ours',
  },
  unitCgroups: {
    kind: path('cgroup'),
    default: '',
    derivedFrom: "systemd's own",
    description:
      'the cgroup of the unified hierarchy below which units are looked for, on a machine that systemd did not start',
    effect: 'restart',
    origin: 'ours',
  },
  lsm: {
    kind: enforcers(),
    default: 'bpf,apparmor,selinux,guard',
    description:
      'enforcers in the order in which they are tried; where none of them can be had, the others are. Of this version is `guard` alone',
    effect: 'restart',
    origin: 'kubearmor',
  },
  defaultFilePosture: posture('of processes and files select the workload'),
  defaultNetworkPosture: posture('of the network select the workload'),
  defaultCapabilitiesPosture: posture('of capabilities select the workload'),
  hostDefaultFilePosture: posture('of processes and files select the host'),
  hostDefaultNetworkPosture: posture('of the network select the host'),
  hostDefaultCapabilitiesPosture: posture('of capabilities select the host'),
  hostDefaultDevicePosture: posture('of devices select the host'),
};

function posture(whose: string): Setting<Posture> {
  return {
    kind: choice('block', 'audit', 'allow'),
    default: 'audit',
    description: `what an operation comes to that no rule matches, where Allow rules ${whose}`,
    effect: 'live',
    origin: 'kubearmor',
  };
}
