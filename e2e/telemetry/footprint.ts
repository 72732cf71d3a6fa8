import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { guardPins } from '@kubearmor/enforcers';
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
  /** BPF programs, maps and links that the agent holds. */
  readonly bpfFds: number;
}

const BPF = /^(?:map|prog|link)_type:/m;
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
    bpfFds: fdsOf(machine.agentPid).filter((facts) => BPF.test(facts)).length,
  };
}

function rssMb(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(match?.[1] ?? NaN) / 1024);
}

/** What the kernel says of each descriptor. */
function fdsOf(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8')];
    } catch {
      return [];
    }
  });
}

function entriesOf(pins: string, name: string): number {
  const map = BpfMap.openPinned(join(guardPins(pins), name));
  try {
    return [...map.keys()].length;
  } finally {
    map.close();
  }
}
