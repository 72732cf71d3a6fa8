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
   * Leaves the link to a pin at a path of bpffs: the program is detached some time after that is gone. Nobody waits for it
   * then, where the end of a process that holds links itself lasts, after a kernel function, 0.15 s for each.
   */
  leaveTo(path: string): void {
    pinObject(this.fd, path);
    this.destroy();
  }

  [Symbol.dispose](): void {
    this.destroy();
  }
}
