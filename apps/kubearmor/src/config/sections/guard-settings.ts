import { OBJECTS } from '../objects.js';
import type { SettingsOf } from '../setting.js';
import { choice } from '../values/choice.js';
import { path } from '../values/path.js';

/** What keeper, answerer and `release` are told, too. */
export interface GuardValues {
  readonly runDir: string;
  readonly pins: string;
  readonly bpfFsPath: string;
  readonly objects: string;
  readonly onError: 'deny' | 'allow';
  readonly procfsMount: string;
}

/** Where the guard is, and what it does in doubt. */
export const GUARD_SETTINGS: SettingsOf<GuardValues> = {
  runDir: {
    kind: path('dir'),
    default: '/run/kubearmor',
    description: 'what does not outlive this run of the machine: sockets, notes, the spool of alerts',
    effect: 'restart',
    origin: 'ours',
    flag: 'run-dir',
  },
  pins: {
    kind: path('dir'),
    default: '',
    derivedFrom: 'bpfFsPath/kubearmor',
    description: 'directory of the BPF file system for what is pinned',
    effect: 'restart',
    origin: 'ours',
  },
  bpfFsPath: {
    kind: path('dir'),
    default: '/sys/fs/bpf',
    description: 'where the BPF file system is',
    effect: 'restart',
    origin: 'kubearmor',
  },
  objects: {
    kind: path('dir'),
    default: OBJECTS,
    derivedFrom: 'the installation',
    description: 'compiled eBPF objects',
    effect: 'restart',
    origin: 'ours',
  },
  onError: {
    kind: choice('deny', 'allow'),
    default: 'deny',
    description: 'what an operation comes to that cannot be judged',
    effect: 'restart',
    origin: 'ours',
    flag: 'on-error',
  },
  procfsMount: {
    kind: path('dir'),
    default: '/proc',
    description: 'where procfs is mounted that shows the processes of the machine',
    effect: 'restart',
    origin: 'kubearmor',
  },
};
