import type { EventView } from '../record/event-view.js';
import { EXEC_TEXT } from '../record/layout.js';
import { createImage, UNKNOWN_IMAGE, type ProcessImage } from './process-image.js';
import { NO_WORKLOAD, type Ancestor, type ProcessNode } from './process-node.js';
import type { ProcessFacts, ProcessSource } from './process-source.js';
import { WorkloadMembers } from './workload-members.js';

const MAX_ANCESTORS = 16;
/** /proc counts in hundredths of a second on every architecture of ours. */
const NS_PER_TICK = 10_000_000;

/**
 * The processes that are watched, with those they came from. It follows the records of forks, execs and exits, which come
 * in order, and asks /proc for what was there before, or was lost.
 */
export class ProcessTree {
  readonly #source: ProcessSource;
  readonly #nodes = new Map<number, ProcessNode>();
  readonly #members = new WorkloadMembers();

  constructor(source: ProcessSource) {
    this.#source = source;
  }

  /** How many processes there are. */
  get size(): number {
    return this.#nodes.size;
  }

  /** Takes in every process of the machine. */
  seed(): void {
    for (const pid of this.#source.pids()) {
      if (!this.#nodes.has(pid)) this.#readProc(pid);
    }
  }

  /**
   * Takes in a process that was there before it was watched, in case it ends before its first record is read. With a
   * workload: it has been there as long as that, where else its first record tells that it came from outside.
   */
  adopt(pid: number, workload?: number): void {
    const node = this.#readProc(pid);
    if (node !== undefined && workload !== undefined) this.#members.settle(node, workload);
  }

  /** Notes which processes are of a workload that is about to be watched: none of them comes from outside any more. */
  settle(workload: number, workloadOf: (pid: number) => number | undefined): void {
    for (const [pid, node] of this.#nodes) {
      if (node.workload !== workload && workloadOf(pid) === workload) this.#members.settle(node, workload);
    }
  }

  /** The process that runs under an id now. */
  get(pid: number): ProcessNode | undefined {
    return this.#nodes.get(pid);
  }

  /** The process that a record is of. */
  of(event: EventView): ProcessNode {
    const node = this.#find(event);
    if (node.workload !== event.workload) this.#members.follow(node, event.workload);
    return node;
  }

  #find(event: EventView): ProcessNode {
    const { pid, startNs } = event;
    const known = this.#nodes.get(pid);
    if (known !== undefined && isSame(known, startNs)) return known;
    const found = this.#readProc(pid);
    if (found !== undefined && isSame(found, startNs)) return found;
    const unknown = this.#createUnknown(pid, startNs, event.parent, this.#nodes.get(event.parent));
    if (known === undefined || known.startNs < startNs) this.#put(unknown);
    return unknown;
  }

  /** A process has made another one. */
  fork(event: EventView): ProcessNode {
    const { pid, startNs, parent } = event;
    const maker = this.#maker(parent, event.parentStartNs);
    const node = this.#create(pid, startNs, parent, maker);
    takeIdentity(node, event);
    this.#put(node);
    this.#members.inherit(node, event.workload, maker);
    return node;
  }

  /** A process runs another program. Returns the one it ran before. */
  exec(event: EventView): { readonly node: ProcessNode; readonly caller: ProcessImage } {
    const { pid, startNs } = event;
    let node = this.#nodes.get(pid);
    // Not from /proc, which may be ahead of the record: a process that is not known comes from the one that it says.
    if (node === undefined || !isSame(node, startNs)) {
      const maker = this.#maker(event.parent, event.parentStartNs);
      node = this.#createUnknown(pid, startNs, event.parent, maker);
      this.#put(node);
    }
    const caller = node.image;
    this.#members.follow(node, event.workload);
    takeIdentity(node, event);
    node.image = createImage(
      event.text(EXEC_TEXT.path),
      event.strings(EXEC_TEXT.arguments),
      event.text(EXEC_TEXT.requested),
      event.hash,
    );
    node.cwd = event.text(EXEC_TEXT.directory) || '/';
    node.tty = event.text(EXEC_TEXT.terminal);
    node.log = undefined;
    return { node, caller };
  }

  /** A process has ended: nothing more comes of it. */
  exit(event: EventView): ProcessNode {
    const { pid, startNs } = event;
    const node = this.#nodes.get(pid);
    if (node === undefined || !isSame(node, startNs)) {
      return this.#createUnknown(pid, startNs, event.parent, this.#nodes.get(event.parent));
    }
    this.#members.leave(node);
    this.#nodes.delete(pid);
    return node;
  }

