import type { AlertJournalDeps } from '../journal/alert-journal.js';

/** Counts as {@link AlertJournalDeps} need them, in this process's memory. */
export class CountedAlerts implements Pick<AlertJournalDeps, 'counts'> {
  raised = 0;
  lost = 0;
  readonly counts = {
    raise: (): void => {
      this.raised++;
    },
    lose: (): void => {
      this.lost++;
    },
  };
}
