import type { TestEvent } from 'node:test/reporters';
import type { VmReport } from './vm-report.ts';

/** A reporter for `node --test`: one JSON text once all tests have ended. */
async function* vmReporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string, void> {
  let [numPassedTests, numFailedTests] = [0, 0];
  const skipped: { name: string; reason: string }[] = [];
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { name, skip, details } = data;
    if (skip !== undefined && skip !== false)
      skipped.push({ name, reason: typeof skip === 'string' ? skip : '' });
    else if (details.type === 'suite') continue;
    else if (type === 'test:pass') numPassedTests++;
    else numFailedTests++;
  }
  yield JSON.stringify({ numPassedTests, numFailedTests, skipped } satisfies VmReport);
}

// What node loads a reporter by.
export { vmReporter as default };
