import {
  procPath,
  readCmdline,
  readExe,
  readlinkPath,
  readStat,
  readTextAt,
  ttyName,
} from '@kubearmor/kernel';
import type { Subject } from '@kubearmor/policy';

const PF_IO_WORKER = 0x10;
const PF_KTHREAD = 0x20_0000;
/** Alerts of a process must not become so large that they crowd out others. */
const MAX_COMMAND_LINE = 4096;

/** The task that makes a request, each fact read from /proc when something asks for it and the task is still waiting. */
export class Task implements Subject {
  readonly tid: number;
  readonly exe: string;
  readonly #parentExe: string | undefined;
  #status: string | undefined;
  #stat: ReturnType<typeof readStat> | undefined;

  /** Without a `parentExe`, the parent's executable is what its parent runs now. */
  constructor(tid: number, exe: string, parentExe: string | undefined) {
    this.tid = tid;
    this.exe = exe;
    this.#parentExe = parentExe;
  }

  get parentExe(): string {
    return this.#parentExe ?? readExecutable(this.parentPid) ?? '';
  }

  /** Whether it is a thread of the kernel's own. */
  get isKernelThread(): boolean {
    return ((this.#readStat()?.flags ?? 0) & PF_KTHREAD) !== 0;
  }

  get fsUid(): number {
    return this.#field('Uid', 3) ?? -1;
  }

  get hasTty(): boolean {
    return (this.#readStat()?.ttyNr ?? 0) !== 0;
  }

  /** Whether this is a thread that the kernel made to work for io_uring. */
  get isIoWorker(): boolean {
    return ((this.#readStat()?.flags ?? 0) & PF_IO_WORKER) !== 0;
  }

  /** Whether the kernel is writing a dump of the task's memory: what it opens for that is no call of the task. */
  get isDumping(): boolean {
    return this.#field('CoreDumping') === 1;
  }

  /** The real user id. */
  get uid(): number {
    return this.#field('Uid') ?? -1;
  }

  /** The process id on the host. */
  get tgid(): number {
    return this.#field('Tgid') ?? this.tid;
  }

  /** The process id of the parent on the host. */
  get parentPid(): number {
    return this.#field('PPid') ?? 0;
  }

  /** The process id inside the innermost pid namespace. */
  get innerPid(): number {
    return this.#field('NSpid', -1) ?? this.tgid;
  }

  get cwd(): string {
    return readlinkPath(procPath(`${this.tid}/cwd`)) ?? '';
  }

  get tty(): string {
    const number = this.#readStat()?.ttyNr ?? 0;
    return number === 0 ? '' : (ttyName(number) ?? '');
  }

  /** The command line as the kernel has it. */
  get argv(): readonly string[] {
    return readCmdline(this.tid) ?? [];
  }

  /** The same for whoever reads an alert, joined by spaces: the beginning of one that is very long. */
  get commandLine(): string {
    const text = (readCmdline(this.tid, MAX_COMMAND_LINE) ?? []).join(' ');
    return text.length > MAX_COMMAND_LINE ? `${text.slice(0, MAX_COMMAND_LINE)}…` : text;
  }

  // The file is long and costs the kernel more than anything else asked here: it is read once, and only what is asked
  // for is taken from it.
  #field(name: string, place = 0): number | undefined {
    this.#status ??= readTextAt(procPath(`${this.tid}/status`)) ?? '';
    const start = this.#status.indexOf(`\n${name}:\t`);
    if (start < 0) return undefined;
    const from = start + name.length + 3;
    const value = this.#status.slice(from, this.#status.indexOf('\n', from)).split('\t').at(place);
    return value === undefined ? undefined : Number(value);
  }

  #readStat(): ReturnType<typeof readStat> {
    this.#stat ??= readStat(this.tid);
    return this.#stat;
  }
}

/** The executable a task runs, as its own mount tree names it; undefined when it is gone. */
export function readExecutable(tid: number): string | undefined {
  return readExe(tid)?.replace(/ \(deleted\)$/, '');
}
