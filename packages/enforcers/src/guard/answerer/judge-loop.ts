import {
  FanotifyBatch,
  close,
  errnoNumber,
  pollIn,
  pollMany,
  PollSet,
  read,
  respond,
  type RingReader,
} from '@kubearmor/kernel';
import type { Judge } from '../judge/judge.js';
import type { Observer } from '../observe/observer.js';
import type { SharedBatch } from './shared-batch.js';

/** What the loop waits on and whom it asks. */
export interface JudgeLoopDeps {
  readonly group: number;
  readonly wakeFd: number;
  readonly shared: SharedBatch;
  readonly judge: Judge;
  readonly observer: Observer;
  /** The ring of the kernel's own events, once this loop is the one to read it. */
  readonly ring: () => RingReader | undefined;
  /** Whether events are to be answered yet: not before the rules are known. */
  readonly isAnswering: () => boolean;
  /** Takes orders that have come; false ends the loop. */
  readonly takeOrders: () => boolean;
  readonly answerOnError: boolean;
  readonly fault: (message: string) => void;
  /** Something that the kernel reported could not be told. */
  readonly unobserved: () => void;
}

/** What the loop has done. */
export interface LoopCounts {
  judged: number;
  denied: number;
  failures: number;
}

const batch = new FanotifyBatch();
const POLL_MS = 100;
/** How many records are read before files are looked at again; also what a death in the middle would tell twice. */
export const RING_BATCH = 16;
const NEG_ENOENT = -errnoNumber('ENOENT');

/** Answers permission events and reads the ring until it is told to stop. Waits in poll(2), never in a read. */
export function runJudgeLoop(deps: JudgeLoopDeps, counts: LoopCounts): void {
  const set = new PollSet([-1, -1, deps.wakeFd]);
  let isRunning = true;
  while (isRunning) {
    deps.shared.beat();
    set.setFd(0, deps.isAnswering() ? deps.group : -1);
    set.setFd(1, deps.ring()?.fd ?? -1);
    if (pollMany(set, POLL_MS) === 0) deps.judge.tellHeld();
    if (set.isReady(0)) answerBatch(deps, counts);
    if (set.isReady(1))
      deps.ring()?.readBatch((view, offset) => {
        observe(deps, view, offset);
      }, RING_BATCH);
    if (set.isReady(2)) isRunning = deps.takeOrders();
  }
}

/** Answers what waits already: for somebody who takes long over an order. */
export function answerWaiting(deps: JudgeLoopDeps, counts: LoopCounts): void {
  deps.shared.beat();
  if (deps.isAnswering() && pollIn(deps.group, 0) > 0) answerBatch(deps, counts);
}

function answerBatch(deps: JudgeLoopDeps, counts: LoopCounts): void {
  const { buffer } = deps.shared;
  const length = read(deps.group, buffer, buffer.length);
  if (length <= 0) return;
  batch.reset(buffer, length);
  while (batch.next()) {
    deps.shared.beat();
    if (batch.fd >= 0) answer(deps, batch, counts);
  }
  deps.shared.clear(length);
}

function answer(deps: JudgeLoopDeps, batch: FanotifyBatch, counts: LoopCounts): void {
  const isAllowed = judge(deps, batch, counts);
  counts.judged++;
  if (!isAllowed) counts.denied++;
  const result = respond(deps.group, batch.fd, isAllowed);
  // An answer the kernel refuses leaves the opener waiting; one that is not awaited any more (killed) is fine.
  if (result < 0 && result !== NEG_ENOENT) {
    counts.failures++;
    deps.fault(`answer for ${batch.pid} refused by the kernel with errno ${-result}`);
    respond(deps.group, batch.fd, isAllowed);
  }
  close(batch.fd);
}

function judge(deps: JudgeLoopDeps, batch: FanotifyBatch, counts: LoopCounts): boolean {
  try {
    return deps.judge.judge(batch.fd, batch.pid, batch.mask);
  } catch (thrown) {
    counts.failures++;
    deps.fault(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
    return deps.answerOnError;
  }
}

function observe(deps: JudgeLoopDeps, view: DataView, offset: number): void {
  try {
    deps.observer.observe(view, offset);
  } catch (thrown) {
    deps.unobserved();
    deps.fault(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
  }
}
