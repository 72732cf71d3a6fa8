import type { HashKey } from './labels/sip-hash.js';

/** The shapes that bpf/include/guard.h shares with user space; layout.test.ts compares them with the object's BTF. */

/** As much of the arguments of an exec is judged, in bytes. */
export const ARGS_BYTES = 4096;
/** Longest argument block that is compared with what was judged, in bytes. */
export const COMPARED_BYTES = 12_288;
/** The executable of a task whose exec nobody was asked about. */
export const UNSEEN_EXE = 0xffff_ffff_ffff_ffffn;

/** `struct guard_label`. */
export interface Label {
  readonly workload: number;
  /** Bits of {@link LABEL}. By default none. */
  readonly flags?: number;
  readonly exe: bigint;
  readonly parentExe: bigint;
}

/** Sizes of the shared structs in bytes. */
export const SIZES = {
  guard_label: 24,
  guard_exec: 40,
  guard_key: 16,
  guard_workload: 16,
  guard_cgroup: 16,
  guard_cgroup_path: 256,
  guard_profile_key: 16,
  guard_profile: 1024,
  guard_event: 64,
  guard_socket_event: 112,
  guard_exec_event: 320,
  guard_syscall_event: 2176,
  guard_syscall: 4,
  guard_alert_counts: 24,
} as const;

/** Size of the ring of events in bytes. */
export const RING_BYTES: number = 4 * 1024 * 1024;

/** `enum guard_event_kind`. */
export const EVENT = { socket: 1, execAltered: 2, execUnseen: 3, syscall: 4 } as const;

/** `enum guard_counter`. */
export const COUNTER = { eventLost: 0, labelLost: 1, events: 2, cgroupLost: 3 } as const;

/** Places in `struct guard_alert_counts`, in words of eight bytes. */
export const ALERT_COUNT = { raised: 0, lost: 1, held: 2 } as const;

/** `enum guard_label_flag`. */
export const LABEL = { starting: 1, ours: 2 } as const;

/** `enum guard_error`. */
export const ON_ERROR = { process: 1, file: 2, network: 4 } as const;

/** Cells of a socket profile: terminal, family, type and protocol slots, in this order. */
export const CELLS = { ttys: 2, families: 2, types: 8, protocols: 8, total: 256 } as const;

/** Bits of a profile's cell; the rest is the index of the decision in the rule set's table. */
export const CELL = { deny: 0x80000000, alert: 0x40000000, rule: 0x3fffffff } as const;

/** Where a native system call's description stands; 32-bit calls follow after as many. */
export const MAX_SYSCALLS = 512;

/** A reusable view on the value of the `labels` map. */
export class LabelView {
  readonly bytes: Uint8Array = new Uint8Array(SIZES.guard_label);
  readonly #view = new DataView(this.bytes.buffer);

  get workload(): number {
    return this.#view.getUint32(0, true);
  }
  get flags(): number {
    return this.#view.getUint32(4, true);
  }
  get exe(): bigint {
    return this.#view.getBigUint64(8, true);
  }
  get parentExe(): bigint {
    return this.#view.getBigUint64(16, true);
  }

  /** Fills the view, to be written to the map. */
  set(label: Label): Uint8Array {
    this.#view.setUint32(0, label.workload, true);
    this.#view.setUint32(4, label.flags ?? 0, true);
    this.#view.setBigUint64(8, label.exe, true);
    this.#view.setBigUint64(16, label.parentExe, true);
    return this.bytes;
  }
}

/** `struct guard_exec`: what a task's label becomes once the kernel has carried out an exec. */
export interface PendingExec {
  readonly exe: bigint;
  /** Hash of the program's names up to the root of its file system. */
  readonly pathHash: bigint;
  readonly argsHash: bigint;
  readonly filenameHash: bigint;
  readonly argsBytes: number;
  /** How arguments and file name are compared with the kernel's copy. */
  readonly verify: 'none' | 'whole' | 'beginning';
}

const VERIFY = { none: 0, whole: 1, beginning: 2 } as const;

/** Encodes a pending exec. */
export function encodePendingExec(exec: PendingExec): Uint8Array {
  const bytes = new Uint8Array(SIZES.guard_exec);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, exec.exe, true);
  view.setBigUint64(8, exec.pathHash, true);
  view.setBigUint64(16, exec.argsHash, true);
  view.setBigUint64(24, exec.filenameHash, true);
  view.setUint32(32, exec.argsBytes, true);
  view.setUint32(36, VERIFY[exec.verify], true);
  return bytes;
}

/** The executable's id in a pending exec. */
export function pendingExecutable(bytes: Uint8Array): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, SIZES.guard_exec).getBigUint64(0, true);
}

/** Decodes a `struct guard_key`. */
export function decodeHashKey(bytes: Uint8Array): HashKey {
  const view = new DataView(bytes.buffer, bytes.byteOffset, SIZES.guard_key);
  return { first: view.getBigUint64(0, true), second: view.getBigUint64(8, true) };
}

/** `struct guard_workload`. */
export interface WorkloadEntry {
  readonly ruleSet: number;
  readonly isObserved: boolean;
  /** Bits of {@link ON_ERROR}. */
  readonly deniedOnError: number;
  /** Whether anybody is asked about its execs. */
  readonly seesExecs: boolean;
}

/** Encodes a `struct guard_workload`. */
export function encodeWorkload({ ruleSet, isObserved, deniedOnError, seesExecs }: WorkloadEntry): Uint8Array {
  const words = Uint32Array.of(ruleSet, isObserved ? 1 : 0, deniedOnError, seesExecs ? 1 : 0);
  return new Uint8Array(words.buffer);
}

/** Encodes a `struct guard_cgroup`. */
export function encodeCgroup(hierarchy: number, id: bigint): Uint8Array {
  const bytes = new Uint8Array(SIZES.guard_cgroup);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, id, true);
  view.setUint32(8, hierarchy, true);
  return bytes;
}

/** Encodes a `struct guard_cgroup_path`; undefined for a path that is longer than the kernel side compares. */
export function encodeCgroupPath(hierarchy: number, path: string): Uint8Array | undefined {
  const text = Buffer.from(path);
  if (text.length >= SIZES.guard_cgroup_path - 4) return undefined;
  const bytes = new Uint8Array(SIZES.guard_cgroup_path);
  new DataView(bytes.buffer).setUint32(0, hierarchy, true);
  bytes.set(text, 4);
  return bytes;
}

/** Encodes a `struct guard_profile_key`. */
export function encodeProfileKey(ruleSet: number, exe: bigint): Uint8Array {
  const bytes = new Uint8Array(SIZES.guard_profile_key);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, ruleSet, true);
  view.setBigUint64(8, exe, true);
  return bytes;
}

/** Encodes a 32-bit key. */
export function encodeU32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

/** Encodes a 64-bit key. */
export function encodeU64(value: bigint): Uint8Array {
  return new Uint8Array(BigUint64Array.of(value).buffer);
}
