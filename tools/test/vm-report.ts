import { z } from 'zod';

/** What a guest's tests leave: the shape of vitest's report, as far as it is read, and why tests were skipped. */
export interface VmReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: 'failed';
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/** Checks what is read of a report besides the counts. */
export const skippedSchema: z.ZodType<Pick<VmReport, 'skipped'>> = z.object({
  skipped: z.array(z.object({ name: z.string(), reason: z.string() })),
});
