import { existsSync, globSync, readFileSync } from 'node:fs';

/** What of a machine an agent must leave as it found it. */
export interface MachineState {
  readonly pins: readonly string[];
  readonly cgroups: readonly string[];
  readonly mounts: readonly string[];
  /** Processes of ours. */
  readonly processes: readonly string[];
}

/** Reads the whole machine; only a guest has nobody else's agents and tests. */
export function machineState(): MachineState {
  return {
    pins: globSync('/sys/fs/bpf/**').sort(),
    cgroups: globSync('/sys/fs/cgroup/**/cgroup.procs').sort(),
    mounts: readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n').sort(),
    processes: globSync('/proc/[0-9]*/cmdline')
      .map((file) => (existsSync(file) ? commandLine(file) : ''))
      .filter((words) => /kubearmor|karmor/.test(words)),
  };
}

function commandLine(file: string): string {
  try {
    return readFileSync(file, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    // It has ended meanwhile.
    return '';
  }
}
