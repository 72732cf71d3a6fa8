import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';
import type { VmReport } from './vm-report.ts';

/** A reporter for `node --test`: one JSON text once all tests have ended. */
async function* vmReporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string, void> {
  let [numPassedTests, numFailedTests] = [0, 0];
  const skipped: { name: string; reason: string }[] = [];
  const failed: VmReport['testResults'][number]['assertionResults'][number][] = [];
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { name, skip, details } = data;
    if (skip !== undefined && skip !== false)
      skipped.push({ name, reason: typeof skip === 'string' ? skip : '' });
    else if (details.type === 'suite') continue;
    else if (type === 'test:pass') numPassedTests++;
    else {
      numFailedTests++;
      failed.push({ status: 'failed', fullName: name, failureMessages: [reasonOf(details)] });
    }
  }
  const testResults = [{ name: 'e2e/vm', message: '', assertionResults: failed }];
  yield JSON.stringify({ numPassedTests, numFailedTests, testResults, skipped } satisfies VmReport);
}

function reasonOf(details: { readonly error?: Error } | object): string {
  const error = 'error' in details ? details.error : undefined;
  const thrown = error instanceof Error ? (error.cause ?? error) : error;
  return thrown instanceof Error ? thrown.message : inspect(thrown);
}

// What node loads a reporter by.
export { vmReporter as default };
