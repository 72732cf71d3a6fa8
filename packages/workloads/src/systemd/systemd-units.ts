import { join } from 'node:path';
import type { SystemdHierarchy } from './systemd-hierarchy.js';
import { runningUnits } from './running-units.js';
import { readServiceFiles } from './service-files.js';
import { showUnits } from './systemctl.js';
import type { SystemdUnit } from './systemd-unit.js';
import { defaultSlice, unitCgroupPath } from './unit-cgroup-path.js';

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

  /**
   * Learns of all services that there are files for. systemd is asked only about those that were named, and those whose
   * files say where they are. Throws SYSTEMD_UNAVAILABLE when it does not answer.
   */
  async ask(): Promise<void> {
    if (this.#below !== undefined) return;
    const files = await readServiceFiles();
    // What it said before holds until it answers.
    const before = new Map(this.#known.map((unit) => [unit.name, unit]));
    const named = this.#named.flatMap((name) => before.get(name) ?? []);
    const found = files.map(
      ({ name, setsSlice }) => (setsSlice ? before.get(name) : undefined) ?? this.#expected(name),
    );
    this.#known = [...new Map([...found, ...named].map((unit) => [unit.name, unit])).values()];
    this.expect(this.#named);
    const moved = files.filter(({ setsSlice }) => setsSlice).map(({ name }) => name);
    const placed = await showUnits([...new Set([...this.#named, ...moved])]);
    const byName = new Map([...this.#known, ...placed].map((unit) => [unit.name, unit]));
    this.#known = [...byName.values()];
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
    const slice = defaultSlice(name);
    return { name, slice, cgroup: `${this.#below ?? ''}${unitCgroupPath(slice, name)}` };
  }
}
