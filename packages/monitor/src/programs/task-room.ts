import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import type { BpfObjectMap } from '@kubearmor/kernel';

const MAX_PREALLOCATED = 262_144;

/**
 * Makes room in a map for as many tasks as the kernel has ids. Run-time allocation is safe in tracing programs since 6.1;
 * before, the places of a smaller table are taken beforehand.
 */
export function makeRoomForEveryTask(map: BpfObjectMap): void {
  const maxTasks = Number(readFileSync('/proc/sys/kernel/pid_max', 'utf8'));
  const canAllocate = isAtLeast(release(), 6, 1);
  map.setMaxEntries(canAllocate ? maxTasks : Math.min(maxTasks, MAX_PREALLOCATED));
  map.setPreallocated(!canAllocate);
}

function isAtLeast(kernel: string, major: number, minor: number): boolean {
  const [first = 0, second = 0] = kernel.split('.').map(Number);
  return first > major || (first === major && second >= minor);
}
