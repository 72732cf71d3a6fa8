import { readdirSync } from 'node:fs';
import type { SystemdUnit } from './systemd-unit.js';
import { unitOfCgroup } from './unit-cgroup-path.js';

/** The services that have a cgroup below a directory; `prefix` is that directory's own path from the root of its hierarchy. */
export function runningUnits(directory: string, prefix = ''): readonly SystemdUnit[] {
  return [...unitsBelow(directory, prefix, '-.slice')];
}

function* unitsBelow(directory: string, cgroup: string, slice: string): Generator<SystemdUnit> {
  for (const entry of list(directory)) {
    const name = unitOfCgroup(entry);
    const path = `${cgroup}/${entry}`;
    if (name.endsWith('.service')) yield { name, slice, cgroup: path };
    // What a service has below is its own, a manager's of a user included.
    else if (name.endsWith('.slice')) yield* unitsBelow(`${directory}/${entry}`, path, name);
  }
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch {
    // It went while its parent was read.
    return [];
  }
}
