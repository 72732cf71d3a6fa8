import { open, openFlags, parseMountinfo, readMountinfo, type MountEntry } from '@kubearmor/kernel';
import { bind, type BoundRuleSet } from '@kubearmor/policy';
import { EnforcerError } from '../../errors.js';
import type { ExecutableIds } from '../labels/executable-ids.js';
import type { GuardMaps } from '../guard-maps.js';
import type { Denials, GuardedWorkload } from '../guarded-workload.js';
import { encodeU32, encodeWorkload, LABEL, LabelView, ON_ERROR } from '../layout.js';
import type { WorkloadOrder, WorkloadReadBack } from '../messages.js';
import { labelsIn, pendingExecutables } from '../labels/labels.js';
import { knownLoaders } from '../roots/known-loaders.js';
import { LinkedNames } from '../roots/linked-names.js';
import { needsObservation } from '../observe/observation.js';
import { Profiles } from '../sockets/profiles.js';
import type { RootMarks } from '../roots/root-marks.js';
import { DecisionTable } from '../sockets/socket-profile.js';
import { watchesFiles } from '../judge/watches-files.js';
import { isUnit, sharesHostRoot, WORKLOAD } from '../workload-number.js';
import type { FileView } from '../judge/file-view.js';
import type { WorkloadMounts } from '../roots/workload-mounts.js';
import { WorkloadRoot, type WorkloadRootOptions } from '../roots/workload-root.js';

/** The workloads that the guard judges, each swapped to a new rule set in one step. */
export class WorkloadStore {
  readonly #maps: GuardMaps;
  readonly #marks: RootMarks;
  readonly #ids: ExecutableIds;
  readonly #profiles: Profiles;
  readonly #workloads = new Map<number, GuardedWorkload>();
  readonly #unwatched = new Map<number, readonly string[]>();
  /** Workloads whose rules could not be taken in. */
  readonly #failed = new Set<number>();
  #machine: WorkloadRoot | undefined;
  readonly #label = new LabelView();
  readonly #rootOptions: WorkloadRootOptions;
  #nextRuleSetId: number | undefined;

  /** `onStep` is called now and then while a workload takes long to be taken in. */
  constructor(maps: GuardMaps, marks: RootMarks, ids: ExecutableIds, onStep: () => void) {
    this.#maps = maps;
    this.#rootOptions = { nowMs: Date.now, onStep };
    this.#marks = marks;
    this.#ids = ids;
    this.#profiles = new Profiles(maps.profiles, ids);
  }

  get(id: number): GuardedWorkload | undefined {
    return this.#workloads.get(id);
  }

  /**
   * The workloads whose rules a task of workload `id` is under, its own first: a unit is judged by the host's rules as
   * well (semantics §6). Undefined where there are rules that this process could not take in.
   */
  judging(id: number): readonly GuardedWorkload[] | undefined {
    const own = this.#workloads.get(id);
    if (own === undefined && (this.#failed.has(id) || !sharesHostRoot(id))) {
      return id === WORKLOAD.container ? [] : undefined;
    }
    const host = isUnit(id) ? this.#workloads.get(WORKLOAD.host) : undefined;
    return [own, host].filter((each) => each !== undefined);
  }

  /**
   * The workloads whose rules may be about a file, whoever opens it: those in whose root its file system is. Undefined
   * where that is nobody's, or where there are rules that this process could not take in.
   */
  concerned(file: FileView): readonly GuardedWorkload[] | undefined {
    const found =
      this.#having((mounts) => mounts.hasMount(file.mountId) || mounts.hasDevice(file.device)) ??
      this.#having((mounts) => mounts.hasDevice(file.mountedDevice));
    const isUnknown =
      found?.some(({ id }) => sharesHostRoot(id)) === true && [...this.#failed].some(sharesHostRoot);
    return isUnknown ? undefined : found;
  }

  #having(has: (mounts: WorkloadMounts) => boolean): readonly GuardedWorkload[] | undefined {
    const hasMachine = this.#machine !== undefined && has(this.#machine.mounts);
    const found = [...this.#workloads.values()].filter(({ id, mounts }) =>
      sharesHostRoot(id) ? hasMachine : has(mounts),
    );
    return found.length === 0 ? undefined : found;
  }

  /** Takes a workload in, or gives one that is known a new rule set; from its return on, only that is asked. */
  put(order: WorkloadOrder, onError: 'deny' | 'allow'): WorkloadReadBack {
    try {
      this.#put(order, onError);
      this.#failed.delete(order.id);
    } catch (thrown) {
      if (!this.#workloads.has(order.id)) this.#failed.add(order.id);
      throw thrown;
    }
    return this.readBack(order.id);
  }

  #put(order: WorkloadOrder, onError: 'deny' | 'allow'): void {
    const previous = this.#workloads.get(order.id);
    const mounts = parseMountinfo(order.mountinfo);
    const root = this.#rootFor(order, mounts, previous).share();
    this.#rootOptions.onStep();
    try {
      this.#swap(order, mounts, root, previous, onError);
    } catch (thrown) {
      this.#release(root);
      throw thrown;
    }
    if (sharesHostRoot(order.id) && !this.#needsMachine()) this.#marks.dropShared('', readMountinfo(1));
    this.#marks.forgetIgnored();
    if (previous === undefined) return;
    this.#profiles.remove(previous.ruleSetId);
    this.#release(previous.root);
  }

  #swap(
    order: WorkloadOrder,
    mounts: readonly MountEntry[],
    root: WorkloadRoot,
    previous: GuardedWorkload | undefined,
    onError: 'deny' | 'allow',
  ): void {
    const { onStep } = this.#rootOptions;
    const bound = bind(order.ruleSet, root.resolver(), previous?.bound);
    onStep();
    const workload = this.#create(order, root, bound, previous);
    onStep();
    this.#profiles.create(workload, this.#running(order.id));
    onStep();
    this.#watch(order, mounts, root, previous);
    onStep();
    this.#workloads.set(order.id, workload);
    this.#maps.workloads.update(
      encodeU32(order.id),
      encodeWorkload({
        ruleSet: workload.ruleSetId,
        isObserved: needsObservation(bound.ruleSet),
        deniedOnError: onError === 'deny' ? errorBits(order.denials) : 0,
        seesExecs: !sharesHostRoot(order.id) || watchesFiles(bound.ruleSet),
      }),
    );
  }

