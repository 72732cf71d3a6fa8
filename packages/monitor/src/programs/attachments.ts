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
    const slow = this.#places.filter(({ stays }) => stays === true).map(({ program }) => program);
    if (slow.some((program) => this.#links.has(program))) this.#abandon(slow);
    for (const program of [...this.#links.keys()]) this.#detach(program);
  }

  // By waiting where there can be no bpffs of our own.
  #abandon(programs: readonly string[]): void {
    try {
      const bpffs = createDetachedMount('bpf');
      try {
        for (const program of programs) {
          this.#links.get(program)?.abandon(`/proc/self/fd/${bpffs}/${program}`);
          this.#links.delete(program);
        }
      } finally {
        close(bpffs);
      }
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
    }
  }

  #attach({ program, consequence }: ProgramPlace): void {
    if (this.#links.has(program) || this.#missing.has(program)) return;
    try {
      this.#links.set(program, this.#object.findProgram(program).attach());
    } catch (error) {
      if (consequence === undefined || !(error instanceof KernelError)) throw error;
      this.#missing.set(program, { program, consequence });
    }
  }

  #detach(program: string): void {
    this.#links.get(program)?.destroy();
    this.#links.delete(program);
  }
}
