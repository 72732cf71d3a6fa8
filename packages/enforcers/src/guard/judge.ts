import { FAN_OPEN_EXEC_PERM, openFlags } from '@kubearmor/kernel';
import {
  decide,
  decideLink,
  isSettled,
  type Decision,
  type ExecLink,
  type FileObject,
} from '@kubearmor/policy';
import { BlockedCall, type Opening } from './blocked-call.js';
import { countingAgainst } from './counting-against.js';
import { ExecChain, fromBytes } from './exec-chain.js';
import type { ExecHash } from './exec-hash.js';
import { FileView, type SeenFile } from './file-view.js';
import type { AlertOperation, AlertProcess, GuardAlert } from './guard-alert.js';
import type { GuardedWorkload } from './guarded-workload.js';
import { absolutePath, isInTaskRoot } from './requested-path.js';
import { ARGS_BYTES, UNSEEN_EXE, type Label, type PendingExec } from './layout.js';
import { loadedArguments } from './loaded-arguments.js';
import { pendingExec } from './pending-exec.js';
import { readProgramHeader } from './program-header.js';
import { readExecutable, Task } from './task.js';

/** What the judge needs of the world around it. */
export interface JudgeDeps {
  readonly hash: ExecHash;
  readonly labelOf: (tid: number) => Label | undefined;
  readonly workloadOf: (id: number) => GuardedWorkload | undefined;
  readonly pathOfExecutable: (id: bigint) => string | undefined;
  readonly prepareExec: (
    tid: number,
    workload: GuardedWorkload,
    path: string,
    exec: Omit<PendingExec, 'exe'>,
  ) => void;
  /** Whether an exec of a task was judged and has neither been carried out nor ended with the task. */
  readonly isExecuting: (tid: number) => boolean;
  /** Whether a process never asked io_uring to open anything for writing; false where the kernel does not tell. */
  readonly onlyReadsByIoUring: (tgid: number) => boolean;
  /** Whether a process asked io_uring to open something for writing; false where the kernel does not tell. */
  readonly writesByIoUring: (tgid: number) => boolean;
  readonly ignore: (eventFd: number) => void;
  readonly alert: (alert: GuardAlert) => void;
  /** What an operation comes to that cannot be judged, where a Block rule or posture of its kind applies. */
  readonly onError: 'deny' | 'allow';
  readonly wallNs: () => bigint;
}

// Before glibc 2.34 its version is part of its name.
const LOADER_NAME = /^ld(-linux[^/]*|-musl[^/]*|64|-\d[\d.]*)?\.so(\.\d+)?$/;
const MAX_CHAINS = 4096;
const PASS: Decision = { verdict: 'pass' };

type Access = readonly ('read' | 'write')[];
const READ_WRITE: Access = ['read', 'write'];

/** Answers permission events: true lets the operation go on. */
export class Judge {
  readonly #deps: JudgeDeps;
  readonly #file = new FileView();
  readonly #chains = new Map<number, ExecChain>();
  readonly #holding = new Set<ExecChain>();

  constructor(deps: JudgeDeps) {
    this.#deps = deps;
  }

