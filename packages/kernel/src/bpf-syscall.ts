import { hostArchitecture } from './architecture.js';
import { addressOf, libc, orNegativeErrno } from './libc.js';
import { syscallNumber } from './syscalls.js';

const BPF_PROG_LOAD = 5;
const BPF_RAW_TRACEPOINT_OPEN = 17;
const BPF_LINK_CREATE = 28;
const ATTRIBUTES_SIZE = 128;

/** A program that only returns a number, for finding out what the kernel accepts. */
export interface TinyProgram {
  /** BPF_PROG_TYPE_*. */
  readonly type: number;
  readonly returns: number;
  /** BPF_ATTACH_TYPE_*. By default 0. */
  readonly expectedAttachType?: number;
  /** The kernel function to attach to. By default none. */
  readonly attachBtfId?: number;
}

/** Loads a tiny program straight through bpf(2): a descriptor, or -errno. */
export function loadTinyProgram(program: TinyProgram): number {
  // r0 = returns; exit
  const instructions = Buffer.from([0xb7, 0, 0, 0, program.returns, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0]);
  const license = Buffer.from('GPL\0');
  const attributes = Buffer.alloc(ATTRIBUTES_SIZE);
  attributes.writeUInt32LE(program.type, 0);
  attributes.writeUInt32LE(instructions.length / 8, 4);
  attributes.writeBigUInt64LE(addressOf(instructions), 8);
  attributes.writeBigUInt64LE(addressOf(license), 16);
  attributes.writeUInt32LE(program.expectedAttachType ?? 0, 68);
  attributes.writeUInt32LE(program.attachBtfId ?? 0, 108);
  return bpf(BPF_PROG_LOAD, attributes);
}

/** Attaches a loaded program to a raw tracepoint, or an LSM program (no name) to its hook: a descriptor, or -errno. */
export function openRawTracepoint(programFd: number, name?: string): number {
  const attributes = Buffer.alloc(ATTRIBUTES_SIZE);
  const text = Buffer.from(`${name ?? ''}\0`);
  if (name !== undefined) attributes.writeBigUInt64LE(addressOf(text), 0);
  attributes.writeUInt32LE(programFd, 8);
  return bpf(BPF_RAW_TRACEPOINT_OPEN, attributes, 16);
}

/** Attaches a loaded program to a cgroup or another target: a descriptor, or -errno. */
export function createBpfLink(programFd: number, targetFd: number, attachType: number): number {
  const attributes = Buffer.alloc(ATTRIBUTES_SIZE);
  attributes.writeUInt32LE(programFd, 0);
  attributes.writeUInt32LE(targetFd, 4);
  attributes.writeUInt32LE(attachType, 8);
  return bpf(BPF_LINK_CREATE, attributes, 16);
}

function bpf(command: number, attributes: Uint8Array, size: number = ATTRIBUTES_SIZE): number {
  const number = syscallNumber('bpf', hostArchitecture());
  return orNegativeErrno(libc().syscallBuffer(number, command, attributes, size, 0));
}
