// node tools/test/vm.ts KERNEL...: runs all of e2e/vm under each kernel, one after the other, and says how each ended.
import { sum } from './tally.ts';
import { describeVmRun, runVmSuite, type VmRun } from './vm-suite.ts';

const runs: VmRun[] = [];
for (const version of process.argv.slice(2)) runs.push(await runVmSuite(version, 'all'));
process.stdout.write(runs.map(describeVmRun).join(''));
process.exitCode = sum(runs).failed === 0 ? 0 : 1;
