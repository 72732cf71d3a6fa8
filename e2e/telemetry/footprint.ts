import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BpfMap, unifiedRoot } from '@kubearmor/kernel';
import type { GuardedMachine } from '../failure/guarded-machine.ts';

/** What an agent and its guard hold on to. */
export interface Footprint {
  readonly rssMb: number;
  readonly agentFds: number;
  readonly guardFds: number;
  /** Entries of the guard's maps that grow with workloads, by name. */
  readonly mapEntries: Readonly<Record<string, number>>;
  readonly cgroups: number;
  /** BPF programs and maps that processes of ours hold. */
  readonly bpfFds: number;
}

const MAPS = ['labels', 'workloads', 'profiles', 'execs'] as const;

/** Takes an agent's footprint at this moment. */
export function footprintOf(machine: GuardedMachine): Footprint {
  const { keeper, answerers } = machine.guard();
  const guard = [keeper, ...answerers];
  return {
    rssMb: rssMb(machine.agentPid),
    agentFds: fdsOf(machine.agentPid).length,
    guardFds: guard.reduce((sum, pid) => sum + fdsOf(pid).length, 0),
    mapEntries: Object.fromEntries(MAPS.map((name) => [name, entriesOf(machine.pins, name)])),
    cgroups: [...machine.cgroups].filter((path) => existsSync(path) && path !== unifiedRoot()).length,
    bpfFds: fdsOf(machine.agentPid).filter((target) => target.includes('bpf')).length,
  };
}

function rssMb(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(match?.[1] ?? NaN) / 1024);
}

function fdsOf(pid: number): readonly string[] {
  const directory = `/proc/${pid}/fd`;
  return readdirSync(directory).flatMap((fd) => {
    try {
      return [readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8').includes('map_type') ? 'bpf-map' : fd];
    } catch {
      return [];
    }
  });
}

function entriesOf(pins: string, name: string): number {
  const map = BpfMap.openPinned(join(pins, 'guard-1', name));
  try {
    return [...map.keys()].length;
  } finally {
    map.close();
  }
}
