import type { OpenFlags } from '@kubearmor/kernel';

/** The four flags whose values differ between architectures, as x86 has them. */
const X86 = {
  O_DIRECT: 0o40000,
  O_LARGEFILE: 0o100000,
  O_DIRECTORY: 0o200000,
  O_NOFOLLOW: 0o400000,
} as const;
const DIFFERENT = 0o740000;
const NAMES = ['O_DIRECT', 'O_LARGEFILE', 'O_DIRECTORY', 'O_NOFOLLOW'] as const;

/** The flags of an open with the values of x86, which the words for them expect, whatever this machine's are. */
export function portableOpenFlags(flags: number, machine: OpenFlags): number {
  if (machine.O_DIRECTORY === X86.O_DIRECTORY || (flags & DIFFERENT) === 0) return flags;
  let portable = flags & ~DIFFERENT;
  for (const name of NAMES) if ((flags & machine[name]) !== 0) portable |= X86[name];
  return portable;
}
