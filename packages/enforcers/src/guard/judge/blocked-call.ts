import { AT_FDCWD, readMemory, readSyscall, type ProcSyscall } from '@kubearmor/kernel';
import { openCalls, type CallShape } from './call-shapes.js';

/** How a file is being opened. */
export interface Opening {
  /** Open flags, or undefined where they cannot be known. */
  readonly flags: number | undefined;
  /** Whether the flags are those that the kernel took; else the opening is judged as both reading and writing. */
  readonly isSure: boolean;
  /** The system call's name as the kernel has it, without `SYS_`. */
  readonly syscall: string;
  readonly dirFd: number;
}

/** Arguments of an exec, byte for byte (latin1). */
export interface Arguments {
  readonly strings: readonly string[];
  /** False where there are more, or the last one goes on: only the beginning was read. */
  readonly isComplete: boolean;
}

/** What a task that waits for an answer asked the kernel for. */
export class BlockedCall {
  readonly tid: number;
  readonly #registers: ProcSyscall | undefined;
  readonly #shape: CallShape | undefined;

  constructor(tid: number) {
    this.tid = tid;
    this.#registers = waitForRegisters(tid);
    this.#shape = this.#registers === undefined ? undefined : openCalls.get(this.#registers.nr);
  }

  /** The name of the system call, `open` where it is not one of those that open files. */
  get syscall(): string {
    return this.#shape?.name ?? 'open';
  }

  /** How the file is being opened. */
  get opening(): Opening {
    const shape = this.#shape;
    const flags = this.#flags();
    return {
      flags,
      // openat2 takes its flags from memory, which any task that can write to it may have changed since: a thread, one
      // that shares the memory or a page of it, a tracer.
      isSure: flags !== undefined && shape?.how === undefined,
      syscall: this.syscall,
      dirFd: shape?.dirFd === undefined ? AT_FDCWD : this.#int(shape.dirFd),
    };
  }

  /** Whether the task is inside execve or execveat. */
  get isExec(): boolean {
    return this.#shape?.argv !== undefined;
  }

  /** Whether the task submits to io_uring, which may open the file right away. */
  get isIoUring(): boolean {
    return this.#registers?.nr === SYS_IO_URING_ENTER;
  }

  /** The file name given to execve, byte for byte (latin1); undefined where its memory cannot be read. */
  get fileName(): string | undefined {
    const shape = this.#shape;
    if (shape?.path === undefined) return undefined;
    const { text, isWhole } = readString(this.tid, this.#arg(shape.path)) ?? { text: '', isWhole: false };
    return isWhole ? text : undefined;
  }

  /** The name under which the kernel keeps the file to execute, byte for byte (latin1): by the descriptor, where it is relative to one. */
  get kernelName(): string | undefined {
    const { fileName, dirFd } = this;
    if (fileName === undefined || fileName.startsWith('/') || dirFd === AT_FDCWD) return fileName;
    return fileName === '' ? `/dev/fd/${dirFd}` : `/dev/fd/${dirFd}/${fileName}`;
  }

  /** The directory descriptor an execveat is relative to. */
  get dirFd(): number {
    return this.#shape?.dirFd === undefined ? AT_FDCWD : this.#int(this.#shape.dirFd);
  }

  /** The arguments given to execve, as many as fill `maxBytes`; undefined where the memory cannot be read. */
  argv(maxBytes: number): Arguments | undefined {
    const shape = this.#shape;
    if (shape?.argv === undefined) return undefined;
    return readStrings(this.tid, this.#arg(shape.argv), shape.pointerBytes, maxBytes);
  }

  #flags(): number | undefined {
    const shape = this.#shape;
    if (shape === undefined) return undefined;
    if (shape.fixedFlags !== undefined) return shape.fixedFlags;
    if (shape.flags !== undefined) return this.#int(shape.flags);
    if (shape.how !== undefined) return this.#openHow(this.#arg(shape.how));
    return undefined;
  }

  #openHow(address: bigint): number | undefined {
    return readMemory(this.tid, address, howBytes, 8) === 8 ? howView.getUint32(0, true) : undefined;
  }

  #arg(index: number): bigint {
    const value = this.#registers?.args[index] ?? 0n;
    return this.#shape?.pointerBytes === 4 ? value & 0xffffffffn : value;
  }

  #int(index: number): number {
    return Number(BigInt.asIntN(32, this.#registers?.args[index] ?? 0n));
  }
}

// The event may be read a moment before its task has gone to sleep. Who judges comes before the task on the processor
// they share: after a few tries it has to leave it, or the task never gets there.
function waitForRegisters(tid: number): ProcSyscall | undefined {
  const endMs = performance.now() + MAX_WAIT_MS;
  for (let tries = 1; ; tries++) {
    const registers = readSyscall(tid);
    if (registers !== 'running') return registers;
    if (performance.now() >= endMs) return undefined;
    if (tries >= SPINS) Atomics.wait(never, 0, 0, WAIT_MS);
  }
}

const PAGE = 4096;
const string = Buffer.alloc(PAGE);

/** A string of the task byte for byte (latin1): what is not UTF-8 must stay what it is. Cut at the length of a page. */
function readString(tid: number, address: bigint): { text: string; isWhole: boolean } | undefined {
  // Two reads at most: a string that ends before a page border must not fail because the next page is not mapped.
  const first = PAGE - Number(address & BigInt(PAGE - 1));
  let length = readMemory(tid, address, string, first);
  if (length < 0) return undefined;
  if (string.subarray(0, length).indexOf(0) < 0 && first < PAGE) {
    length += Math.max(0, readMemory(tid, address + BigInt(first), string.subarray(first), PAGE - first));
  }
  const end = string.subarray(0, length).indexOf(0);
  return { text: string.toString('latin1', 0, end < 0 ? length : end), isWhole: end >= 0 };
}

// Above 423 all architectures share one table.
const SYS_IO_URING_ENTER = 426;
/** A task that is not asleep by then is taken for one of which nothing is known. */
const MAX_WAIT_MS = 100;
const SPINS = 3;
const WAIT_MS = 0.05;
const never = new Int32Array(new SharedArrayBuffer(4));
const howBytes = new Uint8Array(8);
const howView = new DataView(howBytes.buffer);
const pointers = new Uint8Array(8 * 512);
const pointersView = new DataView(pointers.buffer);

function readStrings(
  tid: number,
  address: bigint,
  pointerBytes: number,
  maxBytes: number,
): Arguments | undefined {
  const strings: string[] = [];
  let bytes = 0;
  for (let next = address; address !== 0n; next += BigInt(pointers.length)) {
    const read = readMemory(tid, next, pointers, pointers.length);
    if (read < pointerBytes) return undefined;
    for (let offset = 0; offset + pointerBytes <= read; offset += pointerBytes) {
      const pointer = readPointer(offset, pointerBytes);
      if (pointer === 0n) return { strings, isComplete: true };
      const string = readString(tid, pointer);
      if (string === undefined) return undefined;
      strings.push(string.text);
      bytes += string.text.length + 1;
      if (!string.isWhole || bytes > maxBytes) return { strings, isComplete: false };
    }
    if (read < pointers.length) return undefined;
  }
  return { strings, isComplete: true };
}

function readPointer(offset: number, pointerBytes: number): bigint {
  if (pointerBytes === 8) return pointersView.getBigUint64(offset, true);
  return BigInt(pointersView.getUint32(offset, true));
}
