import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { guardPins } from '@kubearmor/enforcers';
import { BpfMap, unifiedRoot } from '@kubearmor/kernel';
import type { GuardedMachine } from '../failure/guarded-machine.ts';

type Counts = Readonly<Record<string, number>>;

/** What an agent and its guard hold on to. */
export interface Footprint {
  readonly rssMb: number;
  /** Descriptors by what they are of. */
  readonly agentFds: Counts;
  readonly guardFds: Counts;
  /** Entries of the guard's maps that grow with workloads, by name. */
  readonly mapEntries: Counts;
  readonly cgroups: number;
}

const MAPS = ['labels', 'workloads', 'profiles', 'execs'] as const;

/** Takes an agent's footprint at this moment. */
export function footprintOf(machine: GuardedMachine): Footprint {
  const { keeper, answerers } = machine.guard();
  return {
    rssMb: rssMb(machine.agentPid),
    agentFds: countEach(fdsOf(machine.agentPid)),
    guardFds: countEach([keeper, ...answerers].flatMap(fdsOf)),
    mapEntries: Object.fromEntries(MAPS.map((name) => [name, entriesOf(machine.pins, name)])),
    cgroups: [...machine.cgroups].filter((path) => existsSync(path) && path !== unifiedRoot()).length,
  };
}

function rssMb(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(match?.[1] ?? NaN) / 1024);
}

/** What a process has open, without the numbers that tell one of a kind from another. */
function fdsOf(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`).replaceAll(/\d+/g, 'N')];
    } catch {
      return [];
    }
  });
}

function countEach(names: readonly string[]): Counts {
  const counts = new Map<string, number>();
  for (const name of [...names].sort()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}

function entriesOf(pins: string, name: string): number {
  const map = BpfMap.openPinned(join(guardPins(pins), name));
  try {
    return [...map.keys()].length;
  } finally {
    map.close();
  }
}
