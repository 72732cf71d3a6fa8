import { unlinkSync } from 'node:fs';
import { pinObject } from './bpf-pin.js';
import { checkBpf, checkPointer, libbpf } from './libbpf.js';

/** What a link can be pointed at: a `BpfProgram`. */
export interface AttachableProgram {
  readonly handle: bigint;
  readonly name: string;
}

/** An attachment of a program. Without a pin it ends when it is destroyed or the process ends. */
export class BpfLink {
  readonly name: string;
  #handle: bigint | null;

  private constructor(handle: bigint, name: string) {
    this.#handle = handle;
    this.name = name;
  }

  /** Takes over a `struct bpf_link *`. */
  static fromHandle(handle: bigint, name: string): BpfLink {
    return new BpfLink(handle, name);
  }

  /** Opens a link that is pinned in bpffs. */
  static openPinned(path: string): BpfLink {
    return new BpfLink(checkPointer(libbpf().bpf_link__open(path), 'bpf_link__open', path), path);
  }

  /** The link's descriptor. */
  get fd(): number {
    return checkBpf(libbpf().bpf_link__fd(this.#handle), 'bpf_link__fd', this.name);
  }

  /** Pins the link in bpffs: it then outlives this process. */
  pin(path: string): void {
    checkBpf(libbpf().bpf_link__pin(this.#handle, path), 'bpf_link__pin', `${this.name} at ${path}`);
  }

  /** Removes the pin. */
  unpin(): void {
    checkBpf(libbpf().bpf_link__unpin(this.#handle), 'bpf_link__unpin', this.name);
  }

  /** Puts another program in place without a gap (links of cgroups and of some tracing programs). */
  updateProgram(program: AttachableProgram): void {
    const result = libbpf().bpf_link__update_program(this.#handle, program.handle);
    checkBpf(result, 'bpf_link__update_program', `${this.name} to ${program.name}`);
  }

  /** Detaches the program even while others hold the link (cgroup links). */
  detach(): void {
    checkBpf(libbpf().bpf_link__detach(this.#handle), 'bpf_link__detach', this.name);
  }

  /** Gives up this side of the link; the program is detached unless the link is pinned. Does nothing the second time. */
  destroy(): void {
    const handle = this.#handle;
    if (handle === null) return;
    this.#handle = null;
    checkBpf(libbpf().bpf_link__destroy(handle), 'bpf_link__destroy', this.name);
  }

  /**
   * Gives the link up without waiting for the kernel to take the program off, which after a kernel function takes it 0.15 s
   * each: it is pinned at a path of bpffs for a moment, and what loses its last pin is taken apart later.
   */
  abandon(path: string): void {
    pinObject(this.fd, path);
    this.destroy();
    unlinkSync(path);
  }

  [Symbol.dispose](): void {
    this.destroy();
  }
}
