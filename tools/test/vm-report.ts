import { z } from 'zod';

/** What a guest's tests leave: counted as vitest counts, and why tests were skipped. */
export interface VmReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/** Checks a report. */
export const vmReportSchema: z.ZodType<VmReport> = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  skipped: z.array(z.object({ name: z.string(), reason: z.string() })),
});
