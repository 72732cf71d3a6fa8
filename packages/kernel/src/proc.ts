import { procPath } from './procfs.js';
import { readFileAt, readFileOnce, readTextAt } from './read-file.js';
import { readlinkPath } from './readlink.js';

/** The registers of a thread that waits in the kernel. */
export interface ProcSyscall {
  readonly nr: number;
  /** Six arguments as the kernel shows them: unsigned. */
  readonly args: readonly bigint[];
}

/** Fields of /proc/PID/status. */
export interface ProcStatus {
  readonly name: string;
  readonly tgid: number;
  readonly pid: number;
  readonly ppid: number;
  readonly tracerPid: number;
  readonly uid: number;
  readonly euid: number;
  readonly fsuid: number;
  readonly gid: number;
  readonly egid: number;
  readonly fsgid: number;
  readonly threads: number;
  /** The pid in every nested pid namespace, outermost first. */
  readonly nspid: readonly number[];
  readonly capEff: bigint;
  /** 0 off, 1 strict, 2 filter. */
  readonly seccomp: number;
  readonly hasNoNewPrivs: boolean;
}

/** Fields of /proc/PID/stat. */
export interface ProcStat {
  readonly pid: number;
  readonly comm: string;
  readonly state: string;
  readonly ppid: number;
  readonly pgrp: number;
  readonly session: number;
  /** The controlling terminal as the kernel encodes it; 0 without one. */
  readonly ttyNr: number;
  /** The kernel's PF_* flags. */
  readonly flags: number;
  /** Clock ticks between boot and start: with the pid it names a process for good. */
  readonly startTime: bigint;
}

/** The executable of a thread; undefined when it is gone or is a kernel thread. */
export function readExe(tid: number): string | undefined {
  return readlinkPath(procPath(`${tid}/exe`));
}

/** The working directory of a thread. */
export function readCwd(tid: number): string | undefined {
  return readlinkPath(procPath(`${tid}/cwd`));
}

/** The system call that a blocked thread is in; `running` when it is not blocked; undefined when it is gone or may not be read. */
export function readSyscall(tid: number): ProcSyscall | 'running' | undefined {
  const bytes = readFileOnce(procPath(`${tid}/syscall`));
  return bytes === undefined || bytes.length === 0 ? undefined : parseSyscall(bytes.toString('latin1'));
}

/** Parses the text of /proc/TID/syscall: number, six arguments, stack and instruction pointer. */
export function parseSyscall(text: string): ProcSyscall | 'running' | undefined {
  if (text.startsWith('running')) return 'running';
  const fields = text.trimEnd().split(' ');
  const nr = Number(fields[0]);
  if (!Number.isInteger(nr)) return undefined;
  // A thread blocked outside any system call shows -1 and no arguments.
  return { nr, args: nr < 0 ? [] : fields.slice(1, 7).map(BigInt) };
}

/** The status of a thread. */
export function readStatus(tid: number | 'self'): ProcStatus | undefined {
  const text = readTextAt(procPath(`${tid}/status`));
  return text === undefined ? undefined : parseStatus(text);
}

/** Parses the text of /proc/PID/status. */
export function parseStatus(text: string): ProcStatus {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const numbers = (key: string): readonly number[] => (fields.get(key) ?? '').split(/\s+/u).map(Number);
  const number = (key: string): number => numbers(key)[0] ?? 0;
  const [uid = 0, euid = 0, , fsuid = 0] = numbers('Uid');
  const [gid = 0, egid = 0, , fsgid = 0] = numbers('Gid');
  return {
    name: fields.get('Name') ?? '',
    tgid: number('Tgid'),
    pid: number('Pid'),
    ppid: number('PPid'),
    tracerPid: number('TracerPid'),
    uid,
    euid,
    fsuid,
    gid,
    egid,
    fsgid,
    threads: number('Threads'),
    nspid: fields.has('NSpid') ? numbers('NSpid') : [number('Pid')],
    capEff: BigInt(`0x${fields.get('CapEff') ?? '0'}`),
    seccomp: number('Seccomp'),
    hasNoNewPrivs: number('NoNewPrivs') === 1,
  };
}

/** The stat line of a thread. */
export function readStat(tid: number | 'self'): ProcStat | undefined {
  const text = readTextAt(procPath(`${tid}/stat`));
  return text === undefined ? undefined : parseStat(text);
}

/** Parses the text of /proc/PID/stat; the command may hold spaces and parentheses. */
export function parseStat(text: string): ProcStat | undefined {
  const open = text.indexOf('(');
  const end = text.lastIndexOf(')');
  if (open < 0 || end < open) return undefined;
  const fields = text
    .slice(end + 2)
    .trimEnd()
    .split(' ');
  return {
    pid: Number(text.slice(0, open)),
    comm: text.slice(open + 1, end),
    state: fields[0] ?? '',
    ppid: Number(fields[1] ?? 0),
    pgrp: Number(fields[2] ?? 0),
    session: Number(fields[3] ?? 0),
    ttyNr: Number(fields[4] ?? 0),
    flags: Number(fields[6] ?? 0),
    startTime: BigInt(fields[19] ?? 0),
  };
}

/** The arguments of a process, or about `maxBytes` of them; empty for kernel threads and zombies. */
export function readCmdline(
  tid: number | 'self',
  maxBytes: number = Infinity,
): readonly string[] | undefined {
  const bytes = readFileAt(procPath(`${tid}/cmdline`), maxBytes);
  if (bytes === undefined) return undefined;
  if (bytes.length === 0) return [];
  const end = bytes[bytes.length - 1] === 0 ? bytes.length - 1 : bytes.length;
  return bytes.toString('utf8', 0, end).split('\0');
}

/** The name a kernel gives a thread (at most 15 bytes). */
export function readComm(tid: number | 'self'): string | undefined {
  return readTextAt(procPath(`${tid}/comm`))?.replace(/\n$/u, '');
}
