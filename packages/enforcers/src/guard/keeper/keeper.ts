import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { close, openFanotify } from '@kubearmor/kernel';
import { EnforcerError } from '../../errors.js';
import { AlertCounts } from '../journal/alert-counts.js';
import type { AnswererProcess, Work } from './answerer-process.js';
import { Answerers } from './answerers.js';
import type { GuardMaps } from '../guard-maps.js';
import { MachineTasks } from './machine-tasks.js';
import { GuardPrograms } from '../guard-programs.js';
import { GuardState } from '../guard-state.js';
import { HeldWorkloads } from './held-workloads.js';
import { Gap } from './gap.js';
import type { KeeperCounts, Pong } from './keeper-messages.js';
import type { KeeperOptions } from './keeper-options.js';
import { encodeU32 } from '../layout.js';
import type { GuardCounts, WorkloadOrder, WorkloadReadBack } from '../messages.js';
import { Orphans } from './orphans.js';
import { endProcess, identify, runsCommand, type ProcessIdentity } from '../process-identity.js';
import { Silence } from './silence.js';
import { StandInWorker } from './stand-in-worker.js';

const LOOK_MS = 100;
/** How long an answerer may be silent. */
const SILENCE_MS = 1000;
/** How long one may be silent that does not answer yet: it is learning the rules. */
const START_SILENCE_MS = 60_000;
const MAX_PAUSE_MS = 5000;
const SPARE_MS = 1000;

/**
 * Holds the fanotify group, so that the kernel waits for an answer instead of allowing; watches the answerer, and
 * replaces it when it dies or is silent for a second. At every moment exactly one process reads the group: the
 * answerer, the answerer of a keeper before this one, or the stand-in.
 */
export class Keeper {
  /** The machine's own tasks. */
  readonly tasks: MachineTasks;
  readonly #options: KeeperOptions;
  readonly #state: GuardState;
  readonly #programs: GuardPrograms;
  readonly #maps: GuardMaps;
  readonly #group: number;
  readonly #standIn: StandInWorker;
  readonly #alertCounts: AlertCounts;
  readonly #held = new HeldWorkloads();
  readonly #log: number;
  readonly #answerers: Answerers;
  readonly #gap: Gap;
  readonly #orphans: Orphans;
  #answerer: AnswererProcess | undefined;
  #isAnswering = false;
  #beginning: Promise<void> | undefined;
  #replacing: Promise<void> | undefined;
  #watch: NodeJS.Timeout | undefined;
  #silence: Silence;
  #patienceMs = START_SILENCE_MS;
  #replacements = 0;
  #hasSettled = false;
  #isStopping = false;

