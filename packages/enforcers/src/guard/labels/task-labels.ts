import { readdirSync } from 'node:fs';
import { type BpfMap, procPath, readStat } from '@kubearmor/kernel';
import { encodeU32, LABEL, LabelView } from '../layout.js';
import { isUnit, WORKLOAD } from '../workload-number.js';

const PF_EXITING = 0x4;

/** Labels that user space gives: to tasks that were there before the kernel could. */
export class TaskLabels {
  readonly #labels: BpfMap;
  readonly #isGuarded: (workload: number) => boolean;
  readonly #view = new LabelView();

  /** `isGuarded` tells whether a workload has rules in force. */
  constructor(labels: BpfMap, isGuarded: (workload: number) => boolean) {
    this.#labels = labels;
    this.#isGuarded = isGuarded;
  }

  /** Gives a task to a workload where that is inward (semantics §6); true when it has become that workload's. */
  enter(tid: number, workload: number): boolean {
    const isLabelled = this.#labels.lookup(encodeU32(tid), this.#view.bytes);
    const { flags, exe, parentExe } = isLabelled ? this.#view : { flags: 0, exe: 0n, parentExe: 0n };
    if (!this.#isInward(isLabelled ? this.#view.workload : WORKLOAD.host, flags, workload)) return false;
    this.#write(tid, { workload, flags, exe, parentExe });
    return true;
  }

  /** Says of every thread of a process that it is one of ours. */
  own(pid: number): void {
    const seen = new Set<number>();
    // What a thread starts meanwhile is found by looking again.
    for (let before = -1; before !== seen.size;) {
      before = seen.size;
      for (const tid of threadsOf(pid)) {
        if (seen.has(tid)) continue;
        seen.add(tid);
        this.#write(tid, { workload: WORKLOAD.host, flags: LABEL.ours, exe: 0n, parentExe: 0n });
      }
    }
  }

  // The same as moves_inward in bpf/lib/identity.h.
  #isInward(from: number, flags: number, to: number): boolean {
    if ((flags & LABEL.ours) !== 0) return false;
    if (from === WORKLOAD.host) return true;
    return to === WORKLOAD.container && isUnit(from) && !this.#isGuarded(from);
  }

  // A task that ended just before would leave its label to the next one with its number.
  #write(tid: number, label: Parameters<LabelView['set']>[0]): void {
    const key = encodeU32(tid);
    this.#labels.update(key, this.#view.set(label));
    const stat = readStat(tid);
    if (stat === undefined || (stat.flags & PF_EXITING) !== 0) this.#labels.delete(key);
  }
}

function threadsOf(pid: number): readonly number[] {
  try {
    return readdirSync(procPath(`${pid}/task`)).map(Number);
  } catch {
    return [];
  }
}
