import { existsSync, readFileSync } from 'node:fs';
import { WORKLOAD } from '@kubearmor/enforcers';
import { writeFileAtomic } from '@kubearmor/service';
import { z } from 'zod';

const fileSchema = z.record(z.string(), z.number().int().positive());

/** Units that are started for one task each have ever new names: beyond this the numbers of those that are gone are forgotten. */
const MAX_NAMES = 4096;

/** The numbers of units: a unit keeps its own while the machine runs, since its tasks are labelled with it. */
export class UnitIds {
  readonly #file: string;
  readonly #byName: Map<string, number>;
  #next: number;

  constructor(file: string) {
    this.#file = file;
    const known = existsSync(file) ? fileSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
    this.#byName = new Map(Object.entries(known));
    this.#next = Math.max(WORKLOAD.unit, ...this.#byName.values()) + 1;
  }

  /** Gives every name a number. */
  async assign(names: readonly string[]): Promise<void> {
    const fresh = names.filter((name) => !this.#byName.has(name));
    if (fresh.length === 0) return;
    for (const name of fresh) this.#byName.set(name, this.#next++);
    if (this.#byName.size > MAX_NAMES) this.#forget(new Set(names));
    await writeFileAtomic(this.#file, JSON.stringify(Object.fromEntries(this.#byName)), { mode: 0o600 });
  }

  #forget(kept: ReadonlySet<string>): void {
    for (const name of this.#byName.keys()) if (!kept.has(name)) this.#byName.delete(name);
  }

  /** The number of a unit that has one; else 0, which is no unit's. */
  idOf(name: string): number {
    return this.#byName.get(name) ?? 0;
  }
}