  private constructor(options: KeeperOptions, state: GuardState) {
    this.#options = options;
    this.#state = state;
    const former = state.read();
    this.#orphans = new Orphans(former?.answerers ?? [], this.#newSilence());
    const gapSinceMs = former === undefined || this.#orphans.areLeft ? undefined : state.answeredAtMs;
    this.#programs = new GuardPrograms(options);
    this.#maps = this.#programs.ensure();
    this.tasks = new MachineTasks(this.#maps);
    // Before anything of the machine's own is watched: answerers inherit it.
    this.tasks.own(process.pid);
    this.#group = this.#orphans.group ?? openFanotify();
    this.#alertCounts = AlertCounts.open(this.#maps.alert_counts);
    this.#gap = new Gap({ ...options, counts: this.#alertCounts }, gapSinceMs);
    this.#log = openSync(options.logFile, 'a', 0o600);
    this.#silence = this.#newSilence();
    this.#standIn = this.#createStandIn();
    this.#answerers = this.#createAnswerers();
  }

  /** Takes over from a keeper that is silent: it is ended first, its answerer goes on. */
  static async open(options: KeeperOptions): Promise<Keeper> {
    const state = new GuardState(options.stateFile);
    const former = state.read();
    if (former !== undefined) {
      if (former.keeper.pid !== process.pid && runsCommand(former.keeper, 'keeper'))
        await endProcess(former.keeper);
      for (const idle of former.idle) if (runsCommand(idle, 'answerer')) await endProcess(idle);
    }
    return new Keeper(options, state);
  }

  /** Starts an answerer and the watch over it. */
  async start(): Promise<void> {
    this.#writeState();
    this.#watch = setInterval(() => {
      this.#look();
    }, LOOK_MS);
    await this.#startAnswerer();
  }

  /** Who is who. */
  ping(): Pong {
    return {
      pid: process.pid,
      answerer: (this.#isAnswering ? this.#answerer?.identity : this.#orphans.identities[0])?.pid ?? 0,
      replacements: this.#replacements,
      ...(this.#answerers.isPrepared ? { spare: this.#answerers.spare?.pid ?? 0 } : {}),
    };
  }

  /** What is held of every workload. */
  held(): readonly WorkloadOrder[] {
    return this.#held.orders();
  }

  /** Takes a workload in, or gives it a new rule set; resolves once every operation is judged by it. */
  async put(given: WorkloadOrder, tid: number | undefined): Promise<WorkloadReadBack> {
    const isBack = !this.#held.has(given.id) && this.#isKnownToKernel(given.id);
    const readBack = await this.#retrying(() => this.#putOnce(given, tid));
    if (isBack) this.#gap.tell(given.id);
    return readBack;
  }

  /** Everything that is to be guarded has been put: the answerer of a keeper before this one can go. */
  async settle(): Promise<void> {
    await this.#retrying(async () => {
      if (!this.#isAnswering) await this.#begin();
      await this.#order({ kind: 'settle' });
    });
    this.#hasSettled = true;
    this.#gap.end();
  }

  /** Lets a workload go; held until an answerer, be it a replacement, has told what the ring still has of it. */
  async remove(id: number): Promise<void> {
    await this.#retrying(() => this.#order({ kind: 'remove', id }));
    this.#held.remove(id);
    this.#standIn.setDenials(id, undefined);
    this.#observeIfNeeded();
  }

  /** Counters and what the kernel has of every workload. */
  async count(): Promise<KeeperCounts> {
    const result = await this.#retrying(() => this.#order({ kind: 'count' }));
    if (result === undefined || !('judged' in result)) throw invalid('count');
    return {
      ...result,
      ...this.#alertCounts.counts,
      replacements: this.#replacements,
      unjudged: this.#standIn.unjudged,
      ...this.#gap.counts,
    };
  }

  /** Ends enforcement: what waits passes, and no pin stays. */
  async release(): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#watch);
    this.#standIn.stop();
    this.#standIn.unwatch();
    this.#programs.release();
    this.#answerer?.kill();
    await this.#answerers.close();
    await this.#answerer?.ended;
    await this.#orphans.dismiss(this.#standIn);
    await this.#standIn.close();
    this.#state.remove();
    close(this.#group);
    closeSync(this.#log);
  }

  async #putOnce(given: WorkloadOrder, tid: number | undefined): Promise<WorkloadReadBack> {
    const { order, undo } = this.#held.put(given);
    this.#standIn.setDenials(given.id, given.denials);
    this.#observeIfNeeded();
    try {
      const result = await this.#order({
        kind: 'put',
        workload: order,
        ...(tid === undefined ? {} : { tid }),
      });
      if (result === undefined || 'judged' in result) throw invalid('put');
      return result;
    } catch (thrown) {
      // A rule set that ended the answerer must not end the next one.
      undo();
      this.#standIn.setDenials(given.id, this.#held.denialsOf(given.id));
      throw thrown;
    }
  }

  async #order(work: Work): Promise<GuardCounts | WorkloadReadBack | undefined> {
    if (this.#answerer === undefined) {
      throw new EnforcerError('GUARD_SILENT', 'answerer: expected one, none is running');
    }
    return this.#answerer.order(work);
  }

  // Once more with the next answerer: the death of one is no fault of the order.
  async #retrying<T>(work: () => Promise<T>): Promise<T> {
    try {
      await this.#replacing;
      return await work();
    } catch (thrown) {
      if (!(thrown instanceof EnforcerError) || thrown.code !== 'GUARD_SILENT' || this.#isStopping)
        throw thrown;
      await this.#replacing;
      return work();
    }
  }

  async #startAnswerer(): Promise<void> {
    // One that was prepared is expected to be quick.
    this.#patienceMs = this.#answerers.isPrepared ? SILENCE_MS : START_SILENCE_MS;
    const answerer = this.#answerers.take();
    this.#answerer = answerer;
    this.#silence = this.#newSilence();
    this.#writeState();
    await answerer.ready;
    for (const workload of this.#held.orders()) {
      await answerer.order({ kind: 'put', workload }).catch((thrown: unknown) => {
        this.#putFailed(workload, thrown);
      });
    }
    if (!this.#orphans.areLeft) await this.#begin();
    if (this.#hasSettled) await answerer.order({ kind: 'settle' });
    this.#prepareSpare();
  }

  // Not at once: what is needed now comes first.
  #prepareSpare(): void {
    setTimeout(() => {
      if (this.#isAnswering && !this.#isStopping) this.#answerers.prepare();
    }, SPARE_MS);
  }

  // One that cannot be guarded must not leave the others unguarded: its own operations are answered by onError.
  #putFailed(workload: WorkloadOrder, thrown: unknown): void {
    if (thrown instanceof EnforcerError && thrown.code === 'GUARD_SILENT') throw thrown;
    this.#options.logger.error({ workload: workload.id, err: thrown }, 'workload is not guarded');
  }

  async #begin(): Promise<void> {
    while (this.#beginning !== undefined) await this.#beginning.catch(() => undefined);
    if (!this.#isAnswering) await this.#exclusively(this.#beginOnce());
  }

  async #exclusively(beginning: Promise<void>): Promise<void> {
    await (this.#beginning = beginning.finally(() => {
      this.#beginning = undefined;
    }));
  }

  async #beginOnce(): Promise<void> {
    if (this.#answerer === undefined || this.#isAnswering) return;
    const answerer = this.#answerer;
    this.#writeState([...this.#orphans.identities, answerer.identity]);
    await this.#orphans.dismiss(this.#standIn);
    if (this.#answerer !== answerer) this.#standIn.start();
    else this.#standIn.stop();
    // Until this is carried out nobody answers: nothing of ours may open a file.
    await answerer.order({ kind: 'start' });
    this.#isAnswering = true;
    this.#writeState();
    this.#standIn.watch(answerer.identity.pid, answerer.shared);
    this.#patienceMs = SILENCE_MS;
    this.#silence = this.#newSilence();
  }

  #look(): void {
    const nowMs = this.#options.nowMs();
    this.#lookAtOrphans(nowMs);
    this.#answerers.look(nowMs);
    if (this.#isAnswering || this.#standIn.isActive || this.#orphans.areLeft) this.#state.touch(nowMs);
    if (this.#answerer === undefined) return;
    const silentMs = this.#silence.look(this.#answerer.shared.heartbeat, nowMs);
    if (silentMs < this.#patienceMs) return;
    this.#options.logger.error({ pid: this.#answerer.identity.pid, silentMs }, 'answerer is silent');
    this.#answerer.kill();
  }

  // What is left of a former guard can fail before ours knows the rules: then ours must do with what it knows.
  #lookAtOrphans(nowMs: number): void {
    if (!this.#orphans.areLeft || this.#beginning !== undefined) return;
    const silentMs = this.#orphans.silentMs(nowMs);
    if (silentMs < SILENCE_MS) return;
    this.#options.logger.error({ silentMs }, 'former answerer has failed');
    this.#exclusively(this.#replaceOrphans()).catch((thrown: unknown) => {
      // The stand-in answers until a replacement does.
      this.#options.logger.error({ err: thrown }, 'new answerer could not take over');
      this.#answerer?.kill();
    });
  }

  async #replaceOrphans(): Promise<void> {
    await this.#orphans.dismiss(this.#standIn);
    this.#standIn.start();
    if (this.#answerer?.isReady === true) await this.#beginOnce();
  }

  #exited(gone: AnswererProcess): void {
    if (this.#isStopping || gone !== this.#answerer) return;
    this.#answerer = undefined;
    this.#isAnswering = false;
    this.#standIn.unwatch();
    if (!this.#orphans.areLeft) {
      this.#standIn.finish(gone.shared);
      this.#standIn.start();
    }
    gone.shared.close();
    this.#replacing ??= this.#replace(gone).finally(() => {
      this.#replacing = undefined;
    });
  }

  async #replace(gone: AnswererProcess): Promise<void> {
    const { logger } = this.#options;
    logger.error({ pid: gone.identity.pid }, 'answerer has ended, replacing it');
    for (let pauseMs = 0; !this.#isStopping; pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2 + 100)) {
      this.#replacements++;
      await sleep(pauseMs);
      try {
        await this.#startAnswerer();
        logger.info(
          { pid: this.#answerer?.identity.pid, replacements: this.#replacements },
          'answerer replaced',
        );
        return;
      } catch (thrown) {
        logger.error({ err: thrown }, 'new answerer did not start');
        const failed = this.#answerer;
        failed?.kill();
        await failed?.ended;
      }
    }
  }

  #createAnswerers(): Answerers {
    return new Answerers({
      command: this.#options.answererCommand,
      group: this.#group,
      log: this.#log,
      logger: this.#options.logger,
      createSilence: () => this.#newSilence(),
      onExit: (gone) => {
        this.#exited(gone);
      },
      onSpare: () => {
        this.#writeState();
        this.#prepareSpare();
      },
    });
  }

  #createStandIn(): StandInWorker {
    return new StandInWorker({
      ...this.#options,
      group: this.#group,
      pins: this.#programs.directory,
      // Later than the keeper itself, which knows how patient to be.
      silenceMs: 1.5 * SILENCE_MS,
      onFault: (message) => {
        this.#options.logger.error({ fault: message }, 'stand-in fault');
      },
    });
  }

  #newSilence(): Silence {
    return new Silence({ maxStepMs: 1.5 * LOOK_MS, nowMs: this.#options.nowMs() });
  }

  #writeState(answerers: readonly ProcessIdentity[] = this.#answering()): void {
    if (this.#isStopping) return;
    const keeper = identify(process.pid) ?? { pid: process.pid, startTime: '' };
    const holders = [this.#answerer?.identity, this.#answerers.spare].filter((each) => each !== undefined);
    const idle = holders.filter(({ pid }) => answerers.every((answerer) => answerer.pid !== pid));
    const isGap = answerers.length === 0 && !this.#standIn.isActive;
    const nowMs = this.#options.nowMs();
    this.#state.write({ keeper, answerers, idle }, isGap ? (this.#gap.sinceMs ?? nowMs) : nowMs);
  }

  #answering(): readonly ProcessIdentity[] {
    if (!this.#isAnswering || this.#answerer === undefined) return this.#orphans.identities;
    return [this.#answerer.identity];
  }

  #isKnownToKernel(workload: number): boolean {
    return this.#maps.workloads.lookup(encodeU32(workload), new Uint8Array(this.#maps.workloads.valueBytes));
  }

  #observeIfNeeded(): void {
    this.#programs.observe(this.#held.needObservation);
  }
}

function invalid(order: string): EnforcerError {
  return new EnforcerError('GUARD_MESSAGE_INVALID', `answer to ${order}: expected another kind of result`);
}
