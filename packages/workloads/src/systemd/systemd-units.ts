import { join } from 'node:path';
import type { SystemdHierarchy } from './systemd-hierarchy.js';
import { runningUnits } from './running-units.js';
import { listUnitFiles, showUnits } from './systemctl.js';
import type { SystemdUnit } from './systemd-unit.js';
import { unitCgroupPath } from './unit-cgroup-path.js';

/** Where {@link SystemdUnits} looks. */
export interface SystemdUnitsOptions {
  readonly hierarchy: SystemdHierarchy;
  /** A cgroup to look below in place of the hierarchy's root, without systemd, from the root: `/test`. By default none. */
  readonly below?: string;
}

/** The services of this machine: those with a cgroup, and those that may get one. */
export class SystemdUnits {
  readonly hierarchy: SystemdHierarchy;
  readonly #below: string | undefined;
  #known: readonly SystemdUnit[] = [];

  constructor(options: SystemdUnitsOptions) {
    this.hierarchy = options.hierarchy;
    this.#below = options.below;
  }

  /** Asks systemd for all that it has files for, and for those of `named`. Throws SYSTEMD_UNAVAILABLE when it does not answer. */
  async ask(named: readonly string[]): Promise<void> {
    if (this.#below !== undefined) {
      const slice = 'system.slice';
      const cgroupOf = (name: string): string => `${this.#below ?? ''}${unitCgroupPath(slice, name)}`;
      this.#known = named.map((name) => ({ name, slice, cgroup: cgroupOf(name) }));
      return;
    }
    const names = new Set([...(await listUnitFiles()), ...named]);
    this.#known = await showUnits([...names]);
  }

  /** The services as they are now. */
  all(): readonly SystemdUnit[] {
    const below = this.#below ?? '';
    const running = runningUnits(join(this.hierarchy.directory, below), below);
    // Where one runs is known better than where it would.
    const byName = new Map([...this.#known, ...running].map((unit) => [unit.name, unit]));
    return [...byName.values()];
  }
}
