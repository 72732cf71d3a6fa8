import { FAN_OPEN_EXEC_PERM, openFlags } from '@kubearmor/kernel';
import { decideLink, type Decision, type ExecLink, type FileObject } from '@kubearmor/policy';
import { BlockedCall, type Opening } from './blocked-call.js';
import { ExecChain, fromBytes } from './exec-chain.js';
import type { ExecHash } from './exec-hash.js';
import { FileJudge } from './file-judge.js';
import { FileView, type SeenFile } from './file-view.js';
import { describeTask } from './describe-task.js';
import type { AlertOperation, GuardAlert } from './guard-alert.js';
import type { GuardedWorkload } from './guarded-workload.js';
import { HeldAlerts } from './held-alerts.js';
import { absolutePath, isInTaskRoot } from './requested-path.js';
import { ARGS_BYTES, LABEL, UNSEEN_EXE, type Label, type PendingExec } from './layout.js';
import { OverlaidFiles } from './overlaid-files.js';
import { pendingExec } from './pending-exec.js';
import { readProgramHeader } from './program-header.js';
import { isRefused, strictest, type Judged } from './strictest.js';
import { readExecutable, Task } from './task.js';
import { sharesHostRoot, WORKLOAD } from './workload-number.js';

/** What the judge needs of the world around it. */
export interface JudgeDeps {
  readonly hash: ExecHash;
  readonly labelOf: (tid: number) => Label | undefined;
  /** Whose rules the tasks of a workload are under; undefined where there are some that nobody knows here. */
  readonly judging: (id: number) => readonly GuardedWorkload[] | undefined;
  readonly pathOfExecutable: (id: bigint) => string | undefined;
  readonly prepareExec: (
    tid: number,
    workloads: readonly GuardedWorkload[],
    path: string,
    exec: Omit<PendingExec, 'exe'>,
  ) => void;
  /** Whether an exec of a task was judged and has neither been carried out nor ended with the task. */
  readonly isExecuting: (tid: number) => boolean;
  /** Whether a process never asked io_uring to open anything for writing; false where the kernel does not tell. */
  readonly onlyReadsByIoUring: (tgid: number) => boolean;
  /** Whether a process asked io_uring to open something for writing; false where the kernel does not tell. */
  readonly writesByIoUring: (tgid: number) => boolean;
  /** Whose rules may be about a file beside those that its subject is under; undefined where that is not known. */
  readonly concerned: (file: FileView) => readonly GuardedWorkload[] | undefined;
  readonly ignore: (eventFd: number) => void;
  readonly alert: (alert: GuardAlert) => void;
  /** So many alerts are held until it is known what becomes of their exec. */
  readonly held: (alerts: number) => void;
  /** What an operation comes to that cannot be judged, where a Block rule or posture of its kind applies. */
  readonly onError: 'deny' | 'allow';
  readonly wallNs: () => bigint;
}

