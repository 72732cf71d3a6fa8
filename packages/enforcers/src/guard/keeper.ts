import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { close, memfdCreate, open, openFanotify, openFlags, pidfdGetfd, pidfdOpen } from '@kubearmor/kernel';
import { writeFileAtomic, type Logger } from '@kubearmor/service';
import { z } from 'zod';
import { EnforcerError } from '../errors.js';
import { AnswererProcess } from './answerer-process.js';
import { ANSWERER_FDS } from './answerer.js';
import type { GuardAlert } from './guard-alert.js';
import type { GuardMaps } from './guard-maps.js';
import { GuardPrograms, type GuardProgramsOptions } from './guard-programs.js';
import type { GuardCounts, WorkloadOrder, WorkloadReadBack } from './messages.js';
import { needsObservation } from './observation.js';
import { SHARED_BYTES, SharedBatch } from './shared-batch.js';
import { StandIn } from './stand-in.js';

/** How a keeper is run. */
export interface KeeperOptions extends GuardProgramsOptions {
  readonly onError: 'deny' | 'allow';
  /** A file that says who answers, for the next keeper. */
  readonly stateFile: string;
  readonly logFile: string;
  /** How to start an answerer. */
  readonly answererCommand: readonly [string, ...string[]];
  readonly logger: Logger;
  readonly onAlert: (alert: GuardAlert) => void;
}

const HEARTBEAT_MS = 200;
/** How long an answerer may be silent. */
const SILENCE_MS = 1000;

const stateSchema = z.object({ answerer: z.number().int().positive() });

interface Held {
  readonly order: WorkloadOrder;
  readonly rootFd: number;
}

