import type { BpfMap } from '@kubearmor/kernel';
import { LabelView, type Label } from '../layout.js';

/** Every label in the kernel's map at this moment. */
export function* labelsIn(map: BpfMap): Generator<Label> {
  const view = new LabelView();
  for (const [, value] of map.entries()) {
    view.bytes.set(value);
    yield view;
  }
}

/** The ids of executables that labels hold. */
export function executablesInUse(map: BpfMap): ReadonlySet<bigint> {
  const inUse = new Set<bigint>();
  for (const label of labelsIn(map)) inUse.add(label.exe).add(label.parentExe);
  return inUse;
}