const MAX_CHAINS = 4096;
const PASS: Decision = { verdict: 'pass' };

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
  readonly #chains = new Map<number, ExecChain>();
  readonly #held: HeldAlerts;

  constructor(deps: JudgeDeps) {
    this.#deps = deps;
    this.#held = new HeldAlerts(deps);
    this.#files = new FileJudge(this.#file, deps.writesByIoUring);
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

  /** Forgets execs in progress: the rules they were judged by have changed. */
  forgetChains(): void {
    this.tellHeld();
    this.#chains.clear();
  }

  /** Raises the alerts of execs that passed so far and did not go on: what they asked for was not there. */
  tellHeld(): void {
    this.#held.tellAll();
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
    if (call.isExec && this.#wasJudgedAsExec(task.tid)) {
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
      const decision = this.#errorIn(workload, false);
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

  // The open event of an executed file follows its exec event, within the same call.
  #wasJudgedAsExec(tid: number): boolean {
    const chain = this.#chains.get(tid);
    if (chain === undefined || chain.judgedFile !== this.#file.fileId) return false;
    chain.judgedFile = undefined;
    return true;
  }

  #judgeExec(workloads: Judging, task: Task, eventFd: number): boolean {
    const views = workloads.map((workload) => ({
      workload,
      seen: this.#file.see(workload.mounts, false, sharesHostRoot(workload.id)),
    }));
    const [first] = views;
    const isSeen = views.every(({ seen }) => seen !== undefined);
    if (first?.seen === undefined || !isSeen) return this.#unjudged(workloads, task, true, this.#file.path);
    const chain =
      this.#continuedChain(task.tid, eventFd) ?? this.#newChain(first.workload, task, first.seen.object);
    const link = this.#linkOf(chain, first.seen.object, task.tid);
    chain.add(link, readProgramHeader(eventFd));
    const judged = views.flatMap(({ workload, seen }) =>
      seen === undefined
        ? []
        : [
            {
              by: workload,
              decision: this.#decideLink(workload, task, chain, { ...link, ...seen.object }, seen),
            },
          ],
    );
    const { by, decision } = strictest(judged) ?? { by: first.workload, decision: PASS };
    if (isSpared(task, decision)) return true;
    const alert = this.#alertOf(by, task, decision, () => alertOperation(decision, link, chain));
    if (isRefused({ by, decision })) {
      this.#chains.delete(task.tid);
      if (alert !== undefined) this.#deps.alert(alert);
      this.#held.forget(chain);
      return false;
    }
    this.#held.hold(chain, alert);
    if (link.role === 'loader') for (const workload of workloads) workload.loaders.add(link.path);
    else this.#deps.prepareExec(task.tid, workloads, link.path, this.#pending(workloads, chain, first.seen));
    this.#overlaid.note(workloads, this.#file);
    return true;
  }

  #linkOf(chain: ExecChain, object: FileObject, tid: number): ExecLink {
    const { expected } = chain;
    if (chain.links.length === 0 || expected === undefined) return { ...object, role: 'program' };
    if (expected.role === 'loader') return { ...object, role: 'loader' };
    return { ...object, role: 'interpreter', requestedPath: absolutePath(tid, -100, expected.path) };
  }

  #pending(workloads: Judging, chain: ExecChain, seen: SeenFile): Omit<PendingExec, 'exe'> {
    const isVerified = workloads.some((workload) => workload.verifiesRequests);
    return pendingExec(this.#deps.hash, chain, seen.inFileSystem, isVerified);
  }

  #decideLink(
    workload: GuardedWorkload,
    task: Task,
    chain: ExecChain,
    link: ExecLink,
    seen: SeenFile,
  ): Decision {
    const argv = chain.linkArgv;
    if (argv === undefined && workload.verifiesRequests) {
      return this.#isDenied(workload, true) ? errorDecision('deny') : PASS;
    }
    const requestedPath = link.role === 'program' ? chain.requestedPath : (link.requestedPath ?? link.path);
    const under = (object: FileObject): Decision =>
      decideLink(
        workload.bound,
        { kind: 'exec', subject: task, requestedPath, argv: argv ?? [], links: [{ ...link, ...object }] },
        0,
      );
    return this.#files.alsoAgainst(workload, seen, under(seen.object), under);
  }

  // Only the file that the program before asked for continues an exec; the kernel's copy is compared at the end.
  #continuedChain(tid: number, eventFd: number): ExecChain | undefined {
    const chain = this.#chains.get(tid);
    if (chain?.expected === undefined) return undefined;
    // The task may be gone and its number another's: with it went what it was about to execute. Or the kernel gave the
    // exec up, and this is the next one.
    if (!this.#deps.isExecuting(tid) || new BlockedCall(tid).kernelName !== chain.kernelName)
      return undefined;
    return isInTaskRoot(tid, chain.expected.path, eventFd) ? chain : undefined;
  }

  #newChain(workload: GuardedWorkload, task: Task, object: FileObject): ExecChain {
    const call = new BlockedCall(task.tid);
    const fileName = call.fileName ?? Buffer.from(object.path).toString('latin1');
    const requested = fileName === '' ? object.path : absolutePath(task.tid, call.dirFd, fromBytes(fileName));
    const argv = call.argv(ARGS_BYTES);
    const chain = new ExecChain(
      call.kernelName ?? fileName,
      workload.resolver.resolveParent(requested) ?? requested,
      argv,
    );
    if (this.#chains.size >= MAX_CHAINS) this.#forget(this.#chains.keys().next().value ?? 0);
    this.#forget(task.tid);
    this.#chains.set(task.tid, chain);
    return chain;
  }

  #forget(tid: number): void {
    const chain = this.#chains.get(tid);
    if (chain !== undefined) this.#held.tell(chain);
    this.#chains.delete(tid);
  }

  #isDenied(workload: GuardedWorkload, isExec: boolean): boolean {
    const applies = isExec ? workload.denials.process || workload.denials.file : workload.denials.file;
    return applies && this.#deps.onError === 'deny';
  }

  #errorIn(workload: GuardedWorkload, isExec: boolean): Decision {
    return errorDecision(this.#isDenied(workload, isExec) ? 'deny' : 'pass');
  }

  #unjudged(workloads: Judging, task: Task, isExec: boolean, path: string): boolean {
    const operation: AlertOperation = isExec
      ? { kind: 'process', path, argv: [], syscall: 'execve' }
      : { kind: 'file', path, syscall: 'open' };
    const judged = workloads.map((by) => ({ by, decision: this.#errorIn(by, isExec) }));
    const found = strictest(judged);
    if (found === undefined || isSpared(task, found.decision)) return true;
    this.#raise(found.by, task, found.decision, operation);
    return !isRefused(found);
  }

  #raise(workload: GuardedWorkload, task: Task, decision: Decision, operation: AlertOperation): void {
    const alert = this.#alertOf(workload, task, decision, () => operation);
    if (alert !== undefined) this.#deps.alert(alert);
  }

  #alertOf(
    workload: GuardedWorkload,
    task: Task,
    decision: Decision,
    operation: () => AlertOperation,
  ): GuardAlert | undefined {
    if (decision.alert === undefined) return undefined;
    return {
      workload: workload.id,
      timeNs: String(this.#deps.wallNs()),
      decision,
      isEnforced: decision.verdict === 'deny' && !workload.isAudited,
      process: describeTask(task),
      operation: operation(),
    };
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

// Looked at only where it matters: most of what is asked about passes.
function isSpared(task: Task, decision: Decision): boolean {
  return decision.alert !== undefined && task.isKernelThread;
}

// An exec also opens its files: a rule about files that stops it is told as one about a file.
function alertOperation(decision: Decision, link: ExecLink, chain: ExecChain): AlertOperation {
  const rule = decision.alert?.rule ?? '';
  if (rule.includes('#file.')) return { kind: 'file', path: link.path, syscall: 'execve' };
  return { kind: 'process', path: link.path, argv: chain.argv?.slice(1) ?? [], syscall: 'execve' };
}

function errorDecision(verdict: 'deny' | 'pass'): Decision {
  const action = verdict === 'deny' ? 'Block' : 'Audit';
  const message = 'the operation could not be judged';
  return {
    verdict,
    alert: { policyName: 'DefaultPosture', rule: 'onError', action, severity: 0, tags: [], message },
  };
}
