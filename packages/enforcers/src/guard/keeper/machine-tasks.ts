import type { CgroupHierarchy, UnitCgroup, UnitTasks } from '../../enforcer.js';
import type { GuardMaps } from '../guard-maps.js';
import { encodeU32 } from '../layout.js';
import { TaskLabels } from '../labels/task-labels.js';
import { UnitCgroups } from '../labels/unit-cgroups.js';

/** What the kernel is told of the machine's own tasks: which are ours, and which cgroups are units. */
export class MachineTasks {
  readonly #labels: TaskLabels;
  readonly #units: UnitCgroups;

  constructor(maps: GuardMaps) {
    const value = new Uint8Array(maps.workloads.valueBytes);
    this.#labels = new TaskLabels(maps.labels, (id) => maps.workloads.lookup(encodeU32(id), value));
    this.#units = new UnitCgroups(maps, this.#labels);
  }

  /** Says of a process that it is one of ours: nobody judges it, nor what it starts. */
  own(pid: number): void {
    this.#labels.own(pid);
  }

  /** Makes these cgroups the units; returns the tasks that were labelled while they ran already. */
  setUnits(hierarchy: CgroupHierarchy, units: readonly UnitCgroup[]): readonly UnitTasks[] {
    return this.#units.put(hierarchy, units);
  }
}
