import { pread } from '@kubearmor/kernel';

/** What the first bytes of a program ask the kernel to load besides it; names byte for byte (latin1). */
export type ProgramHeader =
  | { readonly kind: 'script'; readonly interpreter: string; readonly argument: string | undefined }
  | { readonly kind: 'elf'; readonly loader: string | undefined }
  | { readonly kind: 'other' };

const PT_INTERP = 3;
const OTHER: ProgramHeader = { kind: 'other' };
const start = Buffer.alloc(4096);
const table = Buffer.alloc(4096);
const name = Buffer.alloc(4096);

/** Reads a program's header from an open descriptor. */
export function readProgramHeader(fd: number): ProgramHeader {
  const length = pread(fd, start, start.length, 0);
  if (length >= 2 && start[0] === 0x23 && start[1] === 0x21)
    return parseScript(start.subarray(2, Math.min(length, 256)));
  if (length >= 64 && start.readUInt32BE(0) === 0x7f454c46) return { kind: 'elf', loader: readLoader(fd) };
  return OTHER;
}

// The kernel takes one interpreter and one argument from the first line (fs/binfmt_script.c).
function parseScript(bytes: Buffer): ProgramHeader {
  const newline = bytes.indexOf(0x0a);
  const line = bytes.toString('latin1', 0, newline < 0 ? bytes.length : newline).replace(/\0.*$/s, '');
  const match = /^[ \t]*([^ \t]+)[ \t]*(.*?)[ \t]*$/.exec(line);
  const interpreter = match?.[1];
  if (interpreter === undefined) return OTHER;
  const argument = match?.[2];
  return { kind: 'script', interpreter, argument: argument === '' ? undefined : argument };
}

function readLoader(fd: number): string | undefined {
  const is64 = start[4] === 2;
  const offset = is64 ? Number(start.readBigUInt64LE(32)) : start.readUInt32LE(28);
  const entryBytes = start.readUInt16LE(is64 ? 54 : 42);
  const entries = start.readUInt16LE(is64 ? 56 : 44);
  const length = pread(fd, table, Math.min(table.length, entryBytes * entries), offset);
  for (let at = 0; at + entryBytes <= length && entryBytes >= 32; at += entryBytes) {
    if (table.readUInt32LE(at) !== PT_INTERP) continue;
    const from = is64 ? Number(table.readBigUInt64LE(at + 8)) : table.readUInt32LE(at + 4);
    const size = is64 ? Number(table.readBigUInt64LE(at + 32)) : table.readUInt32LE(at + 16);
    const read = pread(fd, name, Math.min(size, name.length), from);
    return read > 0 ? name.toString('latin1', 0, read).replace(/\0.*$/s, '') : undefined;
  }
  return undefined;
}