  /** Gives a task to a workload; what it starts from then on belongs to the workload too. */
  label(workload: number, tid: number): void {
    if (this.#maps.labels.lookup(encodeU32(tid), this.#label.bytes)) {
      // One that is found again knows more already: what it runs.
      if (this.#label.workload === workload) return;
      if (!sharesHostRoot(this.#label.workload)) {
        throw new EnforcerError(
          'WORKLOAD_OUTWARD',
          `task ${tid}: expected one of the machine's own or of a unit, got one of workload ${this.#label.workload}, which it stays`,
        );
      }
    }
    this.#maps.labels.update(encodeU32(tid), this.#label.set({ workload, exe: 0n, parentExe: 0n }));
  }

  /** Lets a workload go. */
  remove(id: number): void {
    this.#failed.delete(id);
    const workload = this.#workloads.get(id);
    if (workload === undefined) return;
    this.#maps.workloads.delete(encodeU32(id));
    this.#workloads.delete(id);
    this.#unwatched.delete(id);
    this.#profiles.remove(workload.ruleSetId);
    if (sharesHostRoot(id) && !this.#needsMachine()) this.#marks.dropShared('', readMountinfo(1));
    this.#marks.forgetIgnored();
    this.#release(workload.root);
  }

  /** Makes the kernel's map name the profiles an executable needs before it runs. */
  prepare(workloads: readonly GuardedWorkload[], path: string): bigint {
    const exe = this.#ids.idOf(path);
    for (const workload of workloads) this.#profiles.add(workload, exe);
    return exe;
  }

  /** Removes what an answerer before this one left: workloads that are no more, and rule sets that none has. */
  removeForeign(): void {
    for (const [key] of [...this.#maps.workloads.entries()]) {
      const id = new DataView(key.buffer, key.byteOffset).getUint32(0, true);
      if (!this.#workloads.has(id)) this.#maps.workloads.delete(key);
    }
    if (!this.#needsMachine()) this.#marks.dropShared('', readMountinfo(1));
    const inForce = new Set([...this.#workloads.values()].map((workload) => workload.ruleSetId));
    this.#profiles.removeForeign(inForce);
  }

  /** What the kernel has of a workload at this moment. */
  readBack(id: number): WorkloadReadBack {
    const workload = this.#workloads.get(id);
    const value = new Uint8Array(16);
    const isThere = this.#maps.workloads.lookup(encodeU32(id), value);
    if (workload === undefined || !isThere) {
      throw new EnforcerError('WORKLOAD_UNKNOWN', `workload ${id}: expected one that is guarded, got none`);
    }
    const ruleSetId = new DataView(value.buffer).getUint32(0, true);
    const { hash } = workload.bound.ruleSet;
    const unwatched = this.#unwatched.get(id) ?? [];
    return { id, hash, ruleSetId, tasks: this.#tasks(id), unwatched };
  }

  /** What the kernel has of every workload. */
  readBackAll(): WorkloadReadBack[] {
    return [...this.#workloads.keys()].map((id) => this.readBack(id));
  }

  /**
   * After a workload made further names for its files, none is forgotten any more. What is mounted for the machine as a
   * whole is a name in its own table soon; a unit may mount what only it sees.
   */
  keepJudgingFiles(id: number): void {
    for (const workload of this.#workloads.values()) {
      if (workload.id === id ? id !== WORKLOAD.host : isUnit(id) && sharesHostRoot(workload.id))
        workload.canForgetFiles = false;
    }
  }

  // Those that live in the machine's own root share what is known of it, until its mounts are others.
  #rootFor(
    order: WorkloadOrder,
    mounts: readonly MountEntry[],
    previous: GuardedWorkload | undefined,
  ): WorkloadRoot {
    if (!sharesHostRoot(order.id)) {
      return (
        previous?.root ?? new WorkloadRoot(openRoot(order.root), mounts, order.mountinfo, this.#rootOptions)
      );
    }
    if (this.#machine?.mountinfo !== order.mountinfo)
      this.#machine = new WorkloadRoot(openRoot(order.root), mounts, order.mountinfo, this.#rootOptions);
    return this.#machine;
  }

  #release(root: WorkloadRoot): void {
    if (root.release() && root === this.#machine) this.#machine = undefined;
  }

  #needsMachine(): boolean {
    return [...this.#workloads.values()].some(
      ({ id, bound }) => sharesHostRoot(id) && watchesFiles(bound.ruleSet),
    );
  }

  #create(
    order: WorkloadOrder,
    root: WorkloadRoot,
    bound: BoundRuleSet,
    previous: GuardedWorkload | undefined,
  ): GuardedWorkload {
    const resolver = root.resolver();
    const table = new DecisionTable();
    const ruleSetId = this.#newRuleSetId();
    return {
      id: order.id,
      root,
      mounts: root.mounts,
      linkedNames: new LinkedNames(bound, resolver),
      resolver,
      bound,
      table,
      tableOf: (id) => (id === ruleSetId ? table : id === previous?.ruleSetId ? previous.table : undefined),
      ruleSetId,
      denials: order.denials,
      isAudited: order.isAudited,
      hasReadOnly: bound.ruleSet.rules.some((rule) => rule.kind === 'file' && rule.readOnly),
      // What is found altered is killed.
      verifiesRequests: !order.isAudited && looksAtRequests(bound),
      loaders: previous?.loaders ?? knownLoaders(resolver),
      canForgetFiles: previous?.canForgetFiles ?? true,
    };
  }

  // Counted on from what is in the map when the first is needed: another answerer may have been at work until then.
  #newRuleSetId(): number {
    const id = this.#nextRuleSetId ?? this.#profiles.highestRuleSetId() + 1;
    this.#nextRuleSetId = id + 1;
    return id;
  }

  #watch(
    order: WorkloadOrder,
    mounts: readonly MountEntry[],
    root: WorkloadRoot,
    previous: GuardedWorkload | undefined,
  ): void {
    const path = `/proc/self/fd/${root.fd}`;
    if (!sharesHostRoot(order.id)) {
      if (previous === undefined) this.#unwatched.set(order.id, mountPoints(this.#marks.add(path, mounts)));
      return;
    }
    if (!watchesFiles(order.ruleSet)) this.#unwatched.delete(order.id);
    else this.#unwatched.set(order.id, mountPoints(this.#marks.addShared(path, mounts)));
  }

  *#running(id: number): Generator<bigint> {
    for (const label of labelsIn(this.#maps.labels)) if (label.workload === id) yield label.exe;
    yield* pendingExecutables(this.#maps.execs);
  }

  #tasks(id: number): number {
    let count = 0;
    for (const { workload, flags = 0 } of labelsIn(this.#maps.labels))
      if (workload === id && (flags & LABEL.ours) === 0) count++;
    return count;
  }
}

function mountPoints(mounts: readonly MountEntry[]): readonly string[] {
  return [...new Set(mounts.map((mount) => mount.mountPoint))];
}

function errorBits({ process, file, network }: Denials): number {
  return (process ? ON_ERROR.process : 0) | (file ? ON_ERROR.file : 0) | (network ? ON_ERROR.network : 0);
}

function openRoot(path: string): number {
  const { O_PATH, O_CLOEXEC, O_DIRECTORY } = openFlags();
  const fd = open(path, O_PATH | O_CLOEXEC | O_DIRECTORY);
  if (fd < 0)
    throw new EnforcerError('WORKLOAD_GONE', `root ${path}: expected a directory to open, got errno ${-fd}`);
  return fd;
}

function looksAtRequests(bound: BoundRuleSet): boolean {
  return (
    bound.programs.byTarget.size > 0 ||
    bound.ruleSet.rules.some((rule) => {
      return rule.kind === 'process' && (rule.object.match === 'execname' || rule.allowedArgs !== undefined);
    })
  );
}
