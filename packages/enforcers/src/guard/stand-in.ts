import {
  close,
  FAN_OPEN_EXEC_PERM,
  FanotifyBatch,
  pollIn,
  read,
  respond,
  type BpfMap,
} from '@kubearmor/kernel';
import type { Denials } from './guarded-workload.js';
import { LabelView } from './layout.js';
import type { SharedBatch } from './shared-batch.js';

/** What the stand-in needs. */
export interface StandInDeps {
  readonly group: number;
  readonly labels: BpfMap;
  readonly denialsOf: (workload: number) => Denials | undefined;
  readonly onError: 'deny' | 'allow';
  /** One operation of a workload was answered without being judged. */
  readonly answered: (workload: number, tid: number, isExec: boolean, isAllowed: boolean) => void;
}

const PUMP_MS = 1;

/** Answers while there is no answerer: tasks of no workload pass, tasks of a workload as `onError` says (semantics §7). */
export class StandIn {
  readonly #deps: StandInDeps;
  readonly #batch = new FanotifyBatch();
  readonly #buffer = new Uint8Array(64 * 1024);
  readonly #label = new LabelView();
  readonly #key = new Uint32Array(1);
  readonly #keyBytes = new Uint8Array(this.#key.buffer);
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: StandInDeps) {
    this.#deps = deps;
  }

  get isActive(): boolean {
    return this.#timer !== undefined;
  }

  /** Answers what a dead answerer had taken, then everything that comes until {@link stop}. */
  start(shared: SharedBatch): void {
    this.#answerAll(shared.buffer, shared.length);
    shared.length = 0;
    this.#timer ??= setInterval(() => {
      this.#pump();
    }, PUMP_MS);
    this.#pump();
  }

  /** Leaves the answering to a new answerer. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #pump(): void {
    while (pollIn(this.#deps.group, 0) > 0) {
      const length = read(this.#deps.group, this.#buffer, this.#buffer.length);
      if (length <= 0) return;
      this.#answerAll(this.#buffer, length, true);
    }
  }

  // Descriptors of events belong to the process that read them: ours are closed, a dead answerer's are gone.
  #answerAll(buffer: Uint8Array, length: number, isOurs = false): void {
    this.#batch.reset(buffer, length);
    while (this.#batch.next()) {
      if (this.#batch.fd < 0) continue;
      respond(this.#deps.group, this.#batch.fd, this.#answer(this.#batch.pid, this.#batch.mask));
      if (isOurs) close(this.#batch.fd);
    }
  }

  #answer(tid: number, mask: number): boolean {
    this.#key[0] = tid;
    if (!this.#deps.labels.lookup(this.#keyBytes, this.#label.bytes)) return true;
    const { workload } = this.#label;
    const denials = this.#deps.denialsOf(workload);
    const isExec = (mask & FAN_OPEN_EXEC_PERM) !== 0;
    const applies = denials === undefined || denials.file || (isExec && denials.process);
    const isAllowed = !applies || this.#deps.onError === 'allow';
    this.#deps.answered(workload, tid, isExec, isAllowed);
    return isAllowed;
  }
}
