import { AT_FDCWD } from '@kubearmor/kernel';
import { decideLink, type Decision, type ExecLink, type FileObject } from '@kubearmor/policy';
import { BlockedCall } from './blocked-call.js';
import { ExecChain, fromBytes } from './exec-chain.js';
import type { ExecHash } from '../labels/exec-hash.js';
import type { FileJudge } from './file-judge.js';
import type { FileView, SeenFile } from './file-view.js';
import type { AlertOperation, GuardAlert } from '../guard-alert.js';
import type { GuardedWorkload } from '../guarded-workload.js';
import { HeldAlerts } from './held-alerts.js';
import { judgedAlert } from './judged-alert.js';
import { ARGS_BYTES, type PendingExec } from '../layout.js';
import { errorDecision } from './on-error.js';
import type { OverlaidFiles } from './overlaid-files.js';
import { pendingExec } from './pending-exec.js';
import { readProgramHeader, type ProgramHeader } from './program-header.js';
import { absolutePath, isInTaskRoot } from './requested-path.js';
import { isRefused, isSpared, strictest, type Judged } from './strictest.js';
import type { Task } from './task.js';

/** What the judge of execs needs of the world around it. */
export interface ExecJudgeDeps {
  readonly hash: ExecHash;
  readonly prepareExec: (
    tid: number,
    workloads: readonly GuardedWorkload[],
    path: string,
    exec: Omit<PendingExec, 'exe'>,
  ) => void;
  /** Whether an exec of a task was judged and has neither been carried out nor ended with the task. */
  readonly isExecuting: (tid: number) => boolean;
  readonly alert: (alert: GuardAlert) => void;
  /** So many alerts are held until it is known what becomes of their exec. */
  readonly held: (alerts: number) => void;
  readonly onError: 'deny' | 'allow';
  readonly wallNs: () => bigint;
}

/** The file of an event as a workload's rules see it. */
export interface SeenBy {
  readonly workload: GuardedWorkload;
  readonly seen: SeenFile;
}

/** One file of an exec as one workload's rules see it. */
interface LinkedBy {
  readonly workload: GuardedWorkload;
  readonly isAudited: boolean;
  readonly link: ExecLink;
}

/** What the kernel opens besides the program that was asked for. */
type CarrierRole = Exclude<ExecLink['role'], 'program'>;

const MAX_CHAINS = 4096;
/** What was let pass before this process answered is over after this. */
const TAKEOVER_MS = 10_000;

/** Judges execs: several events each, of which the files before count with the last. */
export class ExecJudge {
  readonly #deps: ExecJudgeDeps;
  readonly #file: FileView;
  readonly #files: FileJudge;
  readonly #overlaid: OverlaidFiles;
  readonly #chains = new Map<number, ExecChain>();
  readonly #held: HeldAlerts;
  #startedMs = -Infinity;

  constructor(deps: ExecJudgeDeps, file: FileView, files: FileJudge, overlaid: OverlaidFiles) {
    this.#deps = deps;
    this.#file = file;
    this.#files = files;
    this.#overlaid = overlaid;
    this.#held = new HeldAlerts(deps);
  }

  /** From here on this process answers: programs may be on their way that it was not asked about. */
  start(): void {
    this.#startedMs = performance.now();
  }

  /** Raises the alerts of execs that passed so far and did not go on: what they asked for was not there. */
  tellHeld(): void {
    this.#held.tellAll();
  }

