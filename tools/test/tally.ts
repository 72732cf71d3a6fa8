import { z } from 'zod';

/** How many tests passed and failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** The tests that failed, a line each. */
  readonly failures: readonly string[];
}

/** How a run of tests ended. */
export interface EndedRun {
  /** 128 and more for a signal. */
  readonly exitCode: number;
  /** What the JSON reporter wrote; undefined where it wrote nothing. */
  readonly report: string | undefined;
}

/** What is read of the report of vitest's JSON reporter, whose shape the virtual machine's report has too. */
const schema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      /** The file. */
      name: z.string(),
      /** Why the file as a whole failed. */
      message: z.string(),
      assertionResults: z.array(
        z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

/** Counts a run. What made it fail without a test that failed (a file that does not load, coverage) counts as one. */
export function tallyOf({ exitCode, report }: EndedRun): Tally {
  const counts = report === undefined ? undefined : parse(report);
  const passed = counts?.numPassedTests ?? 0;
  const failed = counts?.numFailedTests ?? 0;
  const isWhole = exitCode === 0 && passed > 0;
  const failures = (counts?.testResults ?? []).flatMap(failuresOf);
  return { passed, failed: failed === 0 && !isWhole ? 1 : failed, failures };
}

/** Adds up several runs. */
export function sum(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((all, { passed }) => all + passed, 0),
    failed: tallies.reduce((all, { failed }) => all + failed, 0),
    failures: tallies.flatMap(({ failures }) => failures),
  };
}

type FileResult = z.infer<typeof schema>['testResults'][number];

function failuresOf({ name, message, assertionResults }: FileResult): readonly string[] {
  const file = name.slice(name.lastIndexOf('/') + 1);
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  if (failed.length === 0 && message !== '') return [`${file}: ${firstLine(message)}`];
  return failed.map(
    ({ fullName, failureMessages }) => `${file}: ${fullName}: ${firstLine(failureMessages[0] ?? '')}`,
  );
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

// A run that was killed leaves half a report.
function parse(report: string): z.infer<typeof schema> | undefined {
  try {
    return schema.parse(JSON.parse(report));
  } catch {
    return undefined;
  }
}
