import { runSuite } from './suite.ts';
import { sum } from './tally.ts';
import { describeVmRun, runVmSuite } from './vm-suite.ts';

const KERNEL = '6.1';

// One after the other: the end-to-end tests want the machine for themselves.
const unit = await runSuite('unit', ['--coverage']);
const endToEnd = await runSuite('e2e', ['--config', 'vitest.e2e.config.ts']);
const guest = await runVmSuite(KERNEL, 'quick');
process.stdout.write(describeVmRun(guest));
const { passed, failed, failures } = sum([unit, endToEnd, guest]);
process.exitCode = failed === 0 ? 0 : 1;
for (const failure of failures) process.stdout.write(`failed: ${failure}\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