  /** Whether an ordinary open is that of an executed file, which follows its exec event within the same call; once for each. */
  wasJudged(tid: number): boolean {
    const chain = this.#chains.get(tid);
    if (chain === undefined || chain.judgedFile !== this.#file.fileId) return false;
    chain.judgedFile = undefined;
    return true;
  }

  /** Judges the exec event of a file. */
  judge(views: readonly [SeenBy, ...SeenBy[]], task: Task, eventFd: number): boolean {
    const workloads = views.map(({ workload }) => workload);
    const [{ workload: own, seen }] = views;
    const header = readProgramHeader(eventFd);
    const chain =
      this.#continuedChain(task.tid, eventFd) ?? this.#newChain(own, task, seen.object, header, eventFd);
    const link = linkOf(chain, seen.object, task.tid);
    chain.add(link, header);
    chain.seen.push(seen);
    // One operation is judged by one rule set: where another is in force than for the files before, they count again.
    const isGoingOn = chain.isJudgedBy(workloads.map(({ ruleSetId }) => ruleSetId));
    const first = isGoingOn ? chain.links.length - 1 : 0;
    if (!isGoingOn) this.#held.drop(chain);
    const found = strictest(this.#decideChain(views, task, chain, first));
    if (found === undefined || isSpared(task, found.decision)) return true;
    const { by, decision } = found;
    const nowNs = this.#deps.wallNs();
    const alert = judgedAlert(by.workload, task, decision, nowNs, () =>
      alertOperation(decision, by.link, chain),
    );
    if (isRefused(found)) {
      this.#chains.delete(task.tid);
      if (alert !== undefined) this.#deps.alert(alert);
      this.#held.forget(chain);
      return false;
    }
    this.#held.hold(chain, alert);
    if (link.role === 'loader') for (const workload of workloads) workload.loaders.add(link.path);
    this.#prepare(workloads, task.tid, chain, first);
    this.#overlaid.note(workloads, this.#file);
    return true;
  }

  #decideChain(
    views: readonly SeenBy[],
    task: Task,
    chain: ExecChain,
    first: number,
  ): readonly Judged<LinkedBy>[] {
    const last = chain.links.length - 1;
    const decided: Judged<LinkedBy>[] = [];
    for (let index = first; index <= last; index++)
      for (const { workload, seen } of views) {
        const of = index === last ? seen : (chain.seen[index] ?? seen);
        const link = { ...(chain.links[index] ?? { role: 'program' }), ...of.object };
        const by = { workload, isAudited: workload.isAudited, link };
        decided.push({ by, decision: this.#decideLink(by, task, chain, index, of) });
      }
    return decided;
  }

  #decideLink(by: LinkedBy, task: Task, chain: ExecChain, index: number, seen: SeenFile): Decision {
    const { workload, link } = by;
    const argv = chain.argvOf(index);
    if (argv === undefined && workload.verifiesRequests && link.role !== 'loader')
      return errorDecision(workload, true, this.#deps.onError);
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

  #newChain(
    workload: GuardedWorkload,
    task: Task,
    object: FileObject,
    header: ProgramHeader,
    eventFd: number,
  ): ExecChain {
    const call = new BlockedCall(task.tid);
    const fileName = call.fileName ?? Buffer.from(object.path).toString('latin1');
    const requested = fileName === '' ? object.path : absolutePath(task.tid, call.dirFd, fromBytes(fileName));
    const kernelName = call.kernelName ?? fileName;
    const requestedPath = workload.resolver.resolveParent(requested) ?? requested;
    const chain = this.#isBegunElsewhere(task.tid, call, eventFd)
      ? ExecChain.goingOn(kernelName, requestedPath, roleOf(workload, header, object.path), object.path)
      : new ExecChain(kernelName, requestedPath, call.argv(ARGS_BYTES));
    if (this.#chains.size >= MAX_CHAINS) this.#forget(this.#chains.keys().next().value ?? 0);
    this.#forget(task.tid);
    this.#chains.set(task.tid, chain);
    return chain;
  }

  // Another answerer judged the program, or the stand-in let it pass, and this is what carries it out: not the file that
  // was asked for.
  #isBegunElsewhere(tid: number, call: BlockedCall, eventFd: number): boolean {
    const { fileName, dirFd } = call;
    if (fileName === undefined || fileName === '' || this.#chains.has(tid)) return false;
    const mayBeLetPass = performance.now() - this.#startedMs < TAKEOVER_MS;
    if (!mayBeLetPass && !this.#deps.isExecuting(tid)) return false;
    return !isInTaskRoot(tid, fromBytes(fileName), eventFd, dirFd);
  }

  #forget(tid: number): void {
    const chain = this.#chains.get(tid);
    if (chain !== undefined) this.#held.tell(chain);
    this.#chains.delete(tid);
  }

  // What the kernel will run and compare: the last link that is no loader, where it is among those that were just judged.
  #prepare(workloads: readonly GuardedWorkload[], tid: number, chain: ExecChain, first: number): void {
    const index = chain.links.findLastIndex(({ role }) => role !== 'loader');
    const link = chain.links[index];
    const seen = chain.seen[index];
    if (index < first || link === undefined || seen === undefined) return;
    const isVerified = workloads.some((workload) => workload.verifiesRequests);
    const pending = pendingExec(this.#deps.hash, chain, seen.inFileSystem, isVerified);
    this.#deps.prepareExec(tid, workloads, link.path, pending);
  }
}

function linkOf(chain: ExecChain, object: FileObject, tid: number): ExecLink {
  const { expected } = chain;
  if (expected === undefined) return { ...object, role: 'program' };
  if (expected.role === 'loader') return { ...object, role: 'loader' };
  return { ...object, role: 'interpreter', requestedPath: absolutePath(tid, AT_FDCWD, expected.path) };
}

// What needs no loader and is known as one is loaded; anything else executes in the place of a script.
function roleOf(workload: GuardedWorkload, header: ProgramHeader, path: string): CarrierRole {
  const isLoader = header.kind === 'elf' && header.loader === undefined && workload.loaders.has(path);
  return isLoader ? 'loader' : 'interpreter';
}

// An exec also opens its files: a rule about files that stops it is told as one about a file.
function alertOperation(decision: Decision, link: ExecLink, chain: ExecChain): AlertOperation {
  const rule = decision.alert?.rule ?? '';
  if (rule.includes('#file.')) return { kind: 'file', path: link.path, syscall: 'execve' };
  return { kind: 'process', path: link.path, argv: chain.argv?.slice(1) ?? [], syscall: 'execve' };
}
