import type { Setting, SettingsOf } from '../setting.js';
import { onOff } from '../values/on-off.js';
import { text } from '../values/text.js';

type InertSwitch =
  | 'k8s'
  | 'enableNRI'
  | 'useOCIHooks'
  | 'annotateResources'
  | 'enableKubeArmorVm'
  | 'enforcerAlerts'
  | 'defaultPostureLogs'
  | 'enableUSBDeviceHandler'
  | 'enableNetworkPolicyEnforcer'
  | 'matchArgs'
  | 'coverageTest';

type InertText = 'criSocket' | 'nriSocket' | 'nriIndex' | 'untrackedNs' | 'seLinuxProfileDir' | 'initTimeout';

/** KubeArmor's settings that nothing here depends on. */
export type InertValues = { readonly [Name in InertSwitch]: boolean } & {
  readonly [Name in InertText]: string;
};

const KUBERNETES = 'Kubernetes is not part of this version';
const RUNTIMES = 'container runtimes are not part of this version';

/** KubeArmor's settings that nothing here depends on: a configuration with them is read, and says so at the start. */
export const INERT_SETTINGS: SettingsOf<InertValues> = {
  k8s: inertSwitch('false', 'run in Kubernetes', KUBERNETES),
  annotateResources: inertSwitch('false', 'annotate workloads with AppArmor profiles', KUBERNETES),
  untrackedNs: inertText('kube-system,kubearmor', 'list', 'namespaces that are left alone', KUBERNETES),
  criSocket: {
    ...inertText('', 'socket', "the container runtime's socket", RUNTIMES),
    variables: ['CRI_SOCKET'],
  },
  nriSocket: {
    ...inertText('', 'socket', 'socket of the Node Resource Interface', RUNTIMES),
    variables: ['NRI_SOCKET'],
  },
  nriIndex: inertText('99', 'number', 'order among NRI plugins', RUNTIMES),
  enableNRI: inertSwitch('false', 'find containers by NRI', RUNTIMES),
  useOCIHooks: inertSwitch('false', 'find containers by OCI hooks', RUNTIMES),
  enableKubeArmorVm: inertSwitch(
    'false',
    'take policies from a control plane for machines',
    'there is no such control plane here',
  ),
  enforcerAlerts: inertSwitch('true', 'alerts of the enforcer', 'whoever refuses an operation always tells'),
  defaultPostureLogs: inertSwitch('true', 'alerts of postures under AppArmor', 'postures always tell'),
  enableUSBDeviceHandler: inertSwitch(
    'false',
    'rules for USB devices',
    'device rules are not part of this version',
  ),
  enableNetworkPolicyEnforcer: inertSwitch(
    'true',
    'carry out KubeArmorNetworkPolicy',
    'network policies are not part of this version',
  ),
  matchArgs: inertSwitch('true', 'match arguments of programs', 'arguments are always matched'),
  coverageTest: inertSwitch('false', "KubeArmor's own tests", 'it is for its tests alone'),
  seLinuxProfileDir: inertText(
    '/tmp/kubearmor.selinux',
    'dir',
    'SELinux profiles',
    'SELinux is not part of this version',
  ),
  initTimeout: inertText(
    '60s',
    'duration',
    'how long the start may take',
    'the start waits for nothing that takes long',
  ),
};

function inertSwitch(value: string, description: string, reason: string): Setting<boolean> {
  return { kind: onOff(), default: value, description, effect: 'none', origin: 'kubearmor', reason };
}

function inertText(value: string, placeholder: string, description: string, reason: string): Setting<string> {
  return {
    kind: text(placeholder),
    default: value,
    description,
    effect: 'none',
    origin: 'kubearmor',
    reason,
  };
}
