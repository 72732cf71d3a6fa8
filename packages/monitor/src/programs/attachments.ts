import { close, createDetachedMount, KernelError, type BpfLink, type BpfObject } from '@kubearmor/kernel';
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
  /** Programs that stay: their links are in a file system of their own, so that no end of ours waits for the kernel. */
  readonly #left = new Set<string>();
  #bpffs: number | undefined;
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
    if (this.#bpffs !== undefined) close(this.#bpffs);
    this.#bpffs = undefined;
    this.#left.clear();
  }

  #attach(place: ProgramPlace): void {
    const { program, consequence, stays = false } = place;
    if (this.#links.has(program) || this.#left.has(program) || this.#missing.has(program)) return;
    try {
      const link = this.#object.findProgram(program).attach();
      if (stays && this.#leave(link, program)) this.#left.add(program);
      else this.#links.set(program, link);
    } catch (error) {
      if (consequence === undefined || !(error instanceof KernelError)) throw error;
      this.#missing.set(program, { program, consequence });
    }
  }

  // Where there can be no bpffs of our own, we hold the link ourselves, and our end takes as long as it takes.
  #leave(link: BpfLink, program: string): boolean {
    try {
      this.#bpffs ??= createDetachedMount('bpf');
      link.leaveTo(`/proc/self/fd/${this.#bpffs}/${program}`);
      return true;
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      return false;
    }
  }

  #detach(program: string): void {
    this.#links.get(program)?.destroy();
    this.#links.delete(program);
  }
}
