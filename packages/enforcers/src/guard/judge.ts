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
import { ExecChain, fromBytes } from './exec-chain.js';
import { FileView } from './file-view.js';
import type { AlertOperation, AlertProcess, GuardAlert } from './guard-alert.js';
import type { GuardedWorkload } from './guarded-workload.js';
import { absolutePath, isInTaskRoot } from './requested-path.js';
import { ARGS_BYTES, type Label, type PendingExec } from './layout.js';
import { loadedArguments } from './loaded-arguments.js';
import { pendingExec } from './pending-exec.js';
import { readProgramHeader } from './program-header.js';
import { readExecutable, Task } from './task.js';

/** What the judge needs of the world around it. */
export interface JudgeDeps {
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
  readonly ignore: (eventFd: number) => void;
  readonly alert: (alert: GuardAlert) => void;
  /** What an operation comes to that cannot be judged, where a Block rule or posture of its kind applies. */
  readonly onError: 'deny' | 'allow';
  readonly wallNs: () => bigint;
}

const LOADER_NAME = /^ld(-linux[^/]*|-musl[^/]*|64)?\.so(\.\d+)?$/;
const MAX_CHAINS = 4096;
const PASS: Decision = { verdict: 'pass' };

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
    return isExec ? this.#judgeExec(workload, task, eventFd) : this.#judgeOpen(workload, task, eventFd);
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
    const exe = this.#deps.pathOfExecutable(label.exe) ?? readExecutable(tid) ?? '';
    return new Task(tid, exe, this.#deps.pathOfExecutable(label.parentExe) ?? '');
  }

  #judgeOpen(workload: GuardedWorkload, task: Task, eventFd: number): boolean {
    const chain = this.#chains.get(task.tid);
    if (chain !== undefined && chain.judgedFile === this.#file.fileId) {
      chain.judgedFile = undefined;
      return true;
    }
    const call = new BlockedCall(task.tid);
    const opening = this.#openingOf(call, task);
    const isNew = opening.flags !== undefined && this.#file.isNew(opening.flags, this.#deps.wallNs());
    const object = this.#file.toObject(workload.tree, isNew);
    if (object === undefined)
      return this.#unjudged(workload, task, false, this.#file.path ?? 'a path too long to read');
    const decision = this.#decideOpen(workload, task, object, opening.flags, isNew);
    if (decision.alert !== undefined) {
      this.#raise(workload, task, decision, {
        kind: 'file',
        path: object.path,
        syscall: opening.syscall,
        dirFd: opening.dirFd,
        ...(opening.flags === undefined ? {} : { flags: opening.flags }),
      });
    } else if (decision.verdict === 'pass' && this.#canForget(workload, object)) {
      this.#deps.ignore(eventFd);
    }
    return decision.verdict === 'pass';
  }

  // An open by io_uring is no system call of its own: how it is meant is known of the process as a whole.
  #openingOf(call: BlockedCall, task: Task): Opening {
    const { opening } = call;
    if (opening.flags !== undefined || !(call.isIoUring || task.isIoWorker)) return opening;
    const isReading = this.#deps.onlyReadsByIoUring(task.tgid);
    return { ...opening, syscall: 'io_uring_enter', flags: isReading ? openFlags().O_RDONLY : undefined };
  }

  #decideOpen(
    workload: GuardedWorkload,
    task: Task,
    object: FileObject,
    flags: number | undefined,
    isNew: boolean,
  ): Decision {
    const byLoader =
      workload.loaders.has(task.exe) || LOADER_NAME.test(task.exe.slice(task.exe.lastIndexOf('/') + 1));
    return decide(workload.bound, {
      kind: 'file',
      subject: task,
      access: accessOf(flags, isNew),
      objects: [object],
      ...(byLoader ? { byLoader, argv: workload.verifiesRequests ? loadedArguments(task.argv) : [] } : {}),
    });
  }

  #canForget(workload: GuardedWorkload, object: FileObject): boolean {
    if (!workload.canForgetFiles || object.anonymous === true || object.otherNames !== undefined)
      return false;
    return this.#file.links === 1 && isSettled(workload.bound, object);
  }

  #judgeExec(workload: GuardedWorkload, task: Task, eventFd: number): boolean {
    const object = this.#file.toObject(workload.tree, false);
    if (object === undefined)
      return this.#unjudged(workload, task, true, this.#file.path ?? 'a path too long to read');
    const chain = this.#continuedChain(task.tid, eventFd) ?? this.#newChain(workload, task, object);
    const link = this.#linkOf(chain, object, task.tid);
    const header = readProgramHeader(eventFd);
    chain.add(link, header);
    const decision = this.#decideLink(workload, task, chain);
    const alert = this.#alertOf(workload, task, decision, () => alertOperation(decision, link, chain));
    if (decision.verdict === 'deny') {
      this.#holding.delete(chain);
      this.#chains.delete(task.tid);
      if (alert !== undefined) this.#deps.alert(alert);
      return false;
    }
    this.#hold(chain, alert);
    if (link.role === 'loader') workload.loaders.add(link.path);
    else this.#deps.prepareExec(task.tid, workload, link.path, this.#pending(workload, chain, object));
    return true;
  }

  // One exec is one operation: what passes is told when nothing more of it can be denied (semantics §5).
  #hold(chain: ExecChain, alert: GuardAlert | undefined): void {
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

  #pending(workload: GuardedWorkload, chain: ExecChain, object: FileObject): Omit<PendingExec, 'exe'> {
    return pendingExec(chain, this.#file.pathInFileSystem(workload.tree, object), workload.verifiesRequests);
  }

  #decideLink(workload: GuardedWorkload, task: Task, chain: ExecChain): Decision {
    const argv = chain.argv;
    if (argv === undefined && workload.verifiesRequests) {
      return this.#isDenied(workload, true) ? errorDecision('deny') : PASS;
    }
    return decideLink(
      workload.bound,
      {
        kind: 'exec',
        subject: task,
        requestedPath: chain.requestedPath,
        argv: argv ?? [],
        links: chain.links,
      },
      chain.links.length - 1,
    );
  }

  // Only the file that the program before asked for continues an exec; the kernel's copy is compared at the end.
  #continuedChain(tid: number, eventFd: number): ExecChain | undefined {
    const chain = this.#chains.get(tid);
    if (chain?.expected === undefined) return undefined;
    // The task may be gone and its number another's: with it went what it was about to execute.
    if (!this.#deps.isExecuting(tid)) return undefined;
    return isInTaskRoot(tid, chain.expected.path, eventFd) ? chain : undefined;
  }

  #newChain(workload: GuardedWorkload, task: Task, object: FileObject): ExecChain {
    const call = new BlockedCall(task.tid);
    const fileName = call.fileName ?? Buffer.from(object.path).toString('latin1');
    const requested = fileName === '' ? object.path : absolutePath(task.tid, call.dirFd, fromBytes(fileName));
    const argv = call.argv(ARGS_BYTES);
    const chain = new ExecChain(fileName, workload.resolver.resolveParent(requested) ?? requested, argv);
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
      isEnforced: decision.verdict === 'deny',
      process: describe(task),
      operation: operation(),
    };
  }
}

function accessOf(flags: number | undefined, isNew: boolean): readonly ('read' | 'write')[] {
  if (flags === undefined) return ['read', 'write'];
  const { O_ACCMODE, O_RDONLY, O_RDWR, O_TRUNC } = openFlags();
  const mode = flags & O_ACCMODE;
  const isWritten = mode !== O_RDONLY || (flags & O_TRUNC) !== 0 || isNew;
  const isRead = mode === O_RDONLY || mode === O_RDWR;
  if (isRead && isWritten) return ['read', 'write'];
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
