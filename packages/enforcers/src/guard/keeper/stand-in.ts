import {
  close,
  FAN_OPEN_EXEC_PERM,
  FanotifyBatch,
  pollIn,
  read,
  readlinkPath,
  respond,
  type BpfMap,
} from '@kubearmor/kernel';
import type { Denials } from '../guarded-workload.js';
import { LABEL, LabelView, type Label } from '../layout.js';
import type { SharedBatch } from '../answerer/shared-batch.js';
import { isUnit, WORKLOAD } from '../workload-number.js';

/** An operation of a workload that nobody could judge. */
export interface UnjudgedOperation {
  readonly label: Label;
  readonly tid: number;
  readonly isExec: boolean;
  readonly isAllowed: boolean;
  /** What was opened; undefined where the answerer took that with it. */
  readonly path: string | undefined;
}

/** What the stand-in needs. */
export interface StandInDeps {
  readonly group: number;
  readonly labels: BpfMap;
  /** What tasks are about to execute, as it was judged. */
  readonly execs: BpfMap;
  readonly denialsOf: (workload: number) => Denials | undefined;
  readonly onError: 'deny' | 'allow';
  /** One operation of a workload was answered without being judged; called while its task still waits. */
  readonly answered: (operation: UnjudgedOperation) => void;
}

/** How long one round may answer before there is time for anything else. */
const ROUND_MS = 5;
/** Few at once, so that a round ends in time. */
const BATCH_BYTES = 24 * 16;

/** Answers while there is no answerer: tasks of no workload pass, tasks of a workload as `onError` says (semantics §7). */
export class StandIn {
  readonly #deps: StandInDeps;
  readonly #batch = new FanotifyBatch();
  readonly #buffer = new Uint8Array(BATCH_BYTES);
  readonly #label = new LabelView();
  readonly #key = new Uint32Array(1);
  readonly #keyBytes = new Uint8Array(this.#key.buffer);

  constructor(deps: StandInDeps) {
    this.#deps = deps;
  }

  /**
   * Answers what an answerer that has ended had taken. Only while nobody else reads the group: the kernel knows an
   * event by the number of its descriptor, which two processes can have given twice.
   */
  finish(taken: SharedBatch): void {
    this.#answerAll(taken.buffer, taken.buffer.length, false);
    taken.clear();
  }

  /** Answers what waits, for a moment. */
  pump(): void {
    const endMs = performance.now() + ROUND_MS;
    while (pollIn(this.#deps.group, 0) > 0 && performance.now() < endMs) {
      const length = read(this.#deps.group, this.#buffer, this.#buffer.length);
      if (length <= 0) return;
      this.#answerAll(this.#buffer, length, true);
    }
  }

  // Descriptors of events belong to the process that read them: ours are closed, a dead answerer's are gone.
  #answerAll(buffer: Uint8Array, length: number, isOurs: boolean): void {
    this.#batch.reset(buffer, length);
    while (this.#batch.next()) {
      const { fd, pid, mask } = this.#batch;
      if (fd < 0) continue;
      respond(this.#deps.group, fd, this.#answer(pid, mask, isOurs ? fd : undefined));
      if (isOurs) close(fd);
    }
  }

  #answer(tid: number, mask: number, fd: number | undefined): boolean {
    this.#key[0] = tid;
    // A failure of ours must not stop the machine: its own tasks pass, whatever the host's rules say.
    if (!this.#deps.labels.lookup(this.#keyBytes, this.#label.bytes) || isSpared(this.#label)) return true;
    const denials = this.#deps.denialsOf(this.#label.workload);
    if (denials === undefined && isUnit(this.#label.workload)) return true;
    const isExec = (mask & FAN_OPEN_EXEC_PERM) !== 0;
    const applies = denials === undefined || denials.file || (isExec && denials.process);
    const isAllowed = !applies || this.#deps.onError === 'allow';
    const path = fd === undefined ? undefined : readlinkPath(`/proc/self/fd/${fd}`);
    // What it goes on to run is not what was judged before: it counts as unseen, and is not ended for that.
    if (isExec && isAllowed) this.#deps.execs.delete(this.#keyBytes);
    this.#deps.answered({ label: this.#label, tid, isExec, isAllowed, path });
    return isAllowed;
  }
}

function isSpared({ workload, flags = 0 }: Label): boolean {
  return (
    workload === WORKLOAD.host ||
    workload === WORKLOAD.container ||
    (flags & (LABEL.ours | LABEL.starting)) !== 0
  );
}
