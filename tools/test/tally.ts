import { z } from 'zod';

/** How many tests passed and failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** How a run of tests ended. */
export interface EndedRun {
  /** 128 and more for a signal. */
  readonly exitCode: number;
  /** What the JSON reporter wrote; undefined where it wrote nothing. */
  readonly report: string | undefined;
}

const schema = z.object({ numPassedTests: z.number(), numFailedTests: z.number() });

/** Counts a run. What made it fail without a test that failed (a file that does not load, coverage) counts as one. */
export function tallyOf({ exitCode, report }: EndedRun): Tally {
  const counts = report === undefined ? undefined : parse(report);
  const passed = counts?.numPassedTests ?? 0;
  const failed = counts?.numFailedTests ?? 0;
  const isWhole = exitCode === 0 && passed > 0;
  return { passed, failed: failed === 0 && !isWhole ? 1 : failed };
}

/** Adds up several runs. */
export function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (all, { passed, failed }) => ({ passed: all.passed + passed, failed: all.failed + failed }),
    {
      passed: 0,
      failed: 0,
    },
  );
}

// A run that was killed leaves half a report.
function parse(report: string): z.infer<typeof schema> | undefined {
  try {
    return schema.parse(JSON.parse(report));
  } catch {
    return undefined;
  }
}
