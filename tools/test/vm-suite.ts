import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { VmError } from '../vm/errors.ts';
import { guestDefaults } from '../vm/guest-job.ts';
import { preparedKernel } from '../vm/kernel/prepared-kernel.ts';
import { places } from '../vm/places.ts';
import { whyNoVm } from '../vm/requirements.ts';
import { runGuest } from '../vm/run-guest.ts';
import { tallyOf, type Tally } from './tally.ts';
import { skippedSchema, type VmReport } from './vm-report.ts';

/** How the suite ended under a kernel. */
export interface VmRun extends Tally {
  /** The kernel's release. */
  readonly release: string;
  readonly skipped: VmReport['skipped'];
}

/** What of e2e/vm is run: what starts Node seldom, or all. */
export type VmScope = 'quick' | 'all';

const SCOPES = {
  quick: { init: 'plain', files: 'e2e/vm/*.vm.ts', clock: 'real' },
  // Node takes long to start under emulation, and these start it often; what the guard gives its parts as time must be
  // time in which they can do something.
  all: { init: 'systemd', files: 'e2e/vm/{,slow/}*.vm.ts', clock: 'work' },
} as const;

const TEST_TIMEOUT_MS = 600_000;
const GUEST_TIMEOUT_MS = 1_800_000;
const DEAD = 125;

/**
 * Runs a scope of e2e/vm under a kernel such as `6.1`, with its output on ours, and counts. Where there can be no virtual machine all of
 * it is skipped; a kernel that cannot be had where there can is a failure.
 */
export async function runVmSuite(version: string, scope: VmScope): Promise<VmRun> {
  const none = { release: version, passed: 0, failed: 0, failures: [], skipped: [] };
  const skip = (reason: string): VmRun => ({ ...none, skipped: [{ name: 'e2e/vm', reason }] });
  const why = whyNoVm();
  if (why !== undefined) return skip(why);
  try {
    return await runInGuest(version, scope);
  } catch (thrown) {
    if (!(thrown instanceof VmError)) throw thrown;
    if (thrown.code === 'VM_UNAVAILABLE') return skip(thrown.message);
    tell(thrown.message);
    return { ...none, failed: 1 };
  }
}

/** How a run ended, in lines. */
export function describeVmRun({ release, passed, failed, skipped }: VmRun): string {
  const reasons = skipped.map(({ name, reason }) => `  skipped: ${name}: ${reason}\n`);
  return [`${release}: ${passed} passed, ${failed} failed, ${skipped.length} skipped\n`, ...reasons].join('');
}

async function runInGuest(version: string, scope: VmScope): Promise<VmRun> {
  const share = join(places.root, 'build/test', `vm-${version}`);
  const file = join(share, 'report.json');
  mkdirSync(share, { recursive: true });
  rmSync(file, { force: true });
  const kernel = preparedKernel(version, tell);
  const { init, files, clock } = SCOPES[scope];
  const end = await runGuest(kernel, {
    ...guestDefaults,
    init,
    clock,
    // A second one makes every change of a memory map interrupt the other: twice the work for the same tests.
    cpus: 1,
    timeoutMs: GUEST_TIMEOUT_MS,
    command: testCommand(files),
    share,
  });
  if (end.kind === 'dead') tell(`the guest died: ${end.reason}; the end of its console:\n${end.console}`);
  const report = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  const tally = tallyOf({ exitCode: end.kind === 'done' ? end.status : DEAD, report });
  return { ...tally, release: kernel.release, skipped: skippedOf(report) };
}

// One process for all: under emulation a process of Node that has loaded the packages takes seconds to be there.
function testCommand(pattern: string): string {
  const files = globSync(pattern, { cwd: places.root }).sort();
  return [
    `KUBEARMOR_E2E_PROGRAM=${join(places.root, 'apps/kubearmor/build/main.js')}`,
    `exec node --test --test-isolation=none --test-timeout=${TEST_TIMEOUT_MS}`,
    '--test-reporter=spec --test-reporter-destination=stdout',
    '--test-reporter=./tools/test/vm-reporter.ts --test-reporter-destination=/vm/report.json',
    ...files,
  ].join(' ');
}

function skippedOf(report: string | undefined): VmReport['skipped'] {
  try {
    return skippedSchema.parse(JSON.parse(report ?? '')).skipped;
  } catch {
    // A guest that died left none, or half of one; that has been counted.
    return [];
  }
}

function tell(text: string): void {
  process.stderr.write(`vm: ${text}\n`);
}
