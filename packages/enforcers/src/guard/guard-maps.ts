import { BpfMap } from '@kubearmor/kernel';

/** The guard's maps by their names in bpf/lib/maps.h. */
export interface GuardMaps {
  readonly labels: BpfMap;
  readonly execs: BpfMap;
  readonly hash_keys: BpfMap;
  readonly workloads: BpfMap;
  readonly cgroups: BpfMap;
  readonly cgroup_paths: BpfMap;
  readonly profiles: BpfMap;
  readonly executables: BpfMap;
  readonly events: BpfMap;
  readonly counters: BpfMap;
  readonly alert_counts: BpfMap;
  readonly syscalls: BpfMap;
  readonly io_uring_writers: BpfMap;
}

/** Names of the maps that are pinned, in the order of {@link GuardMaps}. */
export const MAP_NAMES = [
  'labels',
  'execs',
  'hash_keys',
  'workloads',
  'cgroups',
  'cgroup_paths',
  'profiles',
  'executables',
  'events',
  'counters',
  'alert_counts',
  'syscalls',
  'io_uring_writers',
] as const;

/** Opens the pinned maps below a directory of bpffs. */
export function openGuardMaps(directory: string): GuardMaps {
  const open = (name: (typeof MAP_NAMES)[number]): BpfMap => BpfMap.openPinned(`${directory}/${name}`);
  return {
    labels: open('labels'),
    execs: open('execs'),
    hash_keys: open('hash_keys'),
    workloads: open('workloads'),
    cgroups: open('cgroups'),
    cgroup_paths: open('cgroup_paths'),
    profiles: open('profiles'),
    executables: open('executables'),
    events: open('events'),
    counters: open('counters'),
    alert_counts: open('alert_counts'),
    syscalls: open('syscalls'),
    io_uring_writers: open('io_uring_writers'),
  };
}
