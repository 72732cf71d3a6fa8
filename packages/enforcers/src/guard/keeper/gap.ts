import type { Logger } from '@kubearmor/service';
import { AlertJournal, type AlertJournalDeps } from '../journal/alert-journal.js';
import { gapAlert } from './keeper-alerts.js';

/** What a {@link Gap} needs. */
export interface GapDeps extends AlertJournalDeps {
  /** Directory of the alert journal. */
  readonly spool: string;
  readonly logger: Logger;
}

/** The time before this keeper in which nobody answered and the kernel let everything pass. */
export class Gap {
  readonly #deps: GapDeps;
  readonly #journal: AlertJournal;
  /** Undefined where somebody always answered. */
  readonly sinceMs: number | undefined;
  #workloads = 0;
  #longestMs = 0;
  #isOver = false;

  constructor(deps: GapDeps, sinceMs: number | undefined) {
    this.#deps = deps;
    this.#journal = new AlertJournal(deps, { directory: deps.spool });
    this.sinceMs = sinceMs;
  }

  /** How many workloads were not guarded, and for how long at the most. */
  get counts(): { readonly gaps: number; readonly gapMs: number } {
    return { gaps: this.#workloads, gapMs: Math.round(this.#longestMs) };
  }

  /** A workload is guarded again. */
  tell(workload: number): void {
    if (this.sinceMs === undefined || this.#isOver) return;
    const nowMs = this.#deps.nowMs();
    const gapMs = nowMs - this.sinceMs;
    this.#workloads++;
    this.#longestMs = Math.max(this.#longestMs, gapMs);
    this.#journal.put(gapAlert(workload, gapMs, nowMs));
    this.#deps.logger.error({ workload, gapMs }, 'nobody answered for a while');
  }

  /** Everything is guarded again that was before. */
  end(): void {
    this.#isOver = true;
  }
}
