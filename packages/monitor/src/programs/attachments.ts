import { KernelError, type BpfLink, type BpfObject } from '@kubearmor/kernel';
import { LinkShelf } from './link-shelf.js';
import { ALWAYS, type ProgramPlace } from './program-place.js';

/** A program that this kernel has no place for, and what is not seen because of it. */
export interface MissingProgram {
  readonly program: string;
  readonly consequence: string;
}

/** Which programs are attached: those that somebody's visibility needs. What nobody watches costs nothing. */
export class Attachments {
  readonly #object: BpfObject;
  readonly #places: readonly ProgramPlace[];
  readonly #links = new Map<string, BpfLink>();
  /** Programs that stay. */
  readonly #shelved = new Set<string>();
  #shelf: LinkShelf | undefined;
  readonly #missing = new Map<string, MissingProgram>();

  constructor(object: BpfObject, places: readonly ProgramPlace[]) {
    this.#object = object;
    this.#places = places;
  }

  /** Programs that the kernel had no place for when they were tried. */
  get missing(): readonly MissingProgram[] {
    return [...this.#missing.values()];
  }

  /** Tries the programs that a kernel need not have a place for, to know which it has. */
  probe(): void {
    for (const place of this.#places) {
      if (place.consequence !== undefined) this.#attach(place);
    }
  }

  /** Attaches what these groups need and is not attached, in order, and detaches what they do not need unless it stays. */
  follow(groups: number): void {
    for (const place of this.#places) {
      if (place.groups === ALWAYS || (place.groups & groups) !== 0) this.#attach(place);
      else if (place.stays !== true) this.#detach(place.program);
    }
  }

  /** Detaches all; what stays is taken off by the kernel in a while. */
  detach(): void {
    for (const program of [...this.#links.keys()]) this.#detach(program);
    this.#shelf?.close();
    this.#shelf = undefined;
    this.#shelved.clear();
  }

  #attach(place: ProgramPlace): void {
    const { program, consequence, stays = false } = place;
    if (this.#links.has(program) || this.#shelved.has(program) || this.#missing.has(program)) return;
    try {
      const link = this.#object.findProgram(program).attach();
      if (!stays || !this.#shelve(link, program)) this.#links.set(program, link);
    } catch (error) {
      if (consequence === undefined || !(error instanceof KernelError)) throw error;
      this.#missing.set(program, { program, consequence });
    }
  }

  // Where there can be no shelf, we hold the link ourselves, and wait for the kernel at the end.
  #shelve(link: BpfLink, program: string): boolean {
    this.#shelf ??= LinkShelf.open();
    if (this.#shelf === undefined) return false;
    this.#shelf.put(link, program);
    this.#shelved.add(program);
    return true;
  }

  #detach(program: string): void {
    this.#links.get(program)?.destroy();
    this.#links.delete(program);
  }
}
