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
  #named: readonly string[] = [];

  constructor(options: SystemdUnitsOptions) {
    this.hierarchy = options.hierarchy;
    this.#below = options.below;
  }

  /** Takes note of services by their names: until systemd says more, each is expected where those are that say nothing else. */
  expect(named: readonly string[]): void {
    this.#named = named;
    const known = new Set(this.#known.map(({ name }) => name));
    this.#known = [
      ...this.#known,
      ...named.filter((name) => !known.has(name)).map((name) => this.#expected(name)),
    ];
  }

  /** Asks systemd for all that it has files for, and for those that were named. Throws SYSTEMD_UNAVAILABLE when it does not answer. */
  async ask(): Promise<void> {
    if (this.#below !== undefined) return;
    // First what policies call by its name: it is few, and systemd may have to read many files for the others.
    this.#learn(await showUnits(this.#named));
    const files = await listUnitFiles();
    this.#known = await showUnits([...new Set([...files, ...this.#named])]);
    // Others may have been named while it answered.
    this.expect(this.#named);
  }

  #learn(units: readonly SystemdUnit[]): void {
    const learnt = new Set(units.map(({ name }) => name));
    this.#known = [...this.#known.filter(({ name }) => !learnt.has(name)), ...units];
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
