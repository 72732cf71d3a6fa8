import { open, openFlags, parseMountinfo, type MountEntry } from '@kubearmor/kernel';
import { bind, type BoundRuleSet } from '@kubearmor/policy';
import { EnforcerError } from '../errors.js';
import type { ExecutableIds } from './executable-ids.js';
import type { GuardMaps } from './guard-maps.js';
import { closeWorkload, type GuardedWorkload } from './guarded-workload.js';
import { encodeU32, encodeWorkload, LabelView } from './layout.js';
import type { WorkloadOrder, WorkloadReadBack } from './messages.js';
import { labelsIn } from './labels.js';
import { knownLoaders } from './known-loaders.js';
import { LinkedNames } from './linked-names.js';
import { needsObservation } from './observation.js';
import { Profiles } from './profiles.js';
import type { RootMarks } from './root-marks.js';
import { RootResolver } from './root-resolver.js';
import { DecisionTable } from './socket-profile.js';
import { WorkloadMounts } from './workload-mounts.js';

/** The workloads that the guard judges, each swapped to a new rule set in one step. */
export class WorkloadStore {
  readonly #maps: GuardMaps;
  readonly #marks: RootMarks;
  readonly #ids: ExecutableIds;
  readonly #profiles: Profiles;
  readonly #workloads = new Map<number, GuardedWorkload>();
  readonly #unwatched = new Map<number, readonly string[]>();
  readonly #label = new LabelView();
  #nextRuleSetId: number | undefined;

  constructor(maps: GuardMaps, marks: RootMarks, ids: ExecutableIds) {
    this.#maps = maps;
    this.#marks = marks;
    this.#ids = ids;
    this.#profiles = new Profiles(maps.profiles, ids);
  }

  get(id: number): GuardedWorkload | undefined {
    return this.#workloads.get(id);
  }

  /** Takes a workload in, or gives one that is known a new rule set; from its return on, only that is asked. */
  put(order: WorkloadOrder, onError: 'deny' | 'allow'): WorkloadReadBack {
    const previous = this.#workloads.get(order.id);
    const rootFd = previous?.rootFd ?? openRoot(order.root);
    const mounts = parseMountinfo(order.mountinfo);
    const resolver = new RootResolver(rootFd);
    const bound = bind(order.ruleSet, resolver, previous?.bound);
    const workload = this.#create(order, rootFd, mounts, resolver, bound, previous);
    this.#profiles.create(workload, this.#running(order.id));
    if (previous === undefined) this.#watch(order, mounts, rootFd);
    this.#workloads.set(order.id, workload);
    const isDeniedOnError = onError === 'deny' && order.denials.network;
    const entry = encodeWorkload(workload.ruleSetId, needsObservation(bound.ruleSet), isDeniedOnError);
    this.#maps.workloads.update(encodeU32(order.id), entry);
    this.#marks.forgetIgnored();
    if (previous !== undefined) this.#profiles.remove(previous.ruleSetId);
    return this.readBack(order.id);
  }

  /** Gives a task to a workload; what it starts from then on belongs to the workload too. */
  label(workload: number, tid: number): void {
    // One that is found again knows more already: what it runs.
    if (this.#maps.labels.lookup(encodeU32(tid), this.#label.bytes) && this.#label.workload === workload)
      return;
    this.#maps.labels.update(encodeU32(tid), this.#label.set({ workload, exe: 0n, parentExe: 0n }));
  }

  /** Lets a workload go. */
  remove(id: number): void {
    const workload = this.#workloads.get(id);
    if (workload === undefined) return;
    this.#maps.workloads.delete(encodeU32(id));
    this.#workloads.delete(id);
    this.#unwatched.delete(id);
    this.#profiles.remove(workload.ruleSetId);
    this.#marks.forgetIgnored();
    closeWorkload(workload);
  }

  /** Makes the kernel's map name the profiles an executable needs before it runs. */
  prepare(workload: GuardedWorkload, path: string): bigint {
    const exe = this.#ids.idOf(path);
    this.#profiles.add(workload, exe);
    return exe;
  }

  /** Removes what an answerer before this one left: workloads that are no more, and rule sets that none has. */
  removeForeign(): void {
    for (const [key] of [...this.#maps.workloads.entries()]) {
      const id = new DataView(key.buffer, key.byteOffset).getUint32(0, true);
      if (!this.#workloads.has(id)) this.#maps.workloads.delete(key);
    }
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

  /** After the workload made further names for its files, none is forgotten any more. */
  keepJudgingFiles(id: number): void {
    const workload = this.#workloads.get(id);
    if (workload !== undefined) workload.canForgetFiles = false;
  }

  #create(
    order: WorkloadOrder,
    rootFd: number,
    mounts: readonly MountEntry[],
    resolver: RootResolver,
    bound: BoundRuleSet,
    previous: GuardedWorkload | undefined,
  ): GuardedWorkload {
    const table = new DecisionTable();
    const ruleSetId = this.#newRuleSetId();
    return {
      id: order.id,
      rootFd,
      mounts: previous?.mounts ?? new WorkloadMounts(rootFd, mounts),
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

  #watch(order: WorkloadOrder, mounts: readonly MountEntry[], rootFd: number): void {
    const unmarked = this.#marks.add(`/proc/self/fd/${rootFd}`, mounts);
    this.#unwatched.set(
      order.id,
      unmarked.map((mount) => mount.mountPoint),
    );
  }

  *#running(id: number): Generator<bigint> {
    for (const label of labelsIn(this.#maps.labels)) if (label.workload === id) yield label.exe;
  }

  #tasks(id: number): number {
    let count = 0;
    for (const label of labelsIn(this.#maps.labels)) if (label.workload === id) count++;
    return count;
  }
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
