import { BpfLink } from './bpf-link.js';
import { checkBpf, checkPointer, libbpf } from './libbpf.js';

/** A program of a BPF object; it lives as long as the object. */
export class BpfProgram {
  readonly handle: bigint;
  readonly name: string;
  readonly sectionName: string;

  constructor(handle: bigint) {
    this.handle = handle;
    this.name = libbpf().bpf_program__name(handle);
    this.sectionName = libbpf().bpf_program__section_name(handle);
  }

  /** The program's descriptor, once its object is loaded. */
  get fd(): number {
    return checkBpf(libbpf().bpf_program__fd(this.handle), 'bpf_program__fd', this.name);
  }

  /** How many instructions it has. */
  get instructionCount(): number {
    return Number(libbpf().bpf_program__insn_cnt(this.handle));
  }

  /** Decides, before loading, whether the program is loaded with its object. */
  setAutoload(isLoaded: boolean): void {
    const result = libbpf().bpf_program__set_autoload(this.handle, isLoaded);
    checkBpf(result, 'bpf_program__set_autoload', this.name);
  }

  /** Chooses, before loading, the kernel function (or, with a descriptor, the program's function) to attach to. */
  setAttachTarget(functionName: string, programFd = 0): void {
    const result = libbpf().bpf_program__set_attach_target(this.handle, programFd, functionName);
    checkBpf(result, 'bpf_program__set_attach_target', `${this.name} to ${functionName}`);
  }

  /** Attaches to what its section name says (raw_tp, tp, lsm, fentry, kprobe ...). */
  attach(): BpfLink {
    return this.#link(libbpf().bpf_program__attach(this.handle), 'bpf_program__attach', this.sectionName);
  }

  /** Attaches to a raw tracepoint, for example `sched_process_fork`. */
  attachRawTracepoint(tracepoint: string): BpfLink {
    const handle = libbpf().bpf_program__attach_raw_tracepoint(this.handle, tracepoint);
    return this.#link(handle, 'bpf_program__attach_raw_tracepoint', tracepoint);
  }

  /** Attaches to a cgroup of the unified hierarchy by a descriptor of its directory. */
  attachCgroup(cgroupFd: number): BpfLink {
    const handle = libbpf().bpf_program__attach_cgroup(this.handle, cgroupFd);
    return this.#link(handle, 'bpf_program__attach_cgroup', `cgroup ${cgroupFd}`);
  }

  /** Pins the program in bpffs. */
  pin(path: string): void {
    checkBpf(libbpf().bpf_program__pin(this.handle, path), 'bpf_program__pin', `${this.name} at ${path}`);
  }

  #link(handle: bigint | null, call: string, target: string): BpfLink {
    return BpfLink.fromHandle(checkPointer(handle, call, `${this.name} to ${target}`), this.name);
  }
}
