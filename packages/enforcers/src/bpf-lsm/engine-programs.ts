import { randomBytes, randomFillSync } from 'node:crypto';
import {
  BpfObject,
  pidfdOpen,
  close,
  RingReader,
  type BpfLink,
  type BpfMap,
  KernelError,
} from '@kubearmor/kernel';
import type { BoundRuleSet } from '@kubearmor/policy';
import {
  decodeEngineEvent,
  encodeEngineLabel,
  encodeEngineWorkload,
  encodeExecutable,
  ENGINE_KIND,
  ON_ERROR,
  RING_BYTES,
  type EngineEvent,
} from './engine-layout.js';
import { exeName } from './exe-name.js';
import { ruleImage } from './image/rule-image.js';
import { ImageMaps } from './image-maps.js';

const OBJECT = 'enforcer.bpf.o';

/** How a workload's rule set is put in force. */
export interface EngineRules {
  /** Its place in the table of workloads; at least 1. */
  readonly workload: number;
  /** A slot for the rule set that nobody uses; at least 1. */
  readonly slot: number;
  readonly bound: BoundRuleSet;
  /** What happens to what cannot be determined. */
  readonly onError: 'allow' | 'deny';
  readonly isAudited: boolean;
}

/** The LSM programs, loaded and attached: as long as this is open, unless they are pinned. */
export class EnginePrograms implements Disposable {
  readonly #object: BpfObject;
  readonly #images: ImageMaps;
  readonly #links: BpfLink[] = [];
  readonly #labels: BpfMap;
  readonly #processes: BpfMap;
  readonly #workloads: BpfMap;
  readonly #executables: BpfMap;
  readonly #counters: BpfMap;
  readonly #ring: RingReader;
  readonly #key: readonly [bigint, bigint];
  #generation = 0;

  /** `objects` is the directory of the compiled programs. */
  constructor(objects: string) {
    const key = randomBytes(16);
    this.#key = [key.readBigUInt64LE(0), key.readBigUInt64LE(8)];
    this.#object = BpfObject.open(`${objects}/${OBJECT}`);
    this.#object.setGlobal('exe_key', key);
    ImageMaps.load(this.#object);
    this.#images = ImageMaps.of(this.#object);
    const open = (name: string): BpfMap => this.#object.findMap(name).open();
    this.#labels = open('engine_labels');
    this.#processes = open('engine_processes');
    this.#workloads = open('engine_workloads');
    this.#executables = open('engine_executables');
    this.#counters = open('engine_counters');
    this.#ring = RingReader.open(this.#object.findMap('engine_alerts').fd, RING_BYTES);
  }

  /** Attaches every program: from now on the kernel asks them. */
  attach(): void {
    for (const program of this.#object.programs()) this.#links.push(program.attach());
  }

  /** Puts a rule set in force for a workload, in the place of the one before: at once, and for all its tasks. */
  apply({ workload, slot, bound, onError, isAudited }: EngineRules): void {
    const generation = ++this.#generation;
    const image = ruleImage(bound, { generation: BigInt(generation), fillRandom: randomFillSync });
    this.#images.install(slot, image);
    const entry = encodeEngineWorkload({
      set: slot,
      generation,
      kinds:
        (image.file ? ENGINE_KIND.file : 0) |
        (image.process ? ENGINE_KIND.process : 0) |
        (bound.network.length > 0 ? ENGINE_KIND.network : 0) |
        (bound.capabilities.length > 0 ? ENGINE_KIND.capabilities : 0) |
        (image.source ? ENGINE_KIND.sources : 0),
      denyOnError: onError === 'deny' ? deniedKinds(bound) : 0,
      isAudited,
    });
    this.#workloads.update(key(workload), entry);
  }

  /** Empties a slot that no workload uses. */
  removeRuleSet(slot: number): void {
    this.#images.remove(slot);
  }

  /** Lets a workload's tasks do as they like; their labels stay. */
  removeWorkload(workload: number): void {
    this.#workloads.update(key(workload), new Uint8Array(this.#workloads.valueBytes));
  }

  /** Makes a process, with what it will start, a workload's. */
  label(pid: number, workload: number, exe: string): void {
    const name = exeName(exe, this.#key);
    this.#executables.update(key64(name), encodeExecutable(exe));
    const label = encodeEngineLabel(workload, name, name);
    const pidfd = pidfdOpen(pid);
    if (pidfd < 0) throw KernelError.fromErrno(pidfd, 'pidfd_open', `process ${pid}`);
    try {
      this.#labels.update(key(pidfd), label);
      this.#processes.update(key(pid), label);
    } finally {
      close(pidfd);
    }
  }

  /** The alerts that are there. */
  alerts(): readonly EngineEvent[] {
    const events: EngineEvent[] = [];
    this.#ring.readBatch((view, start) => {
      events.push(decodeEngineEvent(view, start));
    }, 100_000);
    return events;
  }

  /** A counter of `enum engine_counter`, over all CPUs. */
  counter(which: number): number {
    const value = new Uint8Array(this.#counters.valueBytes);
    this.#counters.lookup(key(which), value);
    return [...new BigUint64Array(value.buffer)].reduce((sum, each) => sum + Number(each), 0);
  }

  [Symbol.dispose](): void {
    for (const link of this.#links) link.destroy();
    this.#ring[Symbol.dispose]();
    for (const map of [this.#labels, this.#processes, this.#workloads, this.#executables, this.#counters])
      map.close();
    this.#images.close();
    this.#object.close();
  }
}

/** What must not be done where it cannot be determined: kinds of which a rule or a posture blocks something. */
function deniedKinds({ rules, unmatched }: BoundRuleSet): number {
  const kinds = ['process', 'file', 'network', 'capabilities'] as const;
  return kinds.reduce((bits, kind) => {
    const isBlocked = rules.some(({ rule }) => rule.kind === kind && rule.action === 'Block');
    return isBlocked || unmatched.get(kind)?.verdict === 'deny' ? bits | ON_ERROR[kind] : bits;
  }, 0);
}

function key(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

function key64(value: bigint): Uint8Array {
  return new Uint8Array(BigUint64Array.of(value).buffer);
}
