// node tools/test/vm.ts KERNEL...: runs e2e/vm under each kernel, one after the other, and says how each ended.
import { whyNoVm } from '../vm/requirements.ts';
import { sum } from './tally.ts';
import { runVmSuite, type VmRun } from './vm-suite.ts';

const why = whyNoVm();
if (why === undefined) process.exitCode = await main(process.argv.slice(2));
else process.stdout.write(`skipped: no virtual machines here: ${why}\n`);

async function main(versions: readonly string[]): Promise<number> {
  const runs: VmRun[] = [];
  for (const version of versions) runs.push(await runVmSuite(version));
  for (const { release, passed, failed, skipped } of runs) {
    process.stdout.write(`${release}: ${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
    for (const { name, reason } of skipped) process.stdout.write(`  skipped: ${name}: ${reason}\n`);
  }
  return sum(runs).failed === 0 ? 0 : 1;
}
