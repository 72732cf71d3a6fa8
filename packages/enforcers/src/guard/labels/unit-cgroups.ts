import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CgroupHierarchy, UnitCgroup, UnitTasks } from '../../enforcer.js';
import type { GuardMaps } from '../guard-maps.js';
import { encodeCgroup, encodeCgroupPath, encodeU32 } from '../layout.js';
import type { TaskLabels } from './task-labels.js';
import { WORKLOAD } from '../workload-number.js';

/** Container runtimes name a container's cgroup after its id, as names_container in bpf/lib/cgroup.h knows it. */
const CONTAINER = /[0-9a-f]{64}(\.scope)?$/;

/** Tells the kernel which cgroups are systemd units, those that are not there yet included, and labels what runs already. */
export class UnitCgroups {
  readonly #maps: GuardMaps;
  readonly #labels: TaskLabels;
  readonly #value = new Uint8Array(4);

  constructor(maps: GuardMaps, labels: TaskLabels) {
    this.#maps = maps;
    this.#labels = labels;
  }

  /** Makes the units those of `units`; returns the tasks that were labelled while they ran already. */
  put(hierarchy: CgroupHierarchy, units: readonly UnitCgroup[]): readonly UnitTasks[] {
    this.#putPaths(hierarchy, units);
    this.#dropForeign(units);
    const labelled = units.map(({ id, path }) => ({
      id,
      tasks: this.#enter(hierarchy, join(hierarchy.directory, path), id),
    }));
    for (const directory of containersBelow(hierarchy.directory))
      this.#enter(hierarchy, directory, WORKLOAD.container);
    return labelled.filter(({ tasks }) => tasks > 0);
  }

  #putPaths(hierarchy: CgroupHierarchy, units: readonly UnitCgroup[]): void {
    const wanted = new Map<string, Uint8Array>();
    for (const { id, path } of units) {
      const key = encodeCgroupPath(hierarchy.number, path);
      if (key === undefined) continue;
      wanted.set(text(key), key);
      this.#maps.cgroup_paths.update(key, encodeU32(id));
    }
    for (const key of [...this.#maps.cgroup_paths.keys()])
      if (!wanted.has(text(key))) this.#maps.cgroup_paths.delete(key);
  }

  // Of a unit that is none any more, or is made elsewhere now.
  #dropForeign(units: readonly UnitCgroup[]): void {
    const ids = new Set([WORKLOAD.container, ...units.map(({ id }) => id)]);
    for (const [key, value] of [...this.#maps.cgroups.entries()]) {
      const id = new DataView(value.buffer, value.byteOffset).getUint32(0, true);
      if (!ids.has(id)) this.#maps.cgroups.delete(key);
    }
  }

  // First the cgroups, then the tasks: what enters meanwhile the kernel labels.
  #enter(hierarchy: CgroupHierarchy, directory: string, workload: number): number {
    const directories = [...withDescendants(directory)];
    for (const each of directories) this.#know(hierarchy, each, workload);
    let labelled = 0;
    for (let found = -1; found !== 0;) {
      found = 0;
      for (const each of directories)
        for (const tid of tasksIn(each)) if (this.#labels.enter(tid, workload)) found++;
      labelled += found;
    }
    return labelled;
  }

  #know(hierarchy: CgroupHierarchy, directory: string, workload: number): void {
    const id = statSync(directory, { bigint: true, throwIfNoEntry: false })?.ino;
    if (id === undefined) return;
    const key = encodeCgroup(hierarchy.number, id);
    const isKnown = this.#maps.cgroups.lookup(key, this.#value);
    if (isKnown && new DataView(this.#value.buffer).getUint32(0, true) === workload) return;
    this.#maps.cgroups.update(key, encodeU32(workload));
  }
}

function* withDescendants(directory: string): Generator<string> {
  const names = directoriesIn(directory);
  if (names === undefined) return;
  yield directory;
  for (const name of names) yield* withDescendants(`${directory}/${name}`);
}

function* containersBelow(directory: string): Generator<string> {
  for (const name of directoriesIn(directory) ?? []) {
    const path = `${directory}/${name}`;
    if (CONTAINER.test(name)) yield path;
    else yield* containersBelow(path);
  }
}

function directoriesIn(directory: string): readonly string[] | undefined {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return undefined;
  }
}

// The file of the first version is named otherwise; a cgroup that delegates domains below threads refuses to be read.
function tasksIn(directory: string): readonly number[] {
  for (const name of ['cgroup.threads', 'tasks', 'cgroup.procs']) {
    try {
      return readFileSync(`${directory}/${name}`, 'utf8').split('\n').map(Number).filter(isTask);
    } catch {
      continue;
    }
  }
  return [];
}

function isTask(tid: number): boolean {
  return tid > 0;
}

function text(key: Uint8Array): string {
  return Buffer.from(key).toString('latin1');
}
