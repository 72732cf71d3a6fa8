import { FAN_OPEN_EXEC_PERM, openFlags } from '@kubearmor/kernel';
import type { Decision } from '@kubearmor/policy';
import { BlockedCall, type Opening } from './blocked-call.js';
import { ExecJudge, type ExecJudgeDeps } from './exec-judge.js';
import { FileJudge } from './file-judge.js';
import { FileView } from './file-view.js';
import type { AlertOperation } from '../guard-alert.js';
import type { GuardedWorkload } from '../guarded-workload.js';
import { judgedAlert } from './judged-alert.js';
import { LABEL, UNSEEN_EXE, type Label } from '../layout.js';
import { errorDecision } from './on-error.js';
import { OverlaidFiles } from './overlaid-files.js';
import { isRefused, isSpared, strictest, type Judged } from './strictest.js';
import { readExecutable, Task } from './task.js';
import { sharesHostRoot, WORKLOAD } from '../workload-number.js';

/** What the judge needs of the world around it. */
export interface JudgeDeps extends ExecJudgeDeps {
  readonly labelOf: (tid: number) => Label | undefined;
  /** Whose rules the tasks of a workload are under; undefined where there are some that nobody knows here. */
  readonly judging: (id: number) => readonly GuardedWorkload[] | undefined;
  readonly pathOfExecutable: (id: bigint) => string | undefined;
  /** Whether a process never asked io_uring to open anything for writing; false where the kernel does not tell. */
  readonly onlyReadsByIoUring: (tgid: number) => boolean;
  /** Whether a process asked io_uring to open something for writing; false where the kernel does not tell. */
  readonly writesByIoUring: (tgid: number) => boolean;
  /** Whose rules may be about a file beside those that its subject is under; undefined where that is not known. */
  readonly concerned: (file: FileView) => readonly GuardedWorkload[] | undefined;
  readonly ignore: (eventFd: number) => void;
}

type Judging = readonly GuardedWorkload[];

/** An open as one workload's rules see it. */
interface OpenedBy {
  readonly workload: GuardedWorkload;
  readonly isAudited: boolean;
  readonly operation: AlertOperation;
}

/** Answers permission events: true lets the operation go on. */
export class Judge {
  readonly #deps: JudgeDeps;
  readonly #file = new FileView();
  readonly #files: FileJudge;
  readonly #overlaid = new OverlaidFiles();
  readonly #execs: ExecJudge;

  constructor(deps: JudgeDeps) {
    this.#deps = deps;
    this.#files = new FileJudge(deps.writesByIoUring);
    this.#execs = new ExecJudge(deps, this.#file, this.#files, this.#overlaid);
  }

  /** Judges one event; the file's descriptor stays open. */
  judge(eventFd: number, tid: number, mask: number): boolean {
    const label = this.#deps.labelOf(tid);
    const workloads = this.#deps.judging(label?.workload ?? WORKLOAD.host);
    if (workloads === undefined) return this.#deps.onError === 'allow';
    const isExec = (mask & FAN_OPEN_EXEC_PERM) !== 0;
    const judging = askedBy(workloads, tid, label, isExec);
    if (judging.length === 0) return true;
    const task = this.#task(tid, label);
    if (!this.#file.open(eventFd, tid))
      return this.#unjudged(judging, task, isExec, 'a file without attributes');
    if (this.#isTwice(judging)) return true;
    return isExec ? this.#judgeExec(judging, task, eventFd) : this.#judgeOpen(judging, task, eventFd);
  }

  /** From here on this process answers. */
  start(): void {
    this.#execs.start();
  }

  /** Raises the alerts of execs that passed so far and did not go on: what they asked for was not there. */
  tellHeld(): void {
    this.#execs.tellHeld();
  }

  #task(tid: number, label: Label | undefined): Task {
    const exe = this.#executableOf(tid, label?.exe ?? 0n);
    const parentExe = this.#deps.pathOfExecutable(label?.parentExe ?? 0n);
    // Of the machine's own tasks nobody has seen all: their parent then is the one that they have now.
    return new Task(
      tid,
      exe,
      parentExe ?? (sharesHostRoot(label?.workload ?? WORKLOAD.host) ? undefined : ''),
    );
  }

  // Before its first exec a task is what started the workload. After one that nobody was asked about, what it says of
  // itself is no name of a source.
  #executableOf(tid: number, id: bigint): string {
    const own = (): string => readExecutable(tid) ?? '';
    if (id === UNSEEN_EXE) return `(unseen) ${own()}`;
    return this.#deps.pathOfExecutable(id) ?? own();
  }