/**
 * Holds the fanotify descriptor, so that the kernel waits for an answer instead of allowing; watches the answerer,
 * and replaces it when it dies or is silent for a second.
 */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #programs: GuardPrograms;
  readonly #maps: GuardMaps;
  readonly #group: number;
  readonly #sharedFd: number;
  readonly #shared: SharedBatch;
  readonly #standIn: StandIn;
  readonly #held = new Map<number, Held>();
  readonly #log: number;
  #orphan: number | undefined;
  #answerer: AnswererProcess | undefined;
  #watch: NodeJS.Timeout | undefined;
  #heartbeat = 0;
  #heardAtMs = 0;
  #replacements = 0;
  #isStopping = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#programs = new GuardPrograms(options);
    this.#maps = this.#programs.ensure();
    this.#orphan = findOrphan(options.stateFile);
    this.#group =
      this.#orphan === undefined ? openFanotify() : takeDescriptor(this.#orphan, ANSWERER_FDS.group);
    this.#sharedFd = memfdCreate('kubearmor-guard', SHARED_BYTES);
    this.#shared = new SharedBatch(this.#sharedFd);
    this.#log = openSync(options.logFile, 'a', 0o600);
    this.#standIn = new StandIn({
      group: this.#group,
      labels: this.#maps.labels,
      denialsOf: (id) => this.#held.get(id)?.order.denials,
      onError: options.onError,
      answered: (workload, tid, isExec, isAllowed) => {
        this.#answeredUnjudged(workload, tid, isExec, isAllowed);
      },
    });
  }

  /** Starts the answerer and the watch over it. */
  async start(): Promise<void> {
    await this.#startAnswerer();
    this.#watch = setInterval(() => {
      this.#look();
    }, HEARTBEAT_MS);
  }

  /** How often the answerer was replaced. */
  get replacements(): number {
    return this.#replacements;
  }

  get answererPid(): number {
    return this.#answerer?.pid ?? 0;
  }

  /** What is held of every workload. */
  held(): readonly WorkloadOrder[] {
    return [...this.#held.values()].map((held) => held.order);
  }

  /** Takes a workload in, or gives it a new rule set; resolves once every operation is judged by it. */
  async put(given: WorkloadOrder, tid: number | undefined): Promise<WorkloadReadBack> {
    const held = this.#held.get(given.id);
    const rootFd = held?.rootFd ?? openRoot(given.root);
    const order = { ...given, root: `/proc/${process.pid}/fd/${rootFd}` };
    this.#held.set(given.id, { order, rootFd });
    this.#observeIfNeeded();
    try {
      const result = await this.#current().order({
        kind: 'put',
        workload: order,
        ...(tid === undefined ? {} : { tid }),
      });
      if (result === undefined || 'judged' in result) throw invalid('put');
      return result;
    } catch (thrown) {
      if (held === undefined) this.#held.delete(given.id);
      else this.#held.set(given.id, held);
      throw thrown;
    }
  }

  /** Lets a workload go. */
  async remove(id: number): Promise<void> {
    const held = this.#held.get(id);
    if (held === undefined) return;
    this.#held.delete(id);
    await this.#current().order({ kind: 'remove', id });
    close(held.rootFd);
    this.#observeIfNeeded();
  }

  /** Counters and what the kernel has of every workload. */
  async count(): Promise<GuardCounts> {
    const result = await this.#current().order({ kind: 'count' });
    if (result === undefined || !('judged' in result)) throw invalid('count');
    return result;
  }

  /** Ends enforcement: what waits passes, and no pin stays. */
  release(): void {
    this.#isStopping = true;
    clearInterval(this.#watch);
    this.#standIn.stop();
    this.#answerer?.kill();
    this.#programs.release();
    rmSync(this.#options.stateFile, { force: true });
    close(this.#group);
    closeSync(this.#log);
  }

  #current(): AnswererProcess {
    if (this.#answerer === undefined)
      throw new EnforcerError('GUARD_SILENT', 'answerer: expected one, none is running');
    return this.#answerer;
  }

  async #startAnswerer(): Promise<void> {
    const { options } = { options: this.#options };
    const answerer = new AnswererProcess({
      command: options.answererCommand,
      group: this.#group,
      shared: this.#sharedFd,
      log: this.#log,
      onAlert: options.onAlert,
      onFault: (message) => {
        options.logger.error({ fault: message }, 'answerer fault');
      },
      onExit: () => {
        void this.#replace(answerer);
      },
    });
    this.#answerer = answerer;
    this.#heardAtMs = Date.now();
    await answerer.ready;
    for (const { order } of this.#held.values()) await answerer.order({ kind: 'put', workload: order });
    await answerer.order({ kind: 'start' });
    this.#standIn.stop();
    this.#heardAtMs = Date.now();
    await writeFileAtomic(options.stateFile, JSON.stringify({ answerer: answerer.pid }), { mode: 0o600 });
    this.#dismissOrphan();
  }

  // The answerer of a keeper that is gone went on by the rules it had; it leaves once ours knows them.
  #dismissOrphan(): void {
    const orphan = this.#orphan;
    this.#orphan = undefined;
    if (orphan === undefined) return;
    try {
      process.kill(orphan, 'SIGTERM');
    } catch {
      this.#options.logger.info({ pid: orphan }, 'former answerer has ended already');
    }
  }

  #look(): void {
    const heartbeat = this.#shared.heartbeat;
    const nowMs = Date.now();
    if (heartbeat !== this.#heartbeat) {
      this.#heartbeat = heartbeat;
      this.#heardAtMs = nowMs;
    } else if (nowMs - this.#heardAtMs >= SILENCE_MS) {
      this.#options.logger.error(
        { pid: this.answererPid, silentMs: nowMs - this.#heardAtMs },
        'answerer is silent',
      );
      this.#heardAtMs = nowMs;
      this.#answerer?.kill();
    }
  }

  async #replace(gone: AnswererProcess): Promise<void> {
    if (this.#isStopping || gone !== this.#answerer) return;
    this.#replacements++;
    this.#standIn.start(this.#shared);
    this.#options.logger.error(
      { pid: gone.pid, replacements: this.#replacements },
      'answerer has ended, replacing it',
    );
    try {
      await this.#startAnswerer();
      this.#options.logger.info({ pid: this.answererPid }, 'answerer replaced');
    } catch (thrown) {
      // Its own exit brings the next try; until then the stand-in answers.
      this.#options.logger.error({ err: thrown }, 'new answerer did not start');
      this.#answerer?.kill();
    }
  }

  #observeIfNeeded(): void {
    const isWanted = [...this.#held.values()].some((held) => needsObservation(held.order.ruleSet));
    this.#programs.observe(isWanted);
  }

  #answeredUnjudged(workload: number, tid: number, isExec: boolean, isAllowed: boolean): void {
    this.#options.onAlert({
      workload,
      timeNs: String(BigInt(Date.now()) * 1_000_000n),
      isEnforced: !isAllowed,
      decision: {
        verdict: isAllowed ? 'pass' : 'deny',
        alert: {
          policyName: 'DefaultPosture',
          rule: 'onError',
          action: isAllowed ? 'Audit' : 'Block',
          severity: 0,
          tags: [],
          message: 'no answerer was running',
        },
      },
      process: {
        hostPid: tid,
        hostParentPid: 0,
        pid: tid,
        uid: 0,
        exe: '',
        parentExe: '',
        commandLine: '',
        cwd: '',
        tty: '',
      },
      operation: isExec
        ? { kind: 'process', path: '', argv: [], syscall: 'execve' }
        : { kind: 'file', path: '', syscall: 'open' },
    });
  }
}

function findOrphan(stateFile: string): number | undefined {
  if (!existsSync(stateFile)) return undefined;
  const state = stateSchema.safeParse(JSON.parse(readFileSync(stateFile, 'utf8')));
  const pid = state.data?.answerer;
  return pid !== undefined && isAnswerer(pid) ? pid : undefined;
}

function isAnswerer(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes('answerer');
  } catch {
    return false;
  }
}

function takeDescriptor(pid: number, fd: number): number {
  const pidfd = pidfdOpen(pid);
  if (pidfd < 0)
    throw new EnforcerError('GUARD_SILENT', `answerer ${pid}: expected it to run, got errno ${-pidfd}`);
  try {
    return pidfdGetfd(pidfd, fd);
  } finally {
    close(pidfd);
  }
}

function openRoot(path: string): number {
  const { O_PATH, O_CLOEXEC, O_DIRECTORY } = openFlags();
  const fd = open(path, O_PATH | O_CLOEXEC | O_DIRECTORY);
  if (fd < 0)
    throw new EnforcerError('WORKLOAD_GONE', `root ${path}: expected a directory, got errno ${-fd}`);
  return fd;
}

function invalid(order: string): EnforcerError {
  return new EnforcerError('GUARD_MESSAGE_INVALID', `answer to ${order}: expected another kind of result`);
}