  /** Judges one event; the file's descriptor stays open. */
  judge(eventFd: number, tid: number, mask: number): boolean {
    const label = this.#deps.labelOf(tid);
    if (label === undefined) return true;
    const workload = this.#deps.workloadOf(label.workload);
    if (workload === undefined) return this.#deps.onError === 'allow';
    const task = this.#task(tid, label);
    const isExec = (mask & FAN_OPEN_EXEC_PERM) !== 0;
    if (!this.#file.open(eventFd, tid))
      return this.#unjudged(workload, task, isExec, 'a file without attributes');
    const passes = isExec
      ? this.#judgeExec(workload, task, eventFd)
      : this.#judgeOpen(workload, task, eventFd);
    return passes || workload.isAudited;
  }

  /** Forgets execs in progress: the rules they were judged by have changed. */
  forgetChains(): void {
    this.tellHeld();
    this.#chains.clear();
  }

  /** Raises the alerts of execs that passed so far and did not go on: what they asked for was not there. */
  tellHeld(): void {
    for (const chain of this.#holding) this.#tell(chain);
  }

  #task(tid: number, label: Label): Task {
    const exe = this.#executableOf(tid, label.exe);
    return new Task(tid, exe, this.#deps.pathOfExecutable(label.parentExe) ?? '');
  }

  // Before its first exec a task is what started the workload. After one that nobody was asked about, what it says of
  // itself is no name of a source.
  #executableOf(tid: number, id: bigint): string {
    const own = (): string => readExecutable(tid) ?? '';
    if (id === UNSEEN_EXE) return `(unseen) ${own()}`;
    return this.#deps.pathOfExecutable(id) ?? own();
  }

  #judgeOpen(workload: GuardedWorkload, task: Task, eventFd: number): boolean {
    const call = new BlockedCall(task.tid);
    if (call.isExec && this.#wasJudgedAsExec(task.tid)) {
      this.#forgetIfSettled(workload, eventFd);
      return true;
    }
    const opening = this.#openingOf(call, task);
    const isNew = opening.flags !== undefined && this.#file.isNew(opening.flags, this.#deps.wallNs());
    const seen = this.#file.see(workload.mounts, isNew);
    if (seen === undefined) return this.#unjudged(workload, task, false, this.#file.path);
    const decision = this.#decideOpen(workload, task, seen, opening, isNew);
    if (decision.alert !== undefined) {
      this.#raise(workload, task, decision, {
        kind: 'file',
        path: seen.object.path,
        syscall: opening.syscall,
        dirFd: opening.dirFd,
        ...(opening.flags === undefined ? {} : { flags: opening.flags }),
      });
    } else if (decision.verdict === 'pass' && this.#canForget(workload, seen)) {
      this.#deps.ignore(eventFd);
    }
    return decision.verdict === 'pass';
  }

  // Its execs are asked about again; that they open it needs no second answer each time.
  #forgetIfSettled(workload: GuardedWorkload, eventFd: number): void {
    const seen = this.#file.see(workload.mounts, false);
    if (seen !== undefined && this.#canForget(workload, seen)) this.#deps.ignore(eventFd);
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

  #decideOpen(
    workload: GuardedWorkload,
    task: Task,
    seen: SeenFile,
    opening: Opening,
    isNew: boolean,
  ): Decision {
    const access = opening.isSure ? accessOf(opening.flags, isNew) : READ_WRITE;
    const decision = this.#decideAccess(workload, task, seen, access);
    if (decision.verdict === 'deny' || !workload.hasReadOnly || access.includes('write')) return decision;
    const ifWritten = this.#decideAccess(workload, task, seen, READ_WRITE);
    return ifWritten.verdict === 'deny' && this.#mayWriteUnseen(task) ? ifWritten : decision;
  }

  // The kernel may open a file for a task while that is in another call: for io_uring, and to dump its memory.
  #mayWriteUnseen(task: Task): boolean {
    return this.#deps.writesByIoUring(task.tgid) || task.isDumping;
  }

  #decideAccess(workload: GuardedWorkload, task: Task, seen: SeenFile, access: Access): Decision {
    const byLoader =
      workload.loaders.has(task.exe) || LOADER_NAME.test(task.exe.slice(task.exe.lastIndexOf('/') + 1));
    const argv = byLoader && workload.verifiesRequests ? loadedArguments(task.argv) : [];
    const under = (object: FileObject): Decision =>
      decide(workload.bound, {
        kind: 'file',
        subject: task,
        access,
        objects: [object],
        ...(byLoader ? { byLoader, argv } : {}),
      });
    return this.#alsoAgainst(workload, seen, under(seen.object), under);
  }

  #alsoAgainst(
    workload: GuardedWorkload,
    { object, against }: SeenFile,
    decision: Decision,
    under: (object: FileObject) => Decision,
  ): Decision {
    const linked = this.#file.links > 1 ? workload.linkedNames.namesOf(this.#file.fileId) : [];
    const { fileId, ownerUid } = object;
    const names = [...against, ...linked].filter((name) => name !== object.path);
    return countingAgainst(decision, names, (path, otherNames) =>
      under({ path, otherNames, ownerUid, ...(fileId === undefined ? {} : { fileId }) }),
    );
  }

  #canForget(workload: GuardedWorkload, { object, against }: SeenFile): boolean {
    if (!workload.canForgetFiles || object.anonymous === true || object.otherNames !== undefined)
      return false;
    return against.length === 0 && this.#file.links === 1 && isSettled(workload.bound, object);
  }

  #judgeExec(workload: GuardedWorkload, task: Task, eventFd: number): boolean {
    const seen = this.#file.see(workload.mounts, false);
    if (seen === undefined) return this.#unjudged(workload, task, true, this.#file.path);
    const chain = this.#continuedChain(task.tid, eventFd) ?? this.#newChain(workload, task, seen.object);
    const link = this.#linkOf(chain, seen.object, task.tid);
    const header = readProgramHeader(eventFd);
    chain.add(link, header);
    const decision = this.#decideLink(workload, task, chain, link, seen);
    const alert = this.#alertOf(workload, task, decision, () => alertOperation(decision, link, chain));
    if (decision.verdict === 'deny' && !workload.isAudited) {
      this.#holding.delete(chain);
      this.#chains.delete(task.tid);
      if (alert !== undefined) this.#deps.alert(alert);
      return false;
    }
    this.#hold(chain, alert);
    if (link.role === 'loader') workload.loaders.add(link.path);
    else this.#deps.prepareExec(task.tid, workload, link.path, this.#pending(workload, chain, seen));
    return true;
  }

  // One exec is one operation: what passes is told when nothing more of it can be denied (semantics §5).
  #hold(chain: ExecChain, alert: GuardAlert | undefined): void {
    // What would have been denied is told before what is only audited.
    if (alert?.decision.verdict === 'deny' && chain.held?.decision.verdict !== 'deny') chain.held = alert;
    chain.held ??= alert;
    if (chain.held === undefined) return;
    this.#holding.add(chain);
    if (chain.expected === undefined) this.#tell(chain);
  }

  #tell(chain: ExecChain): void {
    if (!this.#holding.delete(chain) || chain.held === undefined) return;
    this.#deps.alert(chain.held);
  }

  #linkOf(chain: ExecChain, object: FileObject, tid: number): ExecLink {
    const { expected } = chain;
    if (chain.links.length === 0 || expected === undefined) return { ...object, role: 'program' };
    if (expected.role === 'loader') return { ...object, role: 'loader' };
    return { ...object, role: 'interpreter', requestedPath: absolutePath(tid, -100, expected.path) };
  }

  #pending(workload: GuardedWorkload, chain: ExecChain, seen: SeenFile): Omit<PendingExec, 'exe'> {
    return pendingExec(this.#deps.hash, chain, seen.inFileSystem, workload.verifiesRequests);
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
    return this.#alsoAgainst(workload, seen, under(seen.object), under);
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
    if (chain !== undefined) this.#tell(chain);
    this.#chains.delete(tid);
  }

  #isDenied(workload: GuardedWorkload, isExec: boolean): boolean {
    const applies = isExec ? workload.denials.process || workload.denials.file : workload.denials.file;
    return applies && this.#deps.onError === 'deny';
  }

  #unjudged(workload: GuardedWorkload, task: Task, isExec: boolean, path: string): boolean {
    const isDenied = this.#isDenied(workload, isExec);
    const operation: AlertOperation = isExec
      ? { kind: 'process', path, argv: [], syscall: 'execve' }
      : { kind: 'file', path, syscall: 'open' };
    this.#raise(workload, task, errorDecision(isDenied ? 'deny' : 'pass'), operation);
    return !isDenied;
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
      process: describe(task),
      operation: operation(),
    };
  }
}

function accessOf(flags: number | undefined, isNew: boolean): Access {
  if (flags === undefined) return READ_WRITE;
  const { O_ACCMODE, O_RDONLY, O_RDWR, O_TRUNC } = openFlags();
  const mode = flags & O_ACCMODE;
  const isWritten = mode !== O_RDONLY || (flags & O_TRUNC) !== 0 || isNew;
  const isRead = mode === O_RDONLY || mode === O_RDWR;
  if (isRead && isWritten) return READ_WRITE;
  return isRead ? ['read'] : ['write'];
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

function describe(task: Task): AlertProcess {
  return {
    hostPid: task.tgid,
    hostParentPid: task.parentPid,
    pid: task.innerPid,
    uid: task.uid,
    exe: task.exe,
    parentExe: task.parentExe,
    commandLine: task.commandLine,
    cwd: task.cwd,
    tty: task.tty,
  };
}