  // An overlay opens the file below through a mount that nobody sees: it was asked about the one above already.
  #isTwice([workload]: readonly GuardedWorkload[]): boolean {
    if (workload === undefined) return false;
    if (workload.mounts.hasMount(this.#file.mountId)) return false;
    const isForeign = sharesHostRoot(workload.id)
      ? this.#overlaid.isBelow(this.#file)
      : !workload.mounts.hasDevice(this.#file.device);
    return isForeign && !this.#file.isBySubjectMount;
  }

  #judgeOpen(workloads: Judging, task: Task, eventFd: number): boolean {
    const call = new BlockedCall(task.tid);
    if (call.isExec && this.#execs.wasJudged(task.tid)) {
      this.#forgetFile(workloads, eventFd);
      return true;
    }
    const opening = this.#openingOf(call, task);
    const isNew = opening.flags !== undefined && this.#file.isNew(opening.flags, this.#deps.wallNs());
    const opened = workloads.map((workload) => this.#openBy(workload, task, opening, isNew));
    const found = strictest(opened);
    if (found === undefined || isSpared(task, found.decision)) return true;
    const { by, decision } = found;
    if (decision.alert !== undefined) this.#raise(by.workload, task, decision, by.operation);
    else this.#forgetFile(workloads, eventFd);
    if (isRefused(found)) return false;
    this.#overlaid.note(workloads, this.#file);
    return true;
  }

  #openBy(workload: GuardedWorkload, task: Task, opening: Opening, isNew: boolean): Judged<OpenedBy> {
    const seen = this.#file.see(workload.mounts, isNew, sharesHostRoot(workload.id));
    const { syscall, dirFd, flags } = opening;
    if (seen === undefined) {
      const operation: AlertOperation = { kind: 'file', path: this.#file.path, syscall: 'open' };
      const decision = errorDecision(workload, false, this.#deps.onError);
      return { by: { workload, isAudited: workload.isAudited, operation }, decision };
    }
    const decision = this.#files.decideOpen(workload, task, seen, opening, isNew);
    const { path } = seen.object;
    const operation: AlertOperation = {
      kind: 'file',
      path,
      syscall,
      dirFd,
      ...(flags === undefined ? {} : { flags }),
    };
    return { by: { workload, isAudited: workload.isAudited, operation }, decision };
  }

  // Nobody is asked again who opens it, whoever that is: no rule of anybody is about it. Its execs are asked about again.
  #forgetFile(workloads: Judging, eventFd: number): void {
    if (this.#file.links !== 1) return;
    const concerned = this.#deps.concerned(this.#file);
    if (concerned === undefined) return;
    if ([...workloads, ...concerned].every((workload) => this.#isSettled(workload)))
      this.#deps.ignore(eventFd);
  }

  #isSettled(workload: GuardedWorkload): boolean {
    const seen = this.#file.see(workload.mounts, false, sharesHostRoot(workload.id));
    return seen !== undefined && this.#files.canForget(workload, seen);
  }

  // An open by io_uring is no system call of its own: how it is meant is known of the process as a whole.
  #openingOf(call: BlockedCall, task: Task): Opening {
    const { opening } = call;
    if (opening.flags !== undefined || !(call.isIoUring || task.isIoWorker)) return opening;
    const isReading = this.#deps.onlyReadsByIoUring(task.tgid);
    const flags = isReading ? openFlags().O_RDONLY : undefined;
    return { ...opening, syscall: 'io_uring_enter', flags, isSure: isReading };
  }

  #judgeExec(workloads: Judging, task: Task, eventFd: number): boolean {
    const [first, ...others] = workloads.flatMap((workload) => {
      const seen = this.#file.see(workload.mounts, false, sharesHostRoot(workload.id));
      return seen === undefined ? [] : [{ workload, seen }];
    });
    if (first === undefined || others.length + 1 < workloads.length)
      return this.#unjudged(workloads, task, true, this.#file.path);
    return this.#execs.judge([first, ...others], task, eventFd);
  }

  #unjudged(workloads: Judging, task: Task, isExec: boolean, path: string): boolean {
    const operation: AlertOperation = isExec
      ? { kind: 'process', path, argv: [], syscall: 'execve' }
      : { kind: 'file', path, syscall: 'open' };
    const judged = workloads.map((by) => ({ by, decision: errorDecision(by, isExec, this.#deps.onError) }));
    const found = strictest(judged);
    if (found === undefined || isSpared(task, found.decision)) return true;
    this.#raise(found.by, task, found.decision, operation);
    return !isRefused(found);
  }

  #raise(workload: GuardedWorkload, task: Task, decision: Decision, operation: AlertOperation): void {
    const alert = judgedAlert(workload, task, decision, this.#deps.wallNs(), () => operation);
    if (alert !== undefined) this.#deps.alert(alert);
  }
}

// Init is what starts everything, and sets a unit up before it executes the unit's program: of that only the program
// itself is asked about, and only by the unit's rules (semantics §6).
function askedBy(workloads: Judging, tid: number, label: Label | undefined, isExec: boolean): Judging {
  const flags = label?.flags ?? 0;
  if ((flags & LABEL.ours) !== 0 || (label === undefined && tid === 1)) return [];
  if ((flags & LABEL.starting) === 0) return workloads;
  return isExec ? workloads.filter(({ id }) => id !== WORKLOAD.host) : [];
}
