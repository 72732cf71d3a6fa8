import type { FileView } from './file-view.js';
import type { GuardedWorkload } from '../guarded-workload.js';
import { sharesHostRoot } from '../workload-number.js';

const MAX_TASKS = 4096;

/**
 * What the machine's own tasks have just opened on an overlay. The overlay goes on to open the file below it in the same
 * call, through a mount of its own: newer kernels ask about that as well, and no name of it can be found.
 */
export class OverlaidFiles {
  readonly #marks = new Map<number, string>();

  /** Remembers the file of an event that passes, where an overlay shows it. */
  note(workloads: readonly GuardedWorkload[], file: FileView): void {
    const [workload] = workloads;
    if (workload === undefined || !sharesHostRoot(workload.id)) return;
    if (!workload.mounts.isOverlay(file.mountId)) return;
    if (this.#marks.size >= MAX_TASKS) this.#marks.clear();
    this.#marks.set(file.tid, file.content);
  }

  /** Whether the file of an event is the one below the last that its task opened on an overlay; once for each. */
  isBelow(file: FileView): boolean {
    const mark = this.#marks.get(file.tid);
    if (mark === undefined || mark !== file.content) return false;
    this.#marks.delete(file.tid);
    return true;
  }
}
