import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unifiedRoot } from '@kubearmor/kernel';

/** A tree of cgroups like systemd's, of the test's own. */
export class UnitTree {
  readonly root: string = unifiedRoot();
  /** From the root of the hierarchy. */
  readonly path: string;

  constructor(name: string) {
    this.path = `/${name}`;
    mkdirSync(join(this.root, this.path, 'system.slice'), { recursive: true });
  }

  /** Where a unit's cgroup is or will be, from the root of the hierarchy. */
  pathOf(unit: string): string {
    return `${this.path}/system.slice/${unit}`;
  }

  /** Makes a cgroup, named from `system.slice`. */
  make(cgroup: string): void {
    mkdirSync(join(this.root, this.pathOf(cgroup)), { recursive: true });
  }

  /** Moves a process. */
  move(pid: number, cgroup: string): void {
    writeFileSync(join(this.root, this.pathOf(cgroup), 'cgroup.procs'), String(pid));
  }

  /** Moves a process out of the tree. */
  moveOut(pid: number): void {
    writeFileSync(join(this.root, 'cgroup.procs'), String(pid));
  }

  [Symbol.dispose](): void {
    remove(join(this.root, this.path));
  }
}

function remove(directory: string): void {
  if (!existsSync(directory)) return;
  for (const entry of readdirSync(directory, { withFileTypes: true }))
    if (entry.isDirectory()) remove(join(directory, entry.name));
  rmdirSync(directory);
}
