import { join } from 'node:path';
import type { SystemdHierarchy } from './systemd-hierarchy.js';
import { runningUnits } from './running-units.js';
import { DEFAULT_SLICE, listUnitFiles, showUnits } from './systemctl.js';
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

  /**
   * Asks systemd for all that it has files for, and for those of `named`. Throws SYSTEMD_UNAVAILABLE when it does not
   * answer; those that are named are then expected where systemd puts services that say nothing else.
   */
  async ask(named: readonly string[]): Promise<void> {
    this.#known = named.map((name) => this.#expected(name));
    if (this.#below !== undefined) return;
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

  #expected(name: string): SystemdUnit {
    return {
      name,
      slice: DEFAULT_SLICE,
      cgroup: `${this.#below ?? ''}${unitCgroupPath(DEFAULT_SLICE, name)}`,
    };
  }
}
