import type { BpfMap } from '@kubearmor/kernel';
import type { GuardMaps } from '../guard-maps.js';
import { LabelView, pendingExecutable, type Label } from '../layout.js';

/** Every label in the kernel's map at this moment. */
export function* labelsIn(map: BpfMap): Generator<Label> {
  const view = new LabelView();
  for (const [, value] of map.entries()) {
    view.bytes.set(value);
    yield view;
  }
}

/** The ids of executables that tasks are about to run: they were judged, and no label holds them yet. */
export function* pendingExecutables(execs: BpfMap): Generator<bigint> {
  for (const [, value] of execs.entries()) yield pendingExecutable(value);
}

/** The ids of executables that labels hold, or soon will. */
export function executablesInUse({
  labels,
  execs,
}: Pick<GuardMaps, 'labels' | 'execs'>): ReadonlySet<bigint> {
  const inUse = new Set<bigint>(pendingExecutables(execs));
  for (const label of labelsIn(labels)) inUse.add(label.exe).add(label.parentExe);
  return inUse;
}
