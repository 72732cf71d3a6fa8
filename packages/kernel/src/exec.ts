import { hostArchitecture } from './architecture.js';
import { addressOf, check, lastErrno, libc } from './libc.js';
import { syscallNumber } from './syscalls.js';

// Above 423 all architectures share one table.
const SYS_CLOSE_RANGE = 436;
const CLOSE_RANGE_CLOEXEC = 0x4;
const LAST_FD = 0xffff_ffff;

/**
 * execve(2). Returns only when it failed: -errno, and the process is as it was. Node's own `process.execve` ends the
 * process instead, so that a program that is missing or denied could not be told from a crash.
 */
export function execve(path: string, argv: readonly string[], env: readonly string[]): number {
  const pathBytes = terminated(path);
  const strings = [...argv, ...env].map(terminated);
  const tableOffset = alignedTo8(pathBytes.length);
  const pointerCount = argv.length + env.length + 2;
  const total = tableOffset + pointerCount * 8 + strings.reduce((sum, text) => sum + text.length, 0);
  // One piece of memory, handed to the call as a whole: nothing in it can be collected before the kernel has read it.
  const arena = Buffer.alloc(total);
  const base = addressOf(arena);
  pathBytes.copy(arena);
  let stringOffset = tableOffset + pointerCount * 8;
  strings.forEach((text, index) => {
    // The table of the arguments ends with a null pointer; that of the environment follows it.
    const slot = index < argv.length ? index : index + 1;
    arena.writeBigUInt64LE(base + BigInt(stringOffset), tableOffset + slot * 8);
    text.copy(arena, stringOffset);
    stringOffset += text.length;
  });
  const argvAddress = base + BigInt(tableOffset);
  const envAddress = argvAddress + BigInt((argv.length + 1) * 8);
  libc().syscallBufferFirst(syscallNumber('execve', hostArchitecture()), arena, argvAddress, envAddress);
  return -lastErrno();
}

/** Has every descriptor from a number on closed at exec (close_range, 5.11). */
export function closeOnExecFrom(firstFd: number): void {
  const result = libc().syscall(SYS_CLOSE_RANGE, firstFd, LAST_FD, CLOSE_RANGE_CLOEXEC, 0, 0, 0);
  check(result, 'close_range', `from ${firstFd}`);
}

function terminated(text: string): Buffer {
  return Buffer.from(`${text}\0`, 'utf8');
}

function alignedTo8(length: number): number {
  return Math.ceil(length / 8) * 8;
}