  /** The process that has an id inside a pid namespace. */
  findInner(pidNamespace: number, innerPid: number): ProcessNode | undefined {
    const direct = this.#nodes.get(innerPid);
    if (direct !== undefined && (pidNamespace === 0 || direct.pidNamespace === pidNamespace)) return direct;
    // Only calls that name another process by its id come here, and few processes are inside a namespace.
    for (const node of this.#nodes.values()) {
      if (node.innerPid === innerPid && node.pidNamespace === pidNamespace) return node;
    }
    return direct === undefined && pidNamespace === 0 ? this.#readProc(innerPid) : undefined;
  }

  /** Forgets processes that are gone without a record of it, which was then lost. */
  sweep(): void {
    const alive = new Set(this.#source.pids());
    for (const [pid, node] of this.#nodes) {
      if (alive.has(pid)) continue;
      this.#members.leave(node);
      this.#nodes.delete(pid);
    }
  }

  // In the place of one whose exit was lost, if there is one.
  #put(node: ProcessNode): void {
    const before = this.#nodes.get(node.pid);
    if (before !== undefined) this.#members.leave(before);
    this.#nodes.set(node.pid, node);
  }

  #maker(pid: number, startNs: number): ProcessNode | undefined {
    const known = this.#nodes.get(pid);
    if (known !== undefined && isSame(known, startNs)) return known;
    const found = this.#readProc(pid);
    return found !== undefined && isSame(found, startNs) ? found : undefined;
  }

  #readProc(pid: number): ProcessNode | undefined {
    const facts = this.#source.read(pid);
    if (facts === undefined) return undefined;
    const known = this.#nodes.get(pid);
    // A process that the records told of is known better than /proc has it.
    if (known !== undefined && isSame(known, facts.startTicks * NS_PER_TICK, false)) return known;
    const parent = this.#nodes.get(facts.parentPid) ?? this.#ancestor(facts.parentPid);
    const node = this.#fromFacts(facts, parent);
    this.#put(node);
    return node;
  }

  // Parents come before their children, so that each is there for the next.
  #ancestor(pid: number): ProcessNode | undefined {
    return pid > 0 ? this.#readProc(pid) : undefined;
  }

  #fromFacts(facts: ProcessFacts, parent: ProcessNode | undefined): ProcessNode {
    const { pid, startTicks, parentPid, exe, argv, innerPid, innerParent, pidNamespace, mountNamespace } =
      facts;
    return {
      ...this.#create(pid, startTicks * NS_PER_TICK, parentPid, parent),
      isExact: false,
      image: createImage(exe, argv, ''),
      cwd: facts.cwd,
      tty: facts.tty,
      innerPid,
      innerParent,
      pidNamespace,
      mountNamespace,
    };
  }

  // What it runs may be another program than its maker's by now.
  #createUnknown(
    pid: number,
    startNs: number,
    parentPid: number,
    parent: ProcessNode | undefined,
  ): ProcessNode {
    return { ...this.#create(pid, startNs, parentPid, parent), image: UNKNOWN_IMAGE };
  }

  #create(pid: number, startNs: number, parentPid: number, parent: ProcessNode | undefined): ProcessNode {
    const image = parent?.image ?? UNKNOWN_IMAGE;
    return {
      pid,
      startNs,
      isExact: true,
      parentPid,
      parentImage: image,
      ancestors: parent === undefined ? [] : ancestorsOf(parent),
      image,
      cwd: parent?.cwd ?? '/',
      tty: parent?.tty ?? '',
      innerPid: pid,
      innerParent: parentPid,
      pidNamespace: parent?.pidNamespace ?? 0,
      mountNamespace: parent?.mountNamespace ?? 0,
      workload: NO_WORKLOAD,
      execId: '0',
      log: undefined,
    };
  }
}

function takeIdentity(node: ProcessNode, event: EventView): void {
  node.innerPid = event.innerPid;
  node.innerParent = event.innerParent;
  node.pidNamespace = event.pidNamespace;
  node.mountNamespace = event.mountNamespace;
}

function ancestorsOf(parent: ProcessNode): readonly Ancestor[] {
  const first = { pid: parent.pid, exe: parent.image.exe };
  return [first, ...parent.ancestors.slice(0, MAX_ANCESTORS - 1)];
}

// What is known by ticks only becomes known exactly by the first record of it.
function isSame(node: ProcessNode, startNs: number, isExact = true): boolean {
  if (node.isExact && isExact) return node.startNs === startNs;
  if (Math.floor(node.startNs / NS_PER_TICK) !== Math.floor(startNs / NS_PER_TICK)) return false;
  if (isExact) {
    node.startNs = startNs;
    node.isExact = true;
  }
  return true;
}
